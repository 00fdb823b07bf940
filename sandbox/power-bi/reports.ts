import { type Sandbox } from "../sandbox";
import { boundDatasource } from "./cloud-datasources";
import { type ConnectorResult } from "./connector";
import { queryStored } from "./stored-credential";

/**
 * Does what opening a report does: reads every source of a dataset through its datasource, with the credential stored
 * there.
 *
 * @returns the rows, or the first failure; undefined when there is no such dataset
 */
export async function queryDataset(
    sandbox: Sandbox,
    workspaceId: string,
    datasetId: string,
): Promise<ConnectorResult | undefined> {
    const dataset = sandbox.world.powerBi.workspaces
        .find((workspace) => workspace.id === workspaceId)
        ?.datasets.find((candidate) => candidate.id === datasetId);
    if (!dataset) {
        return undefined;
    }
    const rows: unknown[] = [];
    for (const source of dataset.sources) {
        const datasource = boundDatasource(sandbox, dataset, source);
        const result = await queryStored(sandbox, datasource, source.table);
        if (!result.ok) {
            return result;
        }
        rows.push(...result.rows);
    }
    return { ok: true, rows };
}
