import { describeUnreadable } from "../clients/answered-list";
import { Observation, observe, reasonOf } from "../clients/observation";
import { Dataset, Workspace } from "../clients/power-bi-datasets";
import { causeOf, means, remedyOf } from "../clients/service-codes";
import { DiscoveredBinding } from "../settings/binding";
import { meansDataset } from "./accounting";
import { BindingScope, optionsOf, searchOf } from "./binding-scope";
import { FoundDataset, foundDataset, showFound } from "./datasets";
import { decide } from "./decide";
import { findingsOf, planOf } from "./findings";
import { Search } from "./search";
import { WorkspaceDatasets } from "./inventory";
import { Source } from "./sources";
import { showSource, strays } from "./strays";
import { Named, sameId } from "./names";
import { explainAsBefore, explainUnreadLeftOut, subjectOf } from "./obstacles";
import { fits, meansGateway } from "./patterns";
import { Finding, GatewayDatasourcePlan } from "./plan";
import { knownUnseen } from "./situation";
import { explainLeftOut, Unproven } from "./take-overs";

/** Finds the datasources of the gateways that SP2 administers. */
export async function discoverOnGateways(scope: BindingScope, binding: DiscoveredBinding): Promise<Finding[]> {
    const { where, inventory } = scope;
    const search = await searchOf(scope, binding, servedBy(scope, binding), false);
    const found = await Promise.all(
        search.gateways.administered.map(async (gateway) => {
            const isMeant = meansGateway(binding, gateway.name);
            const known = scope.history.gatewayName(gateway.id, gateway.name);
            if (!isMeant && !meansGateway(binding, known)) {
                return [];
            }
            const sources = await inventory.gatewaySources(gateway);
            if (isMeant) {
                sources
                    .flatMap(({ name, target }) => strays(scope, search, showSource(name, gateway), [target]))
                    .forEach(scope.tell);
            }
            return sources
                .filter(({ target }) => target !== undefined && search.serves(target))
                .filter(({ id, name }) => isMeant || carriesGateway(scope, gateway, { id, name }))
                .map((source): Finding => ({ where, datasource: planOf(search, gateway, source) }));
        }),
    );
    return found.flat();
}

/** Finds the datasets of workspaces, or of the tenant, that read the warehouse. */
export async function discoverDatasets(scope: BindingScope, binding: DiscoveredBinding): Promise<Finding[]> {
    const { where, inventory, tell } = scope;
    const unproven: Unproven[] = [];
    const search: Search = {
        ...(await searchOf(scope, binding, servedBy(scope, binding), false)),
        mayMean: (gateway) => meansGateway(binding, gateway),
        // The datasource that it was bound to is told once, whatever the number of datasets.
        tell: (diagnostic) => (diagnostic.code === "gateway-hidden" ? undefined : tell(diagnostic)),
        tellUnproven: async (dataset, look) => void unproven.push({ dataset, look }),
    };
    const members = await inventory.workspaces();
    const isMember = (id: string) => members.some((workspace) => workspace.id === id);
    const places = await listDatasets(scope, binding, members);
    const findings = places.flatMap(({ workspace, datasets }) =>
        datasets.map(async (dataset) => {
            const all = optionsOf(binding);
            // One that nobody says to be refreshable may be a DirectQuery one, whose refresh would fail the run.
            const isDirectQuery = dataset.isRefreshable === false;
            const refresh = dataset.isRefreshable === true && all.refresh;
            const options = { ...all, refresh, keepSchedule: all.keepSchedule && !isDirectQuery };
            const found = { ...foundDataset(workspace, dataset), ...options };
            const sources = await sourcesOf(scope, binding, search, found);
            const targets = (sources ?? []).map(({ target }) => target);
            strays(scope, search, showFound(found), targets).forEach(tell);
            const findings = sources ? await findingsOf(search, found, sources, dataset) : [];
            const matching = findings.filter(
                (finding) => "cloud" in finding || meansDatasource(scope, binding, finding.datasource),
            );
            if (matching.length > 0 && dataset.isRefreshable === undefined && all.refresh !== false) {
                tell({
                    code: "not-refreshable",
                    severity: "warning",
                    subject: subjectOf(where, found),
                    reason: `Power BI does not say whether ${showFound(found)} can be refreshed: it is not refreshed by this run`,
                    remedy: "run again later, or bind it by its name",
                });
            }
            if (isMember(workspace.id) || matching.length === 0) {
                return matching;
            }
            tell({
                code: "not-a-member",
                severity: "warning",
                subject: subjectOf(where, found),
                reason:
                    `${showFound(found)} reads the warehouse, but SP2 is not a member of the workspace: it can neither own ` +
                    "nor refresh it",
                remedy: "make SP2 a member or admin of the workspace, or exclude the workspace",
            });
            const withoutRefresh = { ...found, refresh: false };
            return matching.flatMap((finding) => ("cloud" in finding ? [] : [{ ...finding, dataset: withoutRefresh }]));
        }),
    );
    const all = (await Promise.all(findings)).flat();
    if (unproven.length > 0) {
        tell(await explainLeftOut(where, unproven));
    }
    return all;
}

