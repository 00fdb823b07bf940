import * as pulumi from "@pulumi/pulumi";
import { loadPlugin } from "../optional-plugins";
import { KeyVaultArgs, KeyVaultSecrets } from "./key-vault-secrets";
import { StoredCredential } from "./stored-credential";

/** Arguments of `PowerBiServicePrincipal`. */
export interface PowerBiServicePrincipalArgs {
    /** The display name of application and service principal. */
    readonly displayName: string;
    /** Whether application and service principal are protected from deletion. */
    readonly protect: boolean;
    /** The object id of the security group that the tenant setting for service principals names. Default none. */
    readonly groupObjectId?: string;
    /** Pipelines that may log in as it without a secret. */
    readonly federatedCredentials: { readonly name: string; readonly issuer: string; readonly subject: string }[];
    /** Makes a password; a new key makes another and, at the end of that run, removes the one before. */
    readonly password?: { readonly rotationKey: string; readonly lifetimeDays: number };
    /** The Databricks secret scope that gets `tenant-id`, `client-id` and `client-secret`. */
    readonly secretScope?: string;
    /** The key vault that gets them. */
    readonly keyVault?: KeyVaultArgs["vault"];
}

/** Whom a federated credential's tokens are for (learn.microsoft.com, workload identity federation). */
const audience = "api://AzureADTokenExchange";

/**
 * SP2 itself: the Entra application and service principal that may change Power BI. It is a member of the group that the
 * tenant setting allows, and its values are where the program reads them. Roles in workspaces and on gateways are given
 * in Power BI.
 */
export class PowerBiServicePrincipal extends pulumi.ComponentResource {
    /** The application id: the client id of its logins. */
    readonly clientId: pulumi.Output<string>;

    /**
     * @param name The _unique_ name of the resource.
     * @param args The arguments to use.
     * @param opts A bag of options that control this resource's behavior.
     */
    constructor(name: string, args: PowerBiServicePrincipalArgs, opts?: pulumi.ComponentResourceOptions) {
        super("powerbi-databricks:index:PowerBiServicePrincipal", name, {}, opts);
        const azuread = loadPlugin("@pulumi/azuread", "powerBiServicePrincipal");
        const parent = { parent: this };

        const { displayName, protect } = args;
        const application = new azuread.Application(name, { displayName }, { ...parent, protect });
        const { clientId } = application;
        const principal = new azuread.ServicePrincipal(name, { clientId }, { ...parent, protect });
        for (const { name: displayName, issuer, subject } of args.federatedCredentials) {
            new azuread.ApplicationFederatedIdentityCredential(
                `${name}-${displayName}`,
                { applicationId: application.id, displayName, issuer, subject, audiences: [audience] },
                parent,
            );
        }
        if (args.groupObjectId !== undefined) {
            const { groupObjectId } = args;
            new azuread.GroupMember(name, { groupObjectId, memberObjectId: principal.objectId }, parent);
        }
        if (args.password !== undefined) {
            const { rotationKey, lifetimeDays } = args.password;
            const password = new azuread.ApplicationPassword(
                `${name}-${rotationKey}`,
                {
                    applicationId: application.id,
                    displayName: rotationKey,
                    endDateRelative: `${lifetimeDays * 24}h`,
                    rotateWhenChanged: { rotationKey },
                },
                // A password is made once for each key: another lifetime waits for the next one.
                { ...parent, ignoreChanges: ["endDateRelative"] },
            );
            const tenantId = azuread.getClientConfigOutput(parent).tenantId;
            this.store(name, args, tenantId, application.clientId, password);
        }
        this.clientId = application.clientId;
        this.registerOutputs({ clientId: this.clientId });
    }

    private store(
        name: string,
        { secretScope: scope, keyVault: vault }: PowerBiServicePrincipalArgs,
        tenantId: pulumi.Output<string>,
        clientId: pulumi.Output<string>,
        password: { value: pulumi.Output<string>; endDate: pulumi.Output<string> },
    ): void {
        const values = { "tenant-id": tenantId, "client-id": clientId, "client-secret": pulumi.secret(password.value) };
        if (scope !== undefined) {
            new StoredCredential(name, { scope, values }, { parent: this });
        }
        if (vault !== undefined) {
            const { endDate: expiresAt } = password;
            new KeyVaultSecrets(name, { vault, key: name, values, expiresAt }, { parent: this });
        }
    }
}
