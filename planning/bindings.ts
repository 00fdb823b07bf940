import { Observation, observe, reasonOf } from "../clients/observation";
import { Dataset, Workspace } from "../clients/power-bi-datasets";
import { causeOf, means, remedyOf } from "../clients/service-codes";
import { Binding, DatasetBinding, DatasourceBinding } from "../settings/binding";
import { BindingScope, optionsOf, searchOf } from "./binding-scope";
import { findDataset, findWorkspace, FoundDataset, foundDataset, showFound } from "./datasets";
import { boundAsBefore, cureOf, judgeUntold, untold } from "./departed-owners";
import { checkType, findingsOf, mismatch, planOf } from "./findings";
import { Search } from "./search";
import { Gateways, KnownGateway } from "./gateways";
import { FormerDataset } from "./history";
import { Inventory } from "./inventory";
import { GatewaySource, Source } from "./sources";
import { findOne, Named, sameId } from "./names";
import { DatasetOptions, Finding } from "./plan";
import { discoverDatasets, discoverOnGateways } from "./rules";
import { leaveOutUnwritable } from "./unwritable";
import { showSource, strays } from "./strays";

/** What a binding stands for, as Power BI has it now. */
export async function resolveBinding(scope: BindingScope, binding: Binding): Promise<Finding[]> {
    return leaveOutUnwritable(scope, binding, await findingsFor(scope, binding));
}

function findingsFor(scope: BindingScope, binding: Binding): Promise<Finding[]> {
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
    const { where, inventory, history, report, warn, target, hosts } = scope;
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
    // What holds a secret of the stack stops no run: it is not taken over, and keeps its secret.
    const tell = isFormer ? warn : report;
    const search = await searchOf(scope, binding, (candidate) => hosts.same(candidate, target), tell);
    const observed = await inventory.sources(workspace.id, dataset.id, search.serves);
    if (observed.outcome !== "found") {
        return withoutSources(scope, search, found, observed);
    }
    const sources = observed.value;
    const targets = sources.map((source) => source.target);
    const astray = strays(scope, search, showFound(found), targets);
    if (!targets.some((candidate) => candidate && search.serves(candidate))) {
        report(astray[0] ?? mismatch(where, showFound(found), sources.map(({ text }) => text).join("; "), target));
        return [];
    }
    astray.forEach(warn);
    return findingsOf(search, found, sources, dataset);
}

/** A dataset in its workspace. */
interface Place {
    workspace: Named<Workspace>;
    dataset: Named<Dataset>;
}

/** The dataset that a binding names. One that was bound is found by its ids, whatever it is called now. */
async function findNamed(
    { where, inventory, history, report, warn }: BindingScope,
    binding: DatasetBinding,
): Promise<Place | undefined> {
    const former = history.dataset(binding.workspace, binding.dataset);
    const problems: string[] = [];
    const note = (problem: string) => void problems.push(problem);
    const workspace = findWorkspace(`${where}.workspace`, binding.workspace, await inventory.workspaces(), note);
    const dataset =
        workspace && (await findIn(workspace, inventory, `${where}.dataset`, binding.dataset, former, note));
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

async function findIn(
    workspace: Named<Workspace>,
    inventory: Inventory,
    where: string,
    wanted: string,
    former: FormerDataset | undefined,
    note: (problem: string) => void,
): Promise<Named<Dataset> | undefined> {
    const observed = await observe(() => inventory.datasets(workspace.id));
    if (observed.outcome !== "found") {
        const error = reasonOf(observed);
        const remedy = remedyOf(error, workspace.name) ?? "Run again later";
        const cause = causeOf(error, workspace.name);
        note(`${where}: the datasets of workspace "${workspace.name}" cannot be looked at: ${cause}. ${remedy}.`);
        return undefined;
    }
    const { items, unreadable } = observed.value;
    const odd = unreadable.find(({ id = "", name }) => sameId(id, wanted) || name === wanted);
    if (odd) {
        note(
            `${where}: dataset "${wanted}" in workspace "${workspace.name}" cannot be read: Power BI's answer is not what ` +
                `its contract says (${odd.reason}).`,
        );
        return undefined;
    }
    return findDataset(where, wanted, workspace, items, former, note);
}

/** A dataset that was bound, by its ids. */
async function findFormer(inventory: Inventory, former: FormerDataset): Promise<Place | undefined> {
    const workspace = (await inventory.workspaces()).find(({ id }) => sameId(id, former.workspaceId));
    const listed = workspace && (await observe(() => inventory.datasets(workspace.id)));
    const datasets = listed?.outcome === "found" ? listed.value.items : [];
    const dataset = datasets.find(({ id }) => sameId(id, former.datasetId));
    return workspace && dataset && { workspace, dataset };
}

/**
 * What becomes of a named dataset whose sources are not told. Only an owner who left is a reason to take it over unseen,
 * and only the service's own code says so; what an earlier up bound stays where that found it.
 */
async function withoutSources(
    { where, memory, warn }: BindingScope,
    search: Search,
    found: FoundDataset & DatasetOptions,
    observed: Exclude<Observation<Source[]>, { outcome: "found" }>,
): Promise<Finding[]> {
    const error = reasonOf(observed);
    const former = memory.sources(found.datasetId);
    const isBound = former.some(({ target }) => search.serves(target));
    if (!means(error, "ownerLeft") && !isBound) {
        search.tellHidden(`${where}: ${untold(found, error)}. ${cureOf(found, error)}.`);
        return [];
    }
    const judged = judgeUntold(where, found, error, former, search.gatewayType, ({ target }) => search.serves(target));
    if (judged === "cloud") {
        return findingsOf(search, found, undefined);
    }
    if ("refusal" in judged) {
        search.tellHidden(judged.refusal);
        return [];
    }
    warn(boundAsBefore(found, error));
    return findingsOf(search, found, judged);
}

async function resolveDatasource(scope: BindingScope, binding: DatasourceBinding): Promise<Finding[]> {
    const { where, report, target, hosts } = scope;
    const named = await findNamedDatasource(scope, binding);
    if (!named) {
        return [];
    }
    const { gateway, source } = named;
    const search = await searchOf(scope, binding, (candidate) => hosts.same(candidate, target));
    const what = showSource(source.name, gateway);
    checkType(search, what, [gateway.kind]);
    if (!source.target || !search.serves(source.target)) {
        const reads = source.target ? source.target.host + source.target.httpPath : "something that is not Databricks";
        const [stray] = strays(scope, search, what, [source.target]);
        report(stray ?? mismatch(where, what, reads, target));
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
