import { Dataset, Workspace } from "../clients/power-bi-datasets";
import { Severity, Tell } from "../diagnostics/diagnostic";
import { FormerDataset } from "./history";
import { findOne, Named } from "./names";

/** A dataset by its ids, with the names to read. */
export interface FoundDataset {
    workspaceId: string;
    workspaceName: string;
    datasetId: string;
    datasetName: string;
}

/** Finds a workspace by id or name among those that SP2 sees; reports what keeps it from being found. */
export function findWorkspace(
    where: string,
    wanted: string,
    workspaces: Named<Workspace>[],
    tell: Tell,
    severity: Severity = "error",
): Named<Workspace> | undefined {
    const missing = {
        code: "workspace-not-found",
        reason: `there is no workspace "${wanted}" that SP2 sees`,
        remedy: "correct the name, or make SP2 a member or admin of the workspace",
    } as const;
    const several = `workspaces are called "${wanted}"`;
    return findOne({ where, wanted, items: workspaces, missing, several }, tell, severity);
}

/**
 * Finds a dataset by id or name in a workspace; reports what keeps it from being found.
 *
 * @param former what was bound under this name or id: it tells what became of it.
 */
export function findDataset(
    where: string,
    wanted: string,
    workspace: Named<Workspace>,
    datasets: Named<Dataset>[],
    former: FormerDataset | undefined,
    tell: Tell,
    severity: Severity = "error",
): Named<Dataset> | undefined {
    const { reason, remedy } = whatBecameOf(datasets, former) ?? { reason: "", remedy: "correct the name" };
    const missing = {
        code: "dataset-not-found",
        reason: `there is no dataset "${wanted}" in workspace "${workspace.name}"${reason}`,
        remedy,
    } as const;
    const several = `datasets of workspace "${workspace.name}" are called "${wanted}"`;
    return findOne({ where, wanted, items: datasets, missing, several }, tell, severity);
}

/** What happened to a dataset that an earlier up bound and that is not found now, as far as it can be told. */
function whatBecameOf(
    datasets: Named<Dataset>[],
    former: FormerDataset | undefined,
): { reason: string; remedy: string } | undefined {
    if (!former) {
        return undefined;
    }
    const successors = datasets.filter(({ name }) => name === former.dataset);
    if (successors.length > 0) {
        const ids = successors.map(({ id }) => id).join(" or ");
        return {
            reason: `. It was deleted, and "${former.dataset}" was published again`,
            remedy: `write the new id ${ids}, or the name`,
        };
    }
    const { dataset, datasetId } = former;
    return {
        reason: `. The one that was bound ("${dataset}", ${datasetId}) was deleted, or published to another workspace`,
        remedy: "name that workspace, or take the binding out",
    };
}

/** A dataset in its workspace. */
export function foundDataset(workspace: Named<Workspace>, dataset: Named<Dataset>): FoundDataset {
    return {
        workspaceId: workspace.id,
        workspaceName: workspace.name,
        datasetId: dataset.id,
        datasetName: dataset.name,
    };
}

/** A dataset as the user reads it. */
export function showFound(dataset: FoundDataset): string {
    return `dataset "${dataset.datasetName}" in workspace "${dataset.workspaceName}"`;
}
