import { sameTarget } from "../clients/connection-details";
import { hasStatus } from "../clients/service-error";
import { Observation, reasonOf } from "../clients/observation";
import { means } from "../clients/service-codes";
import { Binding, DatasetBinding, DatasourceBinding } from "../settings/binding";
import { BindingScope, optionsOf, searchOf } from "./binding-scope";
import { findDataset, findWorkspace, FoundDataset, foundDataset, showFound } from "./datasets";
import { boundAsBefore, cureOf, judgeUntold, untold } from "./departed-owners";
import { checkType, findingsOf, mismatch, planOf, Search } from "./findings";
import { Gateways, KnownGateway } from "./gateways";
import { Source } from "./inventory";
import { findOne, sameId } from "./names";
import { DatasetOptions, Finding } from "./plan";
import { discoverDatasets, discoverOnGateways } from "./rules";

/** What a binding stands for, as Power BI has it now. */
export async function resolveBinding(scope: BindingScope, binding: Binding): Promise<Finding[]> {
    switch (binding.kind) {
        case "dataset":
            return resolveDataset(scope, binding);
        case "datasource":
            return resolveDatasource(scope, binding);
        case "discover":
            return binding.via === "gateways" ? discoverOnGateways(scope, binding) : discoverDatasets(scope, binding);
    }
}

async function resolveDataset(scope: BindingScope, binding: DatasetBinding): Promise<Finding[]> {
    const { where, inventory, boundBefore, report, target } = scope;
    const workspaces = await inventory.workspaces();
    const workspace = findWorkspace(`${where}.workspace`, binding.workspace, workspaces, report);
    const datasets = workspace && (await inventory.datasets(workspace.id));
    const odd = datasets?.unreadable.find(
        ({ id = "", name }) => sameId(id, binding.dataset) || name === binding.dataset,
    );
    if (odd) {
        report(
            `${where}.dataset: dataset "${binding.dataset}" in workspace "${workspace!.name}" cannot be read: Power BI's ` +
                `answer is not what its contract says (${odd.reason}).`,
        );
        return [];
    }
    const dataset =
        datasets && findDataset(`${where}.dataset`, binding.dataset, workspace, datasets.items, boundBefore, report);
    if (!dataset) {
        return [];
    }
    const found = { ...foundDataset(workspace, dataset), ...optionsOf(binding) };
    if (found.refresh !== false && dataset.isRefreshable === false) {
        report(`${where}.refresh: ${showFound(found)} cannot be refreshed (DirectQuery). Leave refresh out.`);
    }
    const search = await searchOf(scope, binding, (candidate) => sameTarget(candidate, target));
    const observed = await inventory.sources(workspace.id, dataset.id, search.serves);
    if (observed.outcome !== "found") {
        return withoutSources(scope, search, found, observed);
    }
    const sources = observed.value;
    if (!sources.some((source) => source.target && search.serves(source.target))) {
        report(mismatch(where, showFound(found), sources.map(({ text }) => text).join("; "), target));
        return [];
    }
    return findingsOf(search, found, sources, dataset);
}

/**
 * What becomes of a named dataset whose sources are not told. Only an owner who left is a reason to take it over unseen,
 * and only the service's own code says so; what an earlier up bound stays where that found it.
 */
function withoutSources(
    { where, memory, report, warn }: BindingScope,
    search: Search,
    found: FoundDataset & DatasetOptions,
    observed: Exclude<Observation<Source[]>, { outcome: "found" }>,
): Finding[] {
    const error = reasonOf(observed);
    const former = memory.sources(found.datasetId);
    if (!means(error, "ownerLeft") && !(hasStatus(error, 404) && former.length > 0)) {
        report(`${where}: ${untold(found, error)}. ${cureOf(found, error)}.`);
        return [];
    }
    const judged = judgeUntold(where, found, error, former, search.gatewayType, ({ target }) => search.serves(target));
    if (judged === "cloud") {
        return findingsOf(search, found, undefined);
    }
    if ("refusal" in judged) {
        report(judged.refusal);
        return [];
    }
    warn(boundAsBefore(found, error));
    return findingsOf(search, found, judged);
}

async function resolveDatasource(scope: BindingScope, binding: DatasourceBinding): Promise<Finding[]> {
    const { where, inventory, report, target } = scope;
    const gateways = await inventory.gateways();
    const gateway = findGateway(where, binding.gateway, gateways, report);
    const sources = gateway && (await inventory.gatewaySources(gateway));
    const source =
        sources &&
        findOne(
            {
                where: `${where}.datasource`,
                wanted: binding.datasource,
                items: sources,
                missing: `there is no datasource "${binding.datasource}" on gateway "${gateway.name}". Correct the name.`,
                several: `datasources of gateway "${gateway.name}" are called "${binding.datasource}"`,
            },
            report,
        );
    if (!source) {
        return [];
    }
    const search = await searchOf(scope, binding, (candidate) => sameTarget(candidate, target));
    const what = `datasource "${source.name}" of gateway "${gateway.name}"`;
    checkType(search, what, gateway.kind);
    if (!source.target || !search.serves(source.target)) {
        const reads = source.target ? source.target.host + source.target.httpPath : "something that is not Databricks";
        report(mismatch(where, what, reads, target));
        return [];
    }
    return [{ where, datasource: planOf(search, gateway, source) }];
}

/** Finds a gateway by id or name among those that SP2 administers; reports what keeps it from being found. */
export function findGateway(
    where: string,
    wanted: string,
    { administered, complete }: Gateways,
    report: (problem: string) => void,
): KnownGateway | undefined {
    return findOne(
        {
            where: `${where}.gateway`,
            wanted,
            items: administered,
            missing:
                `SP2 administers no gateway "${wanted}". Correct the name, or make SP2 an admin of the gateway` +
                `${complete ? "" : " (VNET gateways were not looked for: Fabric does not let SP2 list them)"}.`,
            several: `gateways are called "${wanted}"`,
        },
        report,
    );
}
