import { sameTarget } from "../clients/connection-details";
import { Binding, DatasetBinding, DatasourceBinding } from "../settings/binding";
import { BindingScope, optionsOf, searchOf } from "./binding-scope";
import { findDataset, findWorkspace, FoundDataset, foundDataset, showFound } from "./datasets";
import { boundAsBefore, judgeUntold } from "./departed-owners";
import { checkType, findingsOf, mismatch, planOf, Search } from "./findings";
import { Gateways, KnownGateway } from "./gateways";
import { findOne } from "./names";
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
    const dataset =
        datasets && findDataset(`${where}.dataset`, binding.dataset, workspace, datasets, boundBefore, report);
    if (!dataset) {
        return [];
    }
    const found = { ...foundDataset(workspace, dataset), ...optionsOf(binding) };
    if (found.refresh !== false && dataset.isRefreshable === false) {
        report(`${where}.refresh: ${showFound(found)} cannot be refreshed (DirectQuery). Leave refresh out.`);
    }
    const search = await searchOf(scope, binding, (candidate) => sameTarget(candidate, target));
    const sources = await inventory.sources(workspace.id, dataset.id, search.serves);
    if (sources === undefined) {
        return withoutSources(scope, search, found);
    }
    if (!sources.some((source) => source.target && search.serves(source.target))) {
        report(mismatch(where, showFound(found), sources.map(({ text }) => text).join("; "), target));
        return [];
    }
    return findingsOf(search, found, sources, dataset);
}

function withoutSources(
    { where, memory, report, warn }: BindingScope,
    search: Search,
    found: FoundDataset & DatasetOptions,
): Finding[] {
    const former = memory.sources(found.datasetId);
    const untold = judgeUntold(where, found, former, search.gatewayType, ({ target }) => search.serves(target));
    if (untold === "cloud") {
        return findingsOf(search, found, undefined);
    }
    if ("refusal" in untold) {
        report(untold.refusal);
        return [];
    }
    warn(boundAsBefore(found));
    return findingsOf(search, found, untold);
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
