import * as pulumi from "@pulumi/pulumi";

/** The resource types there are; `implementations.ts` has a provider for each. */
export type ProviderName =
    | "DatasetOwnership"
    | "DatasetRefresh"
    | "DatasourceCredential"
    | "GatewayCredential"
    | "Leftovers"
    | "RefreshSchedule"
    | "SecretSlots"
    | "UnusedName"
    | "VerifiedSecret"
    | "WarehousePermission";

/**
 * A resource of one of this folder's providers.
 *
 * `pulumi.dynamic.Resource` would serialize the provider, code and all, into the state. This stores a line instead that
 * finds the current code by the package's name, wherever and whenever an up, a refresh or a destroy runs it; it is the
 * form that the SDK's dynamic provider loads (sdk/nodejs/cmd/dynamic-provider), and it never changes with the code.
 */
export abstract class DynamicResource extends pulumi.CustomResource {
    /**
     * @param folder the service, which is the middle part of the type token.
     * @param type which provider.
     */
    constructor(
        folder: "databricks" | "power-bi",
        type: ProviderName,
        name: string,
        props: pulumi.Inputs,
        opts?: pulumi.CustomResourceOptions,
    ) {
        super(`pulumi-nodejs:dynamic/${folder}:${type}`, name, { ...props, __provider: stub(type) }, opts);
    }
}

/** The line of code that the state holds. */
export function stub(type: ProviderName): string {
    return `exports.handler = () => require("@powerbi-databricks-credentials/dynamic-providers").provider("${type}");`;
}
