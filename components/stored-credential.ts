import * as databricks from "@pulumi/databricks";
import * as pulumi from "@pulumi/pulumi";
import { scopeKey } from "../clients/entry-names";

/** Arguments of `StoredCredential`. */
export interface StoredCredentialArgs {
    /** The name of the secret scope. */
    readonly scope: pulumi.Input<string>;
    /** What the entries' keys begin with: `KEY-client-id`, for instance. What a key cannot hold is replaced. By default the keys are those of the values. */
    readonly key?: string;
    /** The values by the rest of their keys. */
    readonly values: Record<string, pulumi.Input<string>>;
}

/**
 * A credential in a Databricks secret scope, for other readers than Power BI: one entry for each of its values.
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
        for (const [suffix, stringValue] of Object.entries(args.values)) {
            const key = args.key === undefined ? suffix : scopeKey(args.key, suffix);
            new databricks.Secret(
                `${name}-${suffix}`,
                { scope: args.scope, key, stringValue },
                { parent: this, retainOnDelete: true },
            );
        }
        this.registerOutputs({});
    }
}
