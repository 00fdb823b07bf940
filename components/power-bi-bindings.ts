import * as pulumi from "@pulumi/pulumi";
import { DatabricksTarget } from "../clients/connection-details";
import { DatasourceKey } from "../clients/power-bi";
import { DatasetOwnership } from "../dynamic-providers/dataset-ownership";
import { DatasetRefresh } from "../dynamic-providers/dataset-refresh";
import { DatasourceCredential, DatasourceCredentialArgs } from "../dynamic-providers/datasource-credential";
import { VerifiedSecret } from "../dynamic-providers/verified-secret";

/** A cloud dataset to bind. */
export interface BoundDataset {
    readonly workspaceId: string;
    readonly workspaceName: string;
    readonly datasetId: string;
    readonly datasetName: string;
    /** Whether it is refreshed after each change of its credential, and whether that is waited for. */
    readonly refresh: boolean | "wait";
    /** Whether a take-over may drop the former owner's credentials of its other cloud sources. */
    readonly allowCredentialLoss: boolean;
}

/** Arguments of `PowerBiBindings`. */
export interface PowerBiBindingsArgs {
    /** The secret to bind; it was tried. */
    readonly secret: VerifiedSecret;
    /** The key of the generation in use. */
    readonly rotationKey: string;
    /** The warehouse that the datasets read. */
    readonly target: DatabricksTarget;
    readonly datasets: BoundDataset[];
    /** The privacy level of the datasources. */
    readonly privacyLevel: DatasourceCredentialArgs["privacyLevel"];
}

/**
 * The binding of one credential to cloud datasets: SP2 owns each of them, each distinct datasource gets the credential
 * once, and datasets are refreshed where that was asked for.
 */
export class PowerBiBindings extends pulumi.ComponentResource {
    /** The distinct datasources that hold the credential. */
    readonly datasources: pulumi.Output<DatasourceKey[]>;

    /**
     * @param name The _unique_ name of the resource.
     * @param args The arguments to use.
     * @param opts A bag of options that control this resource's behavior.
     */
    constructor(name: string, args: PowerBiBindingsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("powerbi-databricks:index:PowerBiBindings", name, {}, opts);
        const parent = { parent: this };
        const { secret, target, privacyLevel } = args;

        // Resources are named by ids, so that a dataset that is renamed in Power BI is not bound anew.
        const ownerships = args.datasets.map(
            ({ workspaceId, workspaceName, datasetId, datasetName, allowCredentialLoss }) =>
                new DatasetOwnership(
                    datasetId,
                    {
                        workspaceId,
                        workspaceName,
                        datasetId,
                        datasetName,
                        target,
                        allowCredentialLoss,
                        rotationKey: args.rotationKey,
                    },
                    parent,
                ),
        );

        const credential = new DatasourceCredential(
            name,
            {
                credential: name,
                applicationId: secret.applicationId,
                secretId: secret.secretId,
                rotationKey: secret.rotationKey,
                clientSecret: secret.clientSecret,
                datasources: pulumi
                    .all(ownerships.map((ownership) => ownership.datasources))
                    .apply(distinctDatasources),
                privacyLevel,
            },
            parent,
        );

        for (const { refresh, workspaceId, workspaceName, datasetId, datasetName } of args.datasets) {
            if (refresh === false) {
                continue;
            }
            const mode = refresh === "wait" ? "wait" : "start";
            const { secretId } = credential;
            const refreshArgs = { workspaceId, workspaceName, datasetId, datasetName, mode, secretId } as const;
            new DatasetRefresh(datasetId, refreshArgs, parent);
        }

        this.datasources = credential.datasources;
        this.registerOutputs({ datasources: this.datasources });
    }
}

/**
 * The distinct datasources of many datasets, in a stable order: all cloud datasets of one owner that read the same
 * warehouse share one.
 */
export function distinctDatasources(lists: DatasourceKey[][]): DatasourceKey[] {
    const distinct = new Map(lists.flat().map((key) => [`${key.gatewayId}/${key.datasourceId}`, key]));
    return [...distinct.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, key]) => key);
}
