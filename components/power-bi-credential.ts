import * as pulumi from "@pulumi/pulumi";
import { Leftovers } from "../dynamic-providers/leftovers";
import { VerificationLevel, VerifiedSecret } from "../dynamic-providers/verified-secret";
import { CredentialOutputs } from "../outputs";
import { KeyVaultSecrets, KeyVaultArgs } from "./key-vault-secrets";
import { BindingTargets, PowerBiBindings, PowerBiBindingsArgs } from "./power-bi-bindings";
import { RotatingServicePrincipal, RotatingServicePrincipalArgs } from "./rotating-service-principal";
import { RotationHook } from "./rotation-hook";
import { StoredCredential } from "./stored-credential";
import { GrantArgs, WarehouseAccess } from "./warehouse-access";

/** Arguments of `PowerBiCredential`. */
export interface PowerBiCredentialArgs extends Omit<RotatingServicePrincipalArgs, "displayName"> {
    /** The display name of the service principal to create. Either this or `applicationId`. */
    readonly servicePrincipal?: string;
    /** The ids of the warehouses that are read; a new secret is tried on the first. */
    readonly warehouseIds: string[];
    /** Whether secrets of the service principal that are in no state are deleted. By default previews only tell them. */
    readonly cleanUpUnknownSecrets: boolean;
    /** What the service principal is granted: all that it has on each securable. */
    readonly grants: GrantArgs[];
    /** How much of a new secret is tried before it is bound. */
    readonly verification: VerificationLevel;
    /** The privacy level of the datasources. */
    readonly privacyLevel: PowerBiBindingsArgs["privacyLevel"];
    /** The secret scope in which the credential is stored for others; by default it is stored in none. */
    readonly scope?: pulumi.Input<string>;
    /** The key vault in which the credential is stored for others; by default it is stored in none. */
    readonly keyVault?: KeyVaultArgs["vault"];
    /** A command that runs after each rotation, with ids in its environment. */
    readonly afterRotation?: string;
    /** The datasets and datasources to bind. */
    readonly targets: BindingTargets;
}

/**
 * One credential with which Power BI reads Databricks, from the service principal to the last datasource. A new secret is
 * tried before anything is switched to it, and its predecessor is deleted when everything is.
 */
export class PowerBiCredential extends pulumi.ComponentResource {
    /** The state of the credential; no secret is in it. */
    readonly summary: pulumi.Output<CredentialOutputs>;
    /** The secret that is made last. */
    readonly lastMinted: pulumi.Resource;

    /**
     * @param name The _unique_ name of the resource.
     * @param args The arguments to use.
     * @param opts A bag of options that control this resource's behavior.
     */
    constructor(name: string, args: PowerBiCredentialArgs, opts?: pulumi.ComponentResourceOptions) {
        super("powerbi-databricks:index:PowerBiCredential", name, {}, opts);
        const parent = { parent: this };

        const { applicationId, rotationKeys, databricks } = args;
        const displayName = args.servicePrincipal;
        const principal = new RotatingServicePrincipal(name, { ...args, displayName }, parent);
        this.lastMinted = principal.lastMinted;
        const access = new WarehouseAccess(
            name,
            {
                databricks,
                warehouseIds: args.warehouseIds,
                applicationId: principal.applicationId,
                grants: args.grants,
                keepGrants: applicationId !== undefined,
            },
            parent,
        );
        const secret = new VerifiedSecret(
            name,
            {
                databricks,
                servicePrincipalId: principal.servicePrincipalId,
                applicationId: principal.applicationId,
                rotationKey: rotationKeys[0],
                secretId: principal.secretId,
                clientSecret: principal.clientSecret,
                warehouseId: access.warehouseId,
                level: args.verification,
            },
            parent,
        );
        const stored = this.store(name, args, secret);
        const bindings = new PowerBiBindings(
            name,
            { ...args.targets, secret, privacyLevel: args.privacyLevel },
            parent,
        );
        new Leftovers(
            name,
            {
                databricks,
                servicePrincipalId: principal.servicePrincipalId,
                servicePrincipalName: name,
                isCreated: applicationId === undefined,
                secretIds: principal.secretIds,
                cleanUp: args.cleanUpUnknownSecrets,
            },
            // Nothing may be deleted before everything holds the secret in use.
            { ...parent, dependsOn: [bindings, secret] },
        );
        const { rotationKey, secretId, expiresAt } = secret;
        this.summary = pulumi.output({
            applicationId: secret.applicationId,
            rotationKey,
            secretId,
            expiresAt,
            datasources: bindings.datasources,
            datasets: bindings.datasets,
        });
        if (args.afterRotation !== undefined) {
            const hook = { command: args.afterRotation, credential: name, summary: this.summary };
            // The command may have others read the new secret from where it is stored for them.
            new RotationHook(name, hook, { ...parent, dependsOn: [bindings, ...stored] });
        }
        this.registerOutputs({ summary: this.summary });
    }

    /** Stores the credential for others, where that is asked for. */
    private store(
        name: string,
        { scope, keyVault: vault }: PowerBiCredentialArgs,
        secret: VerifiedSecret,
    ): pulumi.ComponentResource[] {
        const { applicationId, clientSecret, expiresAt } = secret;
        const values = { "client-id": applicationId, "client-secret": clientSecret };
        const parent = { parent: this };
        return [
            ...(scope !== undefined ? [new StoredCredential(name, { scope, key: name, values }, parent)] : []),
            ...(vault !== undefined
                ? [new KeyVaultSecrets(name, { vault, key: name, values, expiresAt }, parent)]
                : []),
        ];
    }
}
