import * as pulumi from "@pulumi/pulumi";
import { vaultName } from "../clients/entry-names";
import { loadPlugin } from "../optional-plugins";

/** Arguments of `KeyVaultSecrets`. */
export interface KeyVaultArgs {
    /** The key vault; it exists. */
    readonly vault: { readonly resourceGroup: string; readonly name: string };
    /** What the secrets' names begin with: `KEY-client-id`, for instance. What a vault does not take is replaced. */
    readonly key: string;
    /** The values by the rest of their names. */
    readonly values: Record<string, pulumi.Input<string>>;
    /** When the values end, in ISO 8601; empty when that is not known. */
    readonly expiresAt: pulumi.Input<string>;
}

/**
 * A credential in an Azure Key Vault, for other readers than Power BI, with its expiry date, so that the vault's own
 * alarms work. A new value is a new version; the vault keeps the old ones.
 */
export class KeyVaultSecrets extends pulumi.ComponentResource {
    /**
     * @param name The _unique_ name of the resource.
     * @param args The arguments to use.
     * @param opts A bag of options that control this resource's behavior.
     */
    constructor(name: string, args: KeyVaultArgs, opts?: pulumi.ComponentResourceOptions) {
        super("powerbi-databricks:index:KeyVaultSecrets", name, {}, opts);
        const keyvault = loadPlugin("@pulumi/azure-native/keyvault", "keyVault");
        const expires = pulumi.output(args.expiresAt).apply(secondsOf);
        for (const [suffix, value] of Object.entries(args.values)) {
            new keyvault.Secret(
                `${name}-${suffix}`,
                {
                    resourceGroupName: args.vault.resourceGroup,
                    vaultName: args.vault.name,
                    secretName: vaultName(args.key, suffix),
                    properties: { value: pulumi.secret(value), attributes: { expires } },
                },
                { parent: this },
            );
        }
        this.registerOutputs({});
    }
}

/** A time as a vault takes it: seconds since 1970. */
function secondsOf(time: string): number | undefined {
    const seconds = Math.floor(Date.parse(time) / 1000);
    return Number.isFinite(seconds) ? seconds : undefined;
}
