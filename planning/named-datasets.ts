import { Observation, observe, reasonOf } from "../clients/observation";
import { Dataset, Workspace } from "../clients/power-bi-datasets";
import { causeOf, means, remedyOf } from "../clients/service-codes";
import { Diagnostic, Severity, Tell } from "../diagnostics/diagnostic";
import { DatasetBinding } from "../settings/binding";
import { BindingScope, optionsOf, searchOf, severityOf } from "./binding-scope";
import { findDataset, findWorkspace, FoundDataset, foundDataset, showFound } from "./datasets";
import { decide } from "./decide";
import { findingsOf, mismatch, unseenFinding } from "./findings";
import { FormerDataset } from "./history";
import { Inventory } from "./inventory";
import { Named, sameId } from "./names";
import { explainAsBefore, explainUnreadable } from "./obstacles";
import { DatasetOptions, Finding } from "./plan";
import { Search } from "./search";
import { knownUnseen } from "./situation";
import { Source } from "./sources";
import { strays } from "./strays";

/** What a binding that names a dataset stands for, as Power BI has it now. */
export async function resolveDataset(scope: BindingScope, binding: DatasetBinding): Promise<Finding[]> {
    const { where, inventory, history, tell, target, hosts } = scope;
    const former = history.dataset(binding.workspace, binding.dataset);
    const isHeld = former !== undefined;
    const named = await findNamed(scope, binding, former);
    if (!named) {
        return [];
    }
    const { workspace, dataset } = named;
    const found = { ...foundDataset(workspace, dataset), ...optionsOf(binding) };
    if (found.refresh !== false && dataset.isRefreshable === false) {
        tell({
            code: "not-refreshable",
            severity: "error",
            subject: { where: `${where}.refresh`, workspaceId: workspace.id, datasetId: dataset.id },
            reason: `${showFound(found)} cannot be refreshed (DirectQuery)`,
            remedy: "leave refresh out",
        });
    }
    const search = await searchOf(scope, binding, (candidate) => hosts.same(candidate, target), isHeld);
    const observed = await inventory.sources(workspace.id, dataset.id, search.serves);
    if (observed.outcome !== "found") {
        return withoutSources(search, found, observed);
    }
    const sources = observed.value;
    const targets = sources.map((source) => source.target);
    const isServed = targets.some((candidate) => candidate && search.serves(candidate));
    const astray = strays(scope, search, showFound(found), targets, isServed ? "warning" : severityOf(isHeld));
    if (!isServed) {
        const reads = sources.map(({ text }) => text).join("; ");
        tell(astray[0] ?? mismatch(search, showFound(found), reads, target));
        return [];
    }
    astray.forEach(tell);
    return findingsOf(search, found, sources, dataset);
}

/** A dataset in its workspace. */
interface Place {
    workspace: Named<Workspace>;
    dataset: Named<Dataset>;
}

/** The dataset that a binding names. One that was bound is found by its ids, whatever it is called now. */
async function findNamed(
    { where, inventory, history, tell }: BindingScope,
    binding: DatasetBinding,
    former: FormerDataset | undefined,
): Promise<Place | undefined> {
    const severity = severityOf(former !== undefined);
    const said: Diagnostic[] = [];
    const note: Tell = (diagnostic) => void said.push(diagnostic);
    const workspaces = await inventory.workspaces();
    const workspace = findWorkspace(`${where}.workspace`, binding.workspace, workspaces, note, severity);
    const dataset =
        workspace && (await findIn(workspace, inventory, `${where}.dataset`, binding.dataset, former, note, severity));
    if (workspace && dataset) {
        return { workspace, dataset };
    }
    const known = former && (await findFormer(inventory, former));
    if (known) {
        history.noteNames(former, known.workspace, known.dataset);
        return known;
    }
    said.forEach(tell);
    return undefined;
}

async function findIn(
    workspace: Named<Workspace>,
    inventory: Inventory,
    where: string,
    wanted: string,
    former: FormerDataset | undefined,
    tell: Tell,
    severity: Severity,
): Promise<Named<Dataset> | undefined> {
    const subject = { where, workspaceId: workspace.id };
    const observed = await observe(() => inventory.datasets(workspace.id));
    if (observed.outcome !== "found") {
        const error = reasonOf(observed);
        const reason = `the datasets of workspace "${workspace.name}" cannot be looked at: ${causeOf(error, workspace.name)}`;
        const remedy = remedyOf(error, workspace.name) ?? "run again later";
        tell({ code: "workspace-unreadable", severity, subject, reason, remedy });
        return undefined;
    }
    const { items, unreadable } = observed.value;
    const odd = unreadable.find(({ id = "", name }) => sameId(id, wanted) || name === wanted);
    if (odd) {
        tell({
            code: "item-unreadable",
            severity,
            subject,
            reason:
                `dataset "${wanted}" in workspace "${workspace.name}" cannot be read: Power BI's answer is not what its ` +
                `contract says (${odd.reason})`,
            remedy: "run again later; if it stays like this, ask Power BI's support",
        });
        return undefined;
    }
    return findDataset(where, wanted, workspace, items, former, tell, severity);
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
    search: Search,
    found: FoundDataset & DatasetOptions,
    unseen: Exclude<Observation<Source[]>, { outcome: "found" }>,
): Promise<Finding[]> {
    const { where, declared, isHeld, gateways, memory, tell } = search;
    const error = reasonOf(unseen);
    const former = memory.sources(found.datasetId);
    const known = former.some(({ target }) => search.serves(target)) ? knownUnseen(former, gateways) : "never";
    const observed = means(error, "ownerLeft") ? "owner left" : "unreadable";
    const decision = decide({ declared, known, observed, isHeld });
    switch (decision.act) {
        case "bind unseen":
            return [unseenFinding(search, found)];
        case "bind as before":
            tell(explainAsBefore(where, found, error));
            return findingsOf(search, found, former);
        case "keep":
        case "ignore":
        case "refuse":
            tell(explainUnreadable(severityOf(decision.act !== "refuse"), search, found, error, former));
            return [];
        case "bind on gateway":
        case "bind in cloud":
            throw new TypeError(`${decision.act}: nothing was seen`);
    }
}
