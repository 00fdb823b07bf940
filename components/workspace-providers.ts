import * as databricks from "@pulumi/databricks";
import * as pulumi from "@pulumi/pulumi";
import { databricksSecrets } from "../clients/databricks-login";
import { WorkspaceAddress } from "../clients/services";

/** Values of a databricks provider that are secrets. */
const secretValues: string[] = [...databricksSecrets, "password", "googleCredentials"];

/** Gives the options with which resources are made in a Databricks workspace, by its name. */
export type InWorkspace = (workspace: string) => pulumi.ComponentResourceOptions;

/**
 * Makes a provider for each Databricks workspace beside the one of `databricks:host`.
 *
 * @param values the values of the providers, by the workspaces' names.
 */
export function createWorkspaceProviders(
    values: Record<string, Record<string, string | number | boolean>>,
    addressOf: (name: string) => WorkspaceAddress,
): InWorkspace {
    const providers = new Map(
        Object.entries(values).map(([workspace, { azureWorkspaceResourceId: _, ...given }]) => {
            const args: databricks.ProviderArgs = Object.fromEntries(
                Object.entries({ ...given, host: addressOf(workspace).host }).map(([key, value]) => [
                    key,
                    secretValues.includes(key) ? pulumi.secret(value) : value,
                ]),
            );
            return [workspace, new databricks.Provider(workspace, args)] as const;
        }),
    );
    return (workspace) => {
        const provider = providers.get(workspace);
        return provider ? { providers: [provider] } : {};
    };
}
