import "./stack-traces";
import * as pulumi from "@pulumi/pulumi";
import { Services } from "./clients/services";
import { PowerBiCredential } from "./components/power-bi-credential";
import { PowerBiServicePrincipal } from "./components/power-bi-service-principal";
import { SecretScopes } from "./components/secret-scopes";
import { createWorkspaceProviders } from "./components/workspace-providers";
import { say } from "./diagnostics/say";
import { describePlan } from "./planning/describe";
import { discover } from "./planning/discover";
import { readLastUp } from "./planning/read-history";
import { findAddresses } from "./planning/workspace-addresses";
import { StackOutputs } from "./outputs";
import { readSettings } from "./settings";
import { stop } from "./settings/stop";

/** Keeps the credentials with which Power BI reads Databricks valid. */
export = async (): Promise<pulumi.Inputs & { [key in keyof StackOutputs]: unknown }> => {
    const { credentials, connection, powerBiServicePrincipal, rotationKeys, protect, ...settings } = readSettings();
    const addressOf = await findAddresses(connection).catch((error: Error) => stop(error));
    const lastUp = await readLastUp();
    const services = new Services(settings.read);
    const found = await discover(credentials, services, addressOf, rotationKeys, lastUp).catch((error: Error) =>
        stop(error),
    );
    const { plans, ownScopes, warnings } = found;
    await Promise.all(warnings.map(say));

    if (powerBiServicePrincipal) {
        new PowerBiServicePrincipal(powerBiServicePrincipal.displayName, { ...powerBiServicePrincipal, protect });
    }
    const inWorkspace = createWorkspaceProviders(settings.workspaces, addressOf);
    const scopes = SecretScopes.inEach(credentials, inWorkspace, ownScopes);
    let mintAfter: pulumi.Resource | undefined;
    const bound = credentials.map(({ name, databricks: workspace, secretScope, ...credential }, index) => {
        const { databricks, warehouseIds, principalId, grants, account, ...targets } = plans[index];
        void say(describePlan(name, plans[index]));
        const scope = secretScope && scopes.get(workspace)!.scope(secretScope.name);
        const finishedKey = lastUp[name]?.rotationKey;
        const place = { databricks, warehouseIds, principalId, grants, targets, scope };
        const keys = [...new Set([...rotationKeys, ...account.keptKeys])];
        const args = { ...credential, rotationKeys: keys, finishedKey, protect, mintAfter, ...place };
        const made = new PowerBiCredential(name, args, inWorkspace(workspace));
        mintAfter = made.lastMinted;
        return [name, pulumi.all([made.summary]).apply(([summary]) => ({ ...summary, ...account.outputs }))] as const;
    });

    return { credentials: Object.fromEntries(bound) };
};
