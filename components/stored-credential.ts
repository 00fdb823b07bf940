import * as databricks from "@pulumi/databricks";
import * as pulumi from "@pulumi/pulumi";

/** Arguments of `StoredCredential`. */
export interface StoredCredentialArgs {
    /** The name of the secret scope. */
    readonly scope: pulumi.Input<string>;
    /** What the entries' keys begin with: `KEY-client-id` and `KEY-client-secret`. */
    readonly key: string;
    /** The application id of the service principal. */
    readonly applicationId: pulumi.Input<string>;
    /** The value of its secret. */
    readonly clientSecret: pulumi.Input<string>;
}

/**
 * A credential in a Databricks secret scope, for other readers than Power BI: the entries `KEY-client-id` and
 * `KEY-client-secret`.
 *
 * An entry whose value changes is written and then, under the same key, deleted by the provider
 * (pulumi-databricks #642): it is overwritten in place instead, and nothing of it is ever deleted but with its scope.
 */
export class StoredCredential extends pulumi.ComponentResource {
    /**
     * @param name The _unique_ name of the resource.
     * @param args The arguments to use.
     * @param opts A bag of options that control this resource's behavior.
     */
    constructor(name: string, args: StoredCredentialArgs, opts?: pulumi.ComponentResourceOptions) {
        super("powerbi-databricks:index:StoredCredential", name, {}, opts);
        const values = { "client-id": args.applicationId, "client-secret": args.clientSecret };
        for (const [suffix, stringValue] of Object.entries(values)) {
            new databricks.Secret(
                `${name}-${suffix}`,
                { scope: args.scope, key: `${args.key}-${suffix}`, stringValue },
                { parent: this, retainOnDelete: true },
            );
        }
        this.registerOutputs({});
    }
}
