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
 * there. A dataflow and a paginated report read in the same way.
 *
 * @returns the rows, or the first failure; undefined when nothing in the workspace has the id
 */
export async function queryDataset(
    sandbox: Sandbox,
    workspaceId: string,
    datasetId: string,
): Promise<ConnectorResult | undefined> {
    const workspace = sandbox.world.powerBi.workspaces.find(({ id }) => id === workspaceId);
    const holders = workspace ? [...workspace.datasets, ...workspace.dataflows, ...workspace.reports] : [];
    const holder = holders.find(({ id }) => id === datasetId);
    if (!workspace || !holder) {
        return undefined;
    }
    if (isSuspended(workspace)) {
        return { ok: false, error: capacityNotActive };
    }
    const rows: unknown[] = [];
    for (const source of holder.sources) {
        const datasource = boundDatasource(sandbox, holder, source);
        if (!datasource) {
            const message = `The source ${source.host} is bound to no connection.`;
            return { ok: false, error: { code: "DMTS_MonikerWithUnboundDataSources", message } };
        }
        const isDirect = "mode" in holder && holder.mode === "DirectQuery";
        if (isDirect && datasource.credential?.useEndUserOAuth2Credentials) {
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
