import { hasStatus } from "../clients/service-error";
import { DatabricksTarget, sameTarget } from "../clients/connection-details";
import { Dataset, Workspace } from "../clients/power-bi-datasets";
import { DatasetOutputs } from "../outputs";
import { Binding, DatasetBinding, DatasourceBinding, DiscoveredBinding } from "../settings/binding";
import { findDataset, findWorkspace, FoundDataset, foundDataset, showFound } from "./datasets";
import { boundAsBefore, judgeUntold } from "./departed-owners";
import { checkType, findingsOf, mismatch, planOf, Search } from "./findings";
import { Inventory } from "./inventory";
import { Gateways, KnownGateway } from "./gateways";
import { hiddenGatewayWords } from "./hidden-gateways";
import { gatewayLost } from "./lost-sight";
import { Memory } from "./memory";
import { findOne, sameId } from "./names";
import { fits, meansGateway } from "./patterns";
import { DatasetOptions, Finding } from "./plan";

/** Where a binding looks, and where it says what it sees. */
export interface BindingScope {
    /** The place of the binding in the configuration. */
    where: string;
    /** The declared warehouse. */
    target: DatabricksTarget;
    inventory: Inventory;
    /** The datasets that the last up bound. */
    boundBefore: DatasetOutputs[];
    /** What the last up knew of their sources. */
    memory: Memory;
    /** Takes what makes the configuration unusable. */
    report: (problem: string) => void;
    /** Takes what the user should know of. */
    warn: (words: string) => void;
}

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

async function discoverOnGateways(scope: BindingScope, binding: DiscoveredBinding): Promise<Finding[]> {
    const { where, inventory } = scope;
    const search = await searchOf(scope, binding, servedBy(scope, binding));
    const gateways = search.gateways.administered.filter(({ name }) => meansGateway(binding, name));
    const found = await Promise.all(
        gateways.map(async (gateway) =>
            (await inventory.gatewaySources(gateway))
                .filter(({ target }) => target !== undefined && search.serves(target))
                .map((source): Finding => ({ where, datasource: planOf(search, gateway, source) })),
        ),
    );
    return found.flat();
}

async function discoverDatasets(scope: BindingScope, binding: DiscoveredBinding): Promise<Finding[]> {
    const { where, inventory, report, warn } = scope;
    const search: Search = {
        ...(await searchOf(scope, binding, servedBy(scope, binding))),
        report: warn,
        letsGo: (gateway) => !meansGateway(binding, gateway),
        // In the words for what is not seen at all: many datasets behind one datasource are one problem.
        reportHidden: (_, { name, datasourceId }) =>
            meansGateway(binding, name) && report(gatewayLost(where, name, datasourceId)),
    };
    const members = await inventory.workspaces();
    const isMember = (id: string) => members.some((workspace) => workspace.id === id);
    const places = await listDatasets(scope, binding, members);
    const findings = places.flatMap(({ workspace, datasets }) =>
        datasets
            .filter(({ name }) => !fits(name, binding.exclude.datasets))
            .map(async (dataset) => {
                const all = optionsOf(binding);
                const options = dataset.isRefreshable === false ? { ...all, refresh: false, keepSchedule: false } : all;
                const found = { ...foundDataset(workspace, dataset), ...options };
                const sources = await sourcesOf(scope, workspace, dataset);
                const findings = sources ? findingsOf(search, found, sources, dataset) : [];
                const matching = findings.filter(
                    (finding) => "cloud" in finding || meansGateway(binding, finding.datasource.gatewayName),
                );
                if (isMember(workspace.id) || matching.length === 0) {
                    return matching;
                }
                warn(
                    `${showFound(found)} reads the warehouse, but SP2 is not a member of the workspace: it ` +
                        "can neither own nor refresh it.",
                );
                const withoutRefresh = { ...found, refresh: false };
                return matching.flatMap((finding) =>
                    "cloud" in finding ? [] : [{ ...finding, dataset: withoutRefresh }],
                );
            }),
    );
    return (await Promise.all(findings)).flat();
}

async function listDatasets(
    { inventory }: BindingScope,
    binding: DiscoveredBinding,
    members: Workspace[],
): Promise<{ workspace: Workspace; datasets: Dataset[] }[]> {
    const isMeant = ({ name }: Workspace) => fits(name, binding.workspaces) && !fits(name, binding.exclude.workspaces);
    if (binding.via === "scanner") {
        return (await inventory.scan()).filter(({ workspace }) => isMeant(workspace));
    }
    return Promise.all(
        members
            .filter(isMeant)
            .map(async (workspace) => ({ workspace, datasets: await inventory.datasets(workspace.id) })),
    );
}

/**
 * The sources of a dataset that is only looked at: one that cannot be looked at is told, and left out; unless the last up
 * bound it, for the next rotation would delete the secret that its reports read with.
 */
async function sourcesOf(scope: BindingScope, workspace: Workspace, dataset: Dataset) {
    const { where, inventory, boundBefore, report, warn } = scope;
    try {
        return await inventory.sources(workspace.id, dataset.id);
    } catch (error) {
        if (hasStatus(error, 401, 403)) {
            const words = `${showFound(foundDataset(workspace, dataset))} cannot be looked at: ${(error as Error).message}`;
            if (boundBefore.some(({ datasetId }) => sameId(datasetId, dataset.id))) {
                report(
                    `${where}: ${words} It holds this credential, and the next rotation would delete the secret that its ` +
                        "reports read with. Give SP2 its right back, or let the dataset go (exclude).",
                );
            } else {
                warn(words);
            }
            return undefined;
        }
        throw error;
    }
}

function servedBy({ target }: BindingScope, binding: DiscoveredBinding): Search["serves"] {
    return binding.discover === "host"
        ? (candidate) => candidate.host === target.host
        : (candidate) => sameTarget(candidate, target);
}

async function searchOf(
    { where, target, inventory, memory, report }: BindingScope,
    binding: { api?: Search["api"]; gatewayType?: Search["gatewayType"] },
    serves: Search["serves"],
): Promise<Search> {
    const { api, gatewayType } = binding;
    const gateways = await inventory.gateways();
    return {
        where,
        target,
        serves,
        api,
        gatewayType,
        gateways,
        report,
        memory,
        letsGo: () => gatewayType === "NoGateway",
        reportHidden: (dataset, gateway) => report(hiddenGatewayWords(where, dataset, gateway, gateways)),
    };
}

function optionsOf({ refresh, allowCredentialLoss, keepSchedule }: DatasetOptions): DatasetOptions {
    return { refresh, allowCredentialLoss, keepSchedule };
}
