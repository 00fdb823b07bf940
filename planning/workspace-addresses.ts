import { ConfigurationError } from "../clients/config-reader";
import { Connection } from "../clients/connection";
import { WorkspaceAddress } from "../clients/services";
import { problem } from "../diagnostics/diagnostic";
import { loadPlugin } from "../optional-plugins";

/** `/subscriptions/…/resourceGroups/GROUP/providers/Microsoft.Databricks/workspaces/NAME`. */
const resourceIdPattern = /\/resourceGroups\/([^/]+)\/providers\/Microsoft\.Databricks\/workspaces\/([^/]+)$/i;

/**
 * Finds where the Databricks workspaces are: as configured or, for one that is known by its Azure resource id only, as
 * Azure says.
 *
 * @returns gives the address of a workspace by its name.
 * @throws ConfigurationError for a resource id that is none.
 */
export async function findAddresses(connection: Connection): Promise<(workspace: string) => WorkspaceAddress> {
    const entries = Object.entries(connection.databricks).map(async ([workspace, { host, azureResourceId }]) => {
        const known = host ?? (await hostInAzure(workspace, azureResourceId!));
        return [workspace, { workspace, host: known }] as const;
    });
    const addresses = new Map(await Promise.all(entries));
    return (workspace) => addresses.get(workspace)!;
}

async function hostInAzure(workspace: string, resourceId: string): Promise<string> {
    const key = `databricksWorkspaces.${workspace}.azureWorkspaceResourceId`;
    const [, resourceGroupName, workspaceName] = resourceIdPattern.exec(resourceId) ?? [];
    if (workspaceName === undefined) {
        const reason = `${JSON.stringify(resourceId)} is not the resource id of a Databricks workspace`;
        const expected = "/subscriptions/ID/resourceGroups/GROUP/providers/Microsoft.Databricks/workspaces/NAME";
        throw new ConfigurationError([problem("invalid-value", { where: key }, reason, `write ${expected}`)]);
    }
    const azure = loadPlugin("@pulumi/azure-native/databricks", key);
    const { workspaceUrl } = await azure.getWorkspace({ resourceGroupName, workspaceName });
    return `https://${workspaceUrl}`;
}
