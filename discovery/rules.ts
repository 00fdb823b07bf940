import { describeUnreadable } from "../clients/answered-list";
import { sameTarget } from "../clients/connection-details";
import { Observation, observe, reasonOf } from "../clients/observation";
import { Dataset, Workspace } from "../clients/power-bi-datasets";
import { causeOf, means, remedyOf } from "../clients/service-codes";
import { hasStatus } from "../clients/service-error";
import { DiscoveredBinding } from "../settings/binding";
import { BindingScope, optionsOf, searchOf } from "./binding-scope";
import { FoundDataset, foundDataset, showFound } from "./datasets";
import { boundAsBefore, cureOf, untold } from "./departed-owners";
import { findingsOf, planOf, Search } from "./findings";
import { Source, WorkspaceDatasets } from "./inventory";
import { gatewayLost } from "./lost-sight";
import { Named, sameId } from "./names";
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
    scope: BindingScope,
    binding: DiscoveredBinding,
    members: Named<Workspace>[],
): Promise<{ workspace: Named<Workspace>; datasets: Named<Dataset>[] }[]> {
    const { inventory } = scope;
    const isMeant = ({ name }: Named<Workspace>) =>
        fits(name, binding.workspaces) && !fits(name, binding.exclude.workspaces);
    const places =
        binding.via === "scanner"
            ? (await inventory.scan()).filter(({ workspace }) => isMeant(workspace))
            : await Promise.all(members.filter(isMeant).map((workspace) => datasetsOf(scope, workspace)));
    return places.flat().map((place) => {
        tellUnreadable(scope, binding, place);
        return { workspace: place.workspace, datasets: place.datasets.items };
    });
}

/** The datasets of a workspace that is only looked at: one that cannot be looked at is told, and left out. */
async function datasetsOf(scope: BindingScope, workspace: Named<Workspace>): Promise<WorkspaceDatasets[]> {
    const { where, inventory, boundBefore, report, warn } = scope;
    const observed = await observe(() => inventory.datasets(workspace.id));
    if (observed.outcome === "found") {
        return [{ workspace, datasets: observed.value }];
    }
    const error = reasonOf(observed);
    const words = `the datasets of workspace "${workspace.name}" cannot be looked at: ${causeOf(error, workspace.name)}`;
    const remedy = remedyOf(error, workspace.name) ?? "Run again later";
    if (boundBefore.some(({ workspaceId }) => sameId(workspaceId, workspace.id))) {
        const exclusion = `exclude: { workspaces: [${JSON.stringify(workspace.name)}] }`;
        report(`${where}: ${words}. ${consequenceThere} ${remedy}, or let the workspace go (${exclusion}).`);
    } else {
        warn(`${words}: it is left out. ${remedy}`);
    }
    return [];
}

/** Tells the elements of a workspace's list that cannot be read. One of them may be what the last up bound. */
function tellUnreadable(
    { where, boundBefore, report, warn }: BindingScope,
    binding: DiscoveredBinding,
    { workspace, datasets }: WorkspaceDatasets,
): void {
    const unseen = boundBefore.filter(
        ({ workspaceId, datasetId }) =>
            sameId(workspaceId, workspace.id) && !datasets.items.some(({ id }) => sameId(id, datasetId)),
    );
    for (const item of datasets.unreadable.filter(({ name = "" }) => !fits(name, binding.exclude.datasets))) {
        const words = `a dataset in workspace "${workspace.name}" cannot be read: ${describeUnreadable(item)}`;
        if (unseen.length > 0) {
            report(`${where}: ${words}. ${consequence} Look at it in Power BI, or ${exclude}`);
        } else {
            warn(`${words}. It is left out`);
        }
    }
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
    const observed = await scope.inventory.sources(found.workspaceId, found.datasetId);
    return observed.outcome === "found" ? observed.value : untoldSources(scope, binding, search, found, observed);
}

/** What stands in for the sources of a dataset that are not told: those that the last up found, if they tell what the rule asks. */
function untoldSources(
    scope: BindingScope,
    binding: DiscoveredBinding,
    search: Search,
    found: FoundDataset,
    observed: Exclude<Observation<Source[]>, { outcome: "found" }>,
): Source[] | undefined {
    const error = reasonOf(observed);
    if (hasStatus(error, 404)) {
        const former = scope.memory.sources(found.datasetId);
        const meant = former.filter(({ kind, gateway }) => kind === "NoGateway" || meansGateway(binding, gateway));
        if (meant.some(({ target }) => search.serves(target))) {
            scope.warn(boundAsBefore(found, error));
            return meant;
        }
        const isLetGo = meant.length === 0;
        const isOfOthers = meant.every(({ isDeclared }) => isDeclared);
        if (former.length > 0 && (isLetGo || isOfOthers)) {
            return [];
        }
    }
    const words = untold(found, error);
    const remedy = means(error, "noRight") ? "Give SP2 its right back" : cureOf(found, error);
    return leaveOut(
        scope,
        found,
        `${words}: it is left out. ${cureOf(found, error)}`,
        `${words}. ${consequence} ${remedy}, or ${exclude}`,
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
const consequenceThere =
    "Some of them hold this credential, and the next rotation would delete the secret that they read with.";
const exclude = "let the dataset go (exclude).";

function servedBy({ target }: BindingScope, binding: DiscoveredBinding): Search["serves"] {
    return binding.discover === "host"
        ? (candidate) => candidate.host === target.host
        : (candidate) => sameTarget(candidate, target);
}
