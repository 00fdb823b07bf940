import { Dataset, Workspace } from "../clients/power-bi-datasets";
import { DatasetOutputs } from "../outputs";
import { findOne, Named, sameId } from "./names";

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
    report: (problem: string) => void,
): Named<Workspace> | undefined {
    const missing = `there is no workspace "${wanted}" that SP2 sees. Correct the name, or make SP2 a member or admin of the workspace.`;
    return findOne({ where, wanted, items: workspaces, missing, several: `workspaces are called "${wanted}"` }, report);
}

/**
 * Finds a dataset by id or name in a workspace; reports what keeps it from being found.
 *
 * @param boundBefore the datasets that the last up bound: they tell what became of one that is not found.
 */
export function findDataset(
    where: string,
    wanted: string,
    workspace: Named<Workspace>,
    datasets: Named<Dataset>[],
    boundBefore: DatasetOutputs[],
    report: (problem: string) => void,
): Named<Dataset> | undefined {
    const missing =
        `there is no dataset "${wanted}" in workspace "${workspace.name}". ` +
        (whatBecameOf(wanted, workspace, datasets, boundBefore) ?? "Correct the name.");
    const several = `datasets of workspace "${workspace.name}" are called "${wanted}"`;
    return findOne({ where, wanted, items: datasets, missing, several }, report);
}

/** What happened to a dataset that the last up bound and that is not found now, as far as it can be told. */
function whatBecameOf(
    wanted: string,
    workspace: Named<Workspace>,
    datasets: Named<Dataset>[],
    boundBefore: DatasetOutputs[],
): string | undefined {
    const known = boundBefore.find(
        ({ workspaceId, datasetId, dataset }) =>
            sameId(workspaceId, workspace.id) && (sameId(datasetId, wanted) || dataset === wanted),
    );
    if (!known) {
        return undefined;
    }
    const renamed = datasets.find(({ id }) => sameId(id, known.datasetId));
    if (renamed) {
        return `The one that was bound is called "${renamed.name}" now: write that, or its id ${renamed.id}.`;
    }
    const successors = datasets.filter(({ name }) => name === known.dataset);
    if (successors.length > 0) {
        const ids = successors.map(({ id }) => id).join(" or ");
        return `It was deleted, and "${known.dataset}" was published again: write the new id ${ids}, or the name.`;
    }
    return (
        `The one that was bound ("${known.dataset}", ${known.datasetId}) was deleted, or published to another workspace: ` +
        "name that workspace, or take the binding out."
    );
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
