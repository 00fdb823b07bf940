import * as pulumi from "@pulumi/pulumi";
import { loadPlugin } from "../optional-plugins";
import { CredentialOutputs } from "../outputs";

/** Arguments of `RotationHook`. */
export interface RotationHookArgs {
    /** The command, for the shell of the machine that runs `pulumi up`. */
    readonly command: string;
    /** The name of the credential. */
    readonly credential: string;
    /** The state of the credential; no secret is in it. */
    readonly summary: pulumi.Output<CredentialOutputs>;
}

/**
 * A command of the user's that runs once after each rotation, when everything is bound. Its environment tells what was
 * rotated, by ids; the secret is not among it.
 */
export class RotationHook extends pulumi.ComponentResource {
    /**
     * @param name The _unique_ name of the resource.
     * @param args The arguments to use.
     * @param opts A bag of options that control this resource's behavior.
     */
    constructor(name: string, args: RotationHookArgs, opts?: pulumi.ComponentResourceOptions) {
        super("powerbi-databricks:index:RotationHook", name, {}, opts);
        const { local } = loadPlugin("@pulumi/command", "afterRotation");
        new local.Command(
            name,
            {
                create: args.command,
                // Without it, any other change, of a dataset's list for instance, would run the command again.
                update: "exit 0",
                environment: environmentOf(args),
                // Only a new secret makes a new resource, and with it runs the command.
                triggers: [args.summary.secretId],
            },
            { parent: this },
        );
        this.registerOutputs({});
    }
}

function environmentOf({ credential, summary }: RotationHookArgs): Record<string, pulumi.Input<string>> {
    return {
        CREDENTIAL: credential,
        APPLICATION_ID: summary.applicationId,
        SECRET_ID: summary.secretId,
        ROTATION_KEY: summary.rotationKey,
        EXPIRES_AT: summary.expiresAt,
        DATASOURCES: summary.datasources.apply((datasources) =>
            listOf(datasources.map(({ gatewayId, datasourceId }) => `${gatewayId}/${datasourceId}`)),
        ),
        DATASETS: summary.datasets.apply((datasets) =>
            listOf(datasets.map(({ workspaceId, datasetId }) => `${workspaceId}/${datasetId}`)),
        ),
    };
}

/**
 * Linux starts no command with an environment variable of more than 128 KiB: with some 1,800 datasets the command would
 * fail in every up, and the former secret stay alive for good.
 */
const longestList = 100 * 1024;

/** Ids as one variable; a list that is too long is left empty. */
function listOf(ids: string[]): string {
    const list = ids.join(" ");
    return list.length > longestList ? "" : list;
}
