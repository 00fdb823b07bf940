import { Dataset, Workspace } from "../clients/power-bi";
import { sameId, suggestion } from "./names";

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
    const found = workspaces.filter((workspace) => sameId(workspace.id, wanted) || workspace.name === wanted);
    if (found.length === 0) {
        report(
            `${where}: there is no workspace "${wanted}" that SP2 sees. Correct the name, or make SP2 a member or admin ` +
                `of the workspace.${suggestion(wanted, workspaces)}`,
        );
    }
    if (found.length > 1) {
        report(`${where}: ${found.length} workspaces are called "${wanted}"; write the id: ${ids(found)}.`);
    }
    return found.length === 1 ? found[0] : undefined;
}

/** Finds a dataset by id or name in a workspace; reports what keeps it from being found. */
export function findDataset(
    where: string,
    wanted: string,
    workspace: Workspace,
    datasets: Dataset[],
    report: (problem: string) => void,
): FoundDataset | undefined {
    const found = datasets.filter((dataset) => sameId(dataset.id, wanted) || dataset.name === wanted);
    if (found.length === 0) {
        const hint = suggestion(wanted, datasets);
        report(`${where}: there is no dataset "${wanted}" in workspace "${workspace.name}". Correct the name.${hint}`);
    }
    if (found.length > 1) {
        report(
            `${where}: ${found.length} datasets of workspace "${workspace.name}" are called "${wanted}"; ` +
                `write the id: ${ids(found)}.`,
        );
    }
    const [dataset] = found;
    return found.length === 1
        ? {
              workspaceId: workspace.id,
              workspaceName: workspace.name,
              datasetId: dataset.id,
              datasetName: dataset.name,
          }
        : undefined;
}

function ids(found: { id: string }[]): string {
    return found.map((item) => item.id).join(" or ");
}
