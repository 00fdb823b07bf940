import * as pulumi from "@pulumi/pulumi";
import { DatabricksTarget } from "../clients/connection-details";
import { VerificationLevel, VerifiedSecret } from "../dynamic-providers/verified-secret";
import { BoundDataset, PowerBiBindings, PowerBiBindingsArgs } from "./power-bi-bindings";
import { RotatingServicePrincipal } from "./rotating-service-principal";
import { StoredCredential } from "./stored-credential";
import { GrantArgs, WarehouseAccess } from "./warehouse-access";

/** Arguments of `PowerBiCredential`. */
export interface PowerBiCredentialArgs {
    /** The display name of the service principal to create. Either this or `applicationId`. */
    readonly servicePrincipal?: string;
    /** The application id of a service principal to adopt. */
    readonly applicationId?: string;
    /** The generations of secrets to keep alive, the one in use first. */
    readonly rotationKeys: string[];
    /** How many days a new secret lives. */
    readonly lifetimeDays: number;
    /** The id of the warehouse that the datasets read. */
    readonly warehouseId: string;
    /** Where datasources of that warehouse point to. */
    readonly target: DatabricksTarget;
    /** The data that may be read. */
    readonly grants: GrantArgs[];
    /** How much of a new secret is tried before it is bound. */
    readonly verification: VerificationLevel;
    /** The privacy level of the datasources. */
    readonly privacyLevel: PowerBiBindingsArgs["privacyLevel"];
    /** The secret scope in which the credential is stored for others; by default it is stored nowhere. */
    readonly scope?: pulumi.Input<string>;
    /** The cloud datasets to bind. */
    readonly datasets: BoundDataset[];
}

/** What a pipeline may want to know of a credential. */
export interface CredentialSummary {
    /** The application id of the service principal. */
    applicationId: string;
    /** The key of the generation in use. */
    rotationKey: string;
    /** The id of the secret in use. */
    secretId: string;
    /** When it expires, in ISO 8601. */
    expiresAt: string;
    /** The datasources that hold it. */
    datasources: { gatewayId: string; datasourceId: string }[];
}

/**
 * One credential with which Power BI reads Databricks, from the service principal to the last datasource. A new secret is
 * tried before anything is switched to it, and its predecessor is deleted when everything is.
 */
export class PowerBiCredential extends pulumi.ComponentResource {
    /** The state of the credential; no secret is in it. */
    readonly summary: pulumi.Output<CredentialSummary>;

    /**
     * @param name The _unique_ name of the resource.
     * @param args The arguments to use.
     * @param opts A bag of options that control this resource's behavior.
     */
    constructor(name: string, args: PowerBiCredentialArgs, opts?: pulumi.ComponentResourceOptions) {
        super("powerbi-databricks:index:PowerBiCredential", name, {}, opts);
        const parent = { parent: this };

        const { servicePrincipal: displayName, applicationId, rotationKeys, lifetimeDays } = args;
        const principal = new RotatingServicePrincipal(
            name,
            { displayName, applicationId, rotationKeys, lifetimeDays },
            parent,
        );
        const access = new WarehouseAccess(
            name,
            { warehouseId: args.warehouseId, applicationId: principal.applicationId, grants: args.grants },
            parent,
        );
        const secret = new VerifiedSecret(
            name,
            {
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
        if (args.scope !== undefined) {
            const { applicationId, clientSecret } = secret;
            new StoredCredential(name, { scope: args.scope, key: name, applicationId, clientSecret }, parent);
        }
        const { target, datasets, privacyLevel } = args;
        const datasources =
            datasets.length === 0
                ? pulumi.output([])
                : new PowerBiBindings(
                      name,
                      { secret, rotationKey: rotationKeys[0], target, datasets, privacyLevel },
                      parent,
                  ).datasources;

        const { rotationKey, secretId, expiresAt } = secret;
        this.summary = pulumi.output({
            applicationId: secret.applicationId,
            rotationKey,
            secretId,
            expiresAt,
            datasources,
        });
        this.registerOutputs({ summary: this.summary });
    }
}
