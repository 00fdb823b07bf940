import { sameTarget } from "../clients/connection-details";
import { Dataset, Workspace } from "../clients/power-bi-datasets";
import { hasStatus } from "../clients/service-error";
import { DiscoveredBinding } from "../settings/binding";
import { BindingScope, optionsOf, searchOf } from "./binding-scope";
import { FoundDataset, foundDataset, showFound } from "./datasets";
import { boundAsBefore, cure, untold } from "./departed-owners";
import { findingsOf, planOf, Search } from "./findings";
import { Source } from "./inventory";
import { gatewayLost } from "./lost-sight";
import { sameId } from "./names";
import { fits, meansGateway } from "./patterns";
import { Finding } from "./plan";

/** Finds the datasources of the gateways that SP2 administers. */
export async function discoverOnGateways(scope: BindingScope, binding: DiscoveredBinding): Promise<Finding[]> {
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

/** Finds the datasets of workspaces, or of the tenant, that read the warehouse. */
export async function discoverDatasets(scope: BindingScope, binding: DiscoveredBinding): Promise<Finding[]> {
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
                const sources = await sourcesOf(scope, binding, search, found);
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
async function sourcesOf(
    scope: BindingScope,
    binding: DiscoveredBinding,
    search: Search,
    found: FoundDataset,
): Promise<Source[] | undefined> {
    try {
        const sources = await scope.inventory.sources(found.workspaceId, found.datasetId);
        return sources ?? untoldSources(scope, binding, search, found);
    } catch (error) {
        if (hasStatus(error, 401, 403)) {
            const words = `${showFound(found)} cannot be looked at: ${(error as Error).message}`;
            return leaveOut(scope, found, words, `${words} ${consequence} Give SP2 its right back, or ${exclude}`);
        }
        throw error;
    }
}

/** The sources of a dataset whose owner has left: those that the last up found, if they tell what the rule asks. */
function untoldSources(
    scope: BindingScope,
    binding: DiscoveredBinding,
    search: Search,
    found: FoundDataset,
): Source[] | undefined {
    const former = scope.memory.sources(found.datasetId);
    const meant = former.filter(({ kind, gateway }) => kind === "NoGateway" || meansGateway(binding, gateway));
    if (meant.some(({ target }) => search.serves(target))) {
        scope.warn(boundAsBefore(found));
        return meant;
    }
    const isLetGo = meant.length === 0;
    const isOfOthers = meant.every(({ isDeclared }) => isDeclared);
    if (former.length > 0 && (isLetGo || isOfOthers)) {
        return [];
    }
    const words = untold(found);
    return leaveOut(
        scope,
        found,
        `${words}: it is left out. ${cure}`,
        `${words}. ${consequence} ${cure}, or ${exclude}`,
    );
}

function leaveOut(
    { where, boundBefore, report, warn }: BindingScope,
    { datasetId: wanted }: FoundDataset,
    warning: string,
    problem: string,
): undefined {
    if (boundBefore.some(({ datasetId }) => sameId(datasetId, wanted))) {
        report(`${where}: ${problem}`);
    } else {
        warn(warning);
    }
}

const consequence =
    "It holds this credential, and the next rotation would delete the secret that its reports read with.";
const exclude = "let the dataset go (exclude).";

function servedBy({ target }: BindingScope, binding: DiscoveredBinding): Search["serves"] {
    return binding.discover === "host"
        ? (candidate) => candidate.host === target.host
        : (candidate) => sameTarget(candidate, target);
}