/** The datasets that a rule means: by the names that they have, or by those that they had when they were bound. */
async function listDatasets(
    scope: BindingScope,
    binding: DiscoveredBinding,
    members: Named<Workspace>[],
): Promise<{ workspace: Named<Workspace>; datasets: Named<Dataset>[] }[]> {
    const { inventory, history } = scope;
    const isMeant = ({ name }: Named<Workspace>) =>
        fits(name, binding.workspaces) && !fits(name, binding.exclude.workspaces);
    const former = history.datasets.filter((dataset) => meansDataset(binding, dataset));
    const mayBeMeant = (workspace: Named<Workspace>) =>
        isMeant(workspace) || former.some(({ workspaceId }) => sameId(workspaceId, workspace.id));
    const meantIn = (workspace: Named<Workspace>, datasets: Named<Dataset>[]) =>
        datasets.filter((dataset) => {
            if (isMeant(workspace) && !fits(dataset.name, binding.exclude.datasets)) {
                return true;
            }
            const known = former.find(({ datasetId }) => sameId(datasetId, dataset.id));
            if (known) {
                history.noteNames(known, workspace, dataset);
            }
            return known !== undefined;
        });
    const places =
        binding.via === "scanner"
            ? (await inventory.scan()).filter(({ workspace }) => mayBeMeant(workspace))
            : await Promise.all(members.filter(mayBeMeant).map((workspace) => datasetsOf(scope, workspace)));
    return places.flat().map((place) => {
        tellUnreadable(scope, binding, place);
        return { workspace: place.workspace, datasets: meantIn(place.workspace, place.datasets.items) };
    });
}

/** The datasets of a workspace that is only looked at: one that cannot be looked at is told, and left out. */
async function datasetsOf(
    { where, inventory, tell }: BindingScope,
    workspace: Named<Workspace>,
): Promise<WorkspaceDatasets[]> {
    const observed = await observe(() => inventory.datasets(workspace.id));
    if (observed.outcome === "found") {
        return [{ workspace, datasets: observed.value }];
    }
    const error = reasonOf(observed);
    const words = `the datasets of workspace "${workspace.name}" cannot be looked at: ${causeOf(error, workspace.name)}`;
    tell({
        code: "workspace-unreadable",
        severity: "warning",
        subject: { where, workspaceId: workspace.id },
        reason: `${words}: it is left out`,
        remedy: remedyOf(error, workspace.name) ?? "run again later",
    });
    return [];
}

/** Tells the elements of a workspace's list that cannot be read. */
function tellUnreadable(
    { where, tell }: BindingScope,
    binding: DiscoveredBinding,
    { workspace, datasets }: WorkspaceDatasets,
): void {
    for (const item of datasets.unreadable.filter(({ name = "" }) => !fits(name, binding.exclude.datasets))) {
        tell({
            code: "item-unreadable",
            severity: "warning",
            subject: { where, workspaceId: workspace.id },
            reason: `a dataset in workspace "${workspace.name}" cannot be read, and is left out: ${describeUnreadable(item)}`,
            remedy: "look at it in Power BI; if it stays like this, ask Power BI's support, or exclude it",
        });
    }
}

/** Whether a rule means a datasource of a gateway, by the gateway's name or by that which the configuration knows. */
function meansDatasource(scope: BindingScope, binding: DiscoveredBinding, datasource: GatewayDatasourcePlan): boolean {
    const { gatewayId: id, gatewayName: name, datasourceId, datasourceName } = datasource;
    if (meansGateway(binding, name)) {
        return true;
    }
    return (
        meansGateway(binding, scope.history.gatewayName(id, name)) &&
        carriesGateway(scope, { id, name }, { id: datasourceId, name: datasourceName })
    );
}

/** Whether a datasource of a gateway that was renamed was bound; it stays so, and that is noted. */
function carriesGateway(
    { history }: BindingScope,
    gateway: { id: string; name: string },
    source: { id: string; name: string },
): boolean {
    const holder = history.holders.find(
        ({ gatewayId, datasourceId }) => sameId(gatewayId, gateway.id) && sameId(datasourceId, source.id),
    );
    if (holder) {
        history.noteGateway(holder, gateway, { ...source, name: holder.datasource ?? source.name });
    }
    return holder !== undefined;
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
    return observed.outcome === "found" ? observed.value : unreadSources(scope, binding, search, found, observed);
}

/** The sources of a dataset that does not tell them: those that an earlier up found, if they are what the rule asks for. */
function unreadSources(
    scope: BindingScope,
    binding: DiscoveredBinding,
    search: Search,
    found: FoundDataset,
    observed: Exclude<Observation<Source[]>, { outcome: "found" }>,
): Source[] | undefined {
    const error = reasonOf(observed);
    const former = scope.memory.sources(found.datasetId);
    const meant = former.filter(({ kind, gateway }) => kind === "NoGateway" || meansGateway(binding, gateway));
    const known = meant.some(({ target }) => search.serves(target)) ? knownUnseen(meant, search.gateways) : "never";
    const seen = means(error, "ownerLeft") ? "owner left" : "unreadable";
    const decision = decide({ declared: search.declared, known, observed: seen, isHeld: false });
    if (decision.act === "bind as before") {
        scope.tell(explainAsBefore(search.where, found, error));
        return meant;
    }
    const isOfOthers = former.length > 0 && meant.every(({ isDeclared }) => isDeclared);
    if (!isOfOthers) {
        scope.tell(explainUnreadLeftOut(search.where, found, error));
    }
    return undefined;
}

function servedBy({ target, hosts }: BindingScope, binding: DiscoveredBinding): Search["serves"] {
    return binding.discover === "host"
        ? (candidate) => hosts.atHome(candidate).host === target.host
        : (candidate) => hosts.same(candidate, target);
}
