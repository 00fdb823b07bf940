import { Dataset, Workspace } from "../clients/power-bi-datasets";
import { findOne } from "./names";

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
    workspaces: Workspace[],
    report: (problem: string) => void,
): Workspace | undefined {
    const missing = `there is no workspace "${wanted}" that SP2 sees. Correct the name, or make SP2 a member or admin of the workspace.`;
    return findOne({ where, wanted, items: workspaces, missing, several: `workspaces are called "${wanted}"` }, report);
}

/** Finds a dataset by id or name in a workspace; reports what keeps it from being found. */
export function findDataset(
    where: string,
    wanted: string,
    workspace: Workspace,
    datasets: Dataset[],
    report: (problem: string) => void,
): Dataset | undefined {
    const missing = `there is no dataset "${wanted}" in workspace "${workspace.name}". Correct the name.`;
    const several = `datasets of workspace "${workspace.name}" are called "${wanted}"`;
    return findOne({ where, wanted, items: datasets, missing, several }, report);
}

/** A dataset in its workspace. */
export function foundDataset(workspace: Workspace, dataset: Dataset): FoundDataset {
    return {
        workspaceId: workspace.id,
        workspaceName: workspace.name,
        datasetId: dataset.id,
        datasetName: dataset.name,
    };
}
