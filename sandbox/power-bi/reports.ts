import { type Sandbox } from "../sandbox";
import { capacityNotActive, isSuspended } from "./access";
import { boundDatasource } from "./cloud-datasources";
import { type ConnectorResult } from "./connector";
import { queryStored } from "./stored-credential";

/** With single sign-on a report reads as its viewer, and the viewers here are nobody in Databricks. */
const viewerUnknown = {
    code: "DM_GWPipeline_Gateway_InvalidConnectionCredentials",
    message: "The viewer of the report has no access to the Databricks source.",
};

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
    const workspace = sandbox.world.powerBi.workspaces.find((candidate) => candidate.id === workspaceId);
    const dataset = workspace?.datasets.find((candidate) => candidate.id === datasetId);
    if (!workspace || !dataset) {
        return undefined;
    }
    if (isSuspended(workspace)) {
        return { ok: false, error: capacityNotActive };
    }
    const rows: unknown[] = [];
    for (const source of dataset.sources) {
        const datasource = boundDatasource(sandbox, dataset, source);
        if (dataset.mode === "DirectQuery" && datasource.credential?.useEndUserOAuth2Credentials) {
            return { ok: false, error: viewerUnknown };
        }
        const result = await queryStored(sandbox, datasource, source.table);
        if (!result.ok) {
            return result;
        }
        rows.push(...result.rows);
    }
    return { ok: true, rows };
}
