import { sameTarget } from "../clients/connection-details";
import { Dataset, Workspace } from "../clients/power-bi-datasets";
import { Binding, DatasetBinding, DatasourceBinding } from "../settings/binding";
import { BindingScope, optionsOf, searchOf } from "./binding-scope";
import { findDataset, findWorkspace, FoundDataset, foundDataset, showFound } from "./datasets";
import { boundAsBefore, judgeUntold } from "./departed-owners";
import { checkType, findingsOf, mismatch, planOf, Search } from "./findings";
import { Gateways, KnownGateway } from "./gateways";
import { FormerDataset } from "./history";
import { GatewaySource, Inventory } from "./inventory";
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
    const { where, inventory, history, report, warn, target } = scope;
    const named = await findNamed(scope, binding);
    if (!named) {
        return [];
    }
    const { workspace, dataset } = named;
    const found = { ...foundDataset(workspace, dataset), ...optionsOf(binding) };
    if (found.refresh !== false && dataset.isRefreshable === false) {
        report(`${where}.refresh: ${showFound(found)} cannot be refreshed (DirectQuery). Leave refresh out.`);
    }
    const isFormer = history.dataset(binding.workspace, binding.dataset) !== undefined;
    const search: Search = {
        ...(await searchOf(scope, binding, (candidate) => sameTarget(candidate, target))),
        // What holds a secret of the stack stops no run: it is not taken over, and keeps its secret.
        ...(isFormer ? { tellHidden: warn } : {}),
    };
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

/** The dataset that a binding names. One that was bound is found by its ids, whatever it is called now. */
async function findNamed(
    { where, inventory, history, report, warn }: BindingScope,
    binding: DatasetBinding,
): Promise<{ workspace: Workspace; dataset: Dataset } | undefined> {
    const former = history.dataset(binding.workspace, binding.dataset);
    const problems: string[] = [];
    const note = (problem: string) => void problems.push(problem);
    const workspaces = await inventory.workspaces();
    const workspace = findWorkspace(`${where}.workspace`, binding.workspace, workspaces, note);
    const datasets = workspace && (await inventory.datasets(workspace.id));
    const dataset = datasets && findDataset(`${where}.dataset`, binding.dataset, workspace, datasets, former, note);
    if (workspace && dataset) {
        return { workspace, dataset };
    }
    const known = former && (await findFormer(inventory, former));
    if (known) {
        history.noteNames(former, known.workspace, known.dataset);
        return known;
    }
    // What holds a secret of the stack stops no run: it keeps its secret.
    problems.forEach(former ? warn : report);
    return undefined;
}

/** A dataset that was bound, by its ids. */
async function findFormer(
    inventory: Inventory,
    former: FormerDataset,
): Promise<{ workspace: Workspace; dataset: Dataset } | undefined> {
    const workspace = (await inventory.workspaces()).find(({ id }) => sameId(id, former.workspaceId));
    const datasets = workspace ? await inventory.datasets(workspace.id) : [];
    const dataset = datasets.find(({ id }) => sameId(id, former.datasetId));
    return workspace && dataset && { workspace, dataset };
}

function withoutSources(
    { where, memory, warn }: BindingScope,
    search: Search,
    found: FoundDataset & DatasetOptions,
): Finding[] {
    const former = memory.sources(found.datasetId);
    const untold = judgeUntold(where, found, former, search.gatewayType, ({ target }) => search.serves(target));
    if (untold === "cloud") {
        return findingsOf(search, found, undefined);
    }
    if ("refusal" in untold) {
        search.tellHidden(untold.refusal);
        return [];
    }
    warn(boundAsBefore(found));
    return findingsOf(search, found, untold);
}

async function resolveDatasource(scope: BindingScope, binding: DatasourceBinding): Promise<Finding[]> {
    const { where, report, target } = scope;
    const named = await findNamedDatasource(scope, binding);
    if (!named) {
        return [];
    }
    const { gateway, source } = named;
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

/** The datasource that a binding names. One that was bound is found by its ids, whatever it is called now. */
async function findNamedDatasource(
    { where, inventory, history, report, warn }: BindingScope,
    binding: DatasourceBinding,
): Promise<{ gateway: KnownGateway; source: GatewaySource } | undefined> {
    const problems: string[] = [];
    const note = (problem: string) => void problems.push(problem);
    const gateways = await inventory.gateways();
    const gateway = findGateway(where, binding.gateway, gateways, note);
    const source =
        gateway &&
        findOne(
            {
                where: `${where}.datasource`,
                wanted: binding.datasource,
                items: await inventory.gatewaySources(gateway),
                missing: `there is no datasource "${binding.datasource}" on gateway "${gateway.name}". Correct the name.`,
                several: `datasources of gateway "${gateway.name}" are called "${binding.datasource}"`,
            },
            note,
        );
    if (gateway && source) {
        return { gateway, source };
    }
    const [former, ...others] = history.datasources(binding.gateway, binding.datasource);
    const known = gateways.administered.find(({ id }) => former && sameId(id, former.gatewayId));
    const sources = known && others.length === 0 ? await inventory.gatewaySources(known) : [];
    const found = sources.find(({ id }) => sameId(id, former.datasourceId));
    if (known && found) {
        history.noteGateway(former, known, found);
        return { gateway: known, source: found };
    }
    // What holds a secret of the stack stops no run: it keeps its secret.
    problems.forEach(former ? warn : report);
    return undefined;
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
