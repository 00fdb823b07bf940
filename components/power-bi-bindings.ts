import { BoundGatewayKind } from "../clients/gateway-kinds";
import * as pulumi from "@pulumi/pulumi";
import { DatabricksTarget } from "../clients/connection-details";
import { DatasourceKey } from "../clients/power-bi-gateways";
import { DatasetOwnership } from "../dynamic-providers/dataset-ownership";
import { DatasetRefresh } from "../dynamic-providers/dataset-refresh";
import { DatasourceCredential, DatasourceCredentialArgs } from "../dynamic-providers/datasource-credential";
import { GatewayCredential, GatewayCredentialArgs } from "../dynamic-providers/gateway-credential";
import { RefreshSchedule } from "../dynamic-providers/refresh-schedule";
import { VerifiedSecret } from "../dynamic-providers/verified-secret";
import { DatasetOutputs, DatasourceOutputs } from "../outputs";

/** A dataset by its ids, with the names to read. */
export interface NamedDataset {
    readonly workspaceId: string;
    readonly workspaceName: string;
    readonly datasetId: string;
    readonly datasetName: string;
}

/** A dataset that reads through the cloud. */
export interface BoundDataset extends NamedDataset {
    /** The warehouses that it reads with the credential. */
    readonly targets: DatabricksTarget[];
    /** Further hosts at which these may be read: custom URLs of the workspace. */
    readonly furtherHosts?: string[];
    /** The gateways through which it reads other sources. */
    readonly gateways: string[];
    /** Other warehouses that it reads, with other credentials of the stack. */
    readonly servedElsewhere: DatabricksTarget[];
    /** Its datasources that point to the warehouses, as discovery found them. */
    readonly observed: string[];
    /** Whether a take-over may drop the former owner's credentials of its other cloud sources. */
    readonly allowCredentialLoss: boolean;
    /** Whether a refresh schedule that is found off is switched on again. */
    readonly keepSchedule: boolean;
    /** Whether single sign-on is switched off where a datasource of it uses it. Default false: it is refused. */
    readonly switchOffSingleSignOn?: boolean;
}

/** A datasource of a gateway. */
export interface BoundDatasource {
    readonly gatewayId: string;
    readonly gatewayName: string;
    readonly gatewayKind: BoundGatewayKind;
    readonly datasourceId: string;
    readonly datasourceName: string;
    readonly target: DatabricksTarget;
    /** Further hosts at which it may be read: custom URLs of the workspace. */
    readonly furtherHosts?: string[];
    /** Which API stores the credential. */
    readonly api: "powerbi" | "fabric";
    /** Whether single sign-on is switched off where it uses it. Default false: it is refused. */
    readonly switchOffSingleSignOn?: boolean;
    /** The datasets that are known to use it. */
    readonly datasets: NamedDataset[];
}

/** What a credential is bound to. */
export interface BindingTargets {
    readonly cloud: BoundDataset[];
    readonly datasources: BoundDatasource[];
    /** The datasets that are refreshed after each change of their credential, and whether that is waited for. */
    readonly refreshes: (NamedDataset & {
        readonly mode: "start" | "wait";
        readonly targets: DatabricksTarget[];
        readonly hasOtherSources: boolean;
    })[];
}

/** Arguments of `PowerBiBindings`. */
export interface PowerBiBindingsArgs extends BindingTargets {
    /** The secret to bind; it was tried. */
    readonly secret: VerifiedSecret;
    /** The privacy level of the datasources. */
    readonly privacyLevel: DatasourceCredentialArgs["privacyLevel"] & GatewayCredentialArgs["privacyLevel"];
}

/**
 * The binding of one credential: SP2 owns each cloud dataset, each distinct datasource gets the credential once, whether
 * in the cloud or on a gateway, and datasets are refreshed where that was asked for.
 */
export class PowerBiBindings extends pulumi.ComponentResource {
    /** The datasources that hold the credential. */
    readonly datasources: pulumi.Output<DatasourceOutputs[]>;
    /** The datasets that read through them. */
    readonly datasets: pulumi.Output<DatasetOutputs[]>;

    private readonly ownParent = { parent: this };
    /** The id of the secret that a dataset's datasources hold, known once they do. */
    private readonly boundSecrets = new Map<string, pulumi.Output<string>[]>();

    /**
     * @param name The _unique_ name of the resource.
     * @param args The arguments to use.
     * @param opts A bag of options that control this resource's behavior.
     */
    constructor(name: string, args: PowerBiBindingsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("powerbi-databricks:index:PowerBiBindings", name, {}, opts);

        const inCloud = args.cloud.length > 0 ? this.bindCloud(name, args) : pulumi.output([]);
        const onGateways = args.datasources.map((datasource) => this.bindGateway(datasource, args));
        const refreshes = new Map(args.refreshes.map((dataset) => [dataset.datasetId, this.refresh(name, dataset)]));

        this.datasources = pulumi
            .all([inCloud, pulumi.all(onGateways)])
            .apply(([cloud, others]) => [...cloud, ...others]);
        this.datasets = pulumi.output(
            distinctDatasets(args).map((dataset) => {
                const refresh = refreshes.get(dataset.datasetId);
                const lastRefresh = refresh && { requestedAt: refresh.requestedAt, status: refresh.status };
                return { ...shown(dataset), ...(lastRefresh && { lastRefresh }) };
            }),
        ) as pulumi.Output<DatasetOutputs[]>;
        this.registerOutputs({ datasources: this.datasources, datasets: this.datasets });
    }

    /** Resources are named by ids, so that a dataset that is renamed in Power BI is not bound anew. */
    private bindCloud(name: string, { cloud, secret, privacyLevel }: PowerBiBindingsArgs) {
        const ownerships = cloud.map(
            ({ keepSchedule: _, switchOffSingleSignOn: __, ...dataset }) =>
                // A take-over drops the former owner's credential: not before there is one to put in its place.
                new DatasetOwnership(`${name}-${dataset.datasetId}`, dataset, { ...this.ownParent, dependsOn: secret }),
        );
        const owned = pulumi.all(ownerships.map(({ datasources }) => datasources));
        const credential = new DatasourceCredential(
            name,
            {
                credential: name,
                applicationId: secret.applicationId,
                secretId: secret.secretId,
                rotationKey: secret.rotationKey,
                clientSecret: secret.clientSecret,
                datasources: owned.apply(distinctDatasources),
                privacyLevel,
                switchOffSingleSignOn: owned.apply((lists) => withoutSingleSignOn(cloud, lists)),
            },
            this.ownParent,
        );
        cloud.forEach(({ workspaceId, workspaceName, datasetId, datasetName, keepSchedule: keep }, index) => {
            const names = { workspaceId, workspaceName, datasetId, datasetName };
            const restore = ownerships[index].scheduleToRestore;
            const schedule = { ...names, restore, keep };
            new RefreshSchedule(`${name}-${datasetId}`, schedule, { ...this.ownParent, dependsOn: credential });
            this.noteBound(datasetId, credential.secretId);
        });
        return pulumi
            .all([credential.datasources, owned])
            .apply(([distinct, lists]) => cloudOutputs(cloud, distinct, lists));
    }

    private bindGateway(datasource: BoundDatasource, { secret, privacyLevel }: PowerBiBindingsArgs) {
        const { datasets, ...place } = datasource;
        const { applicationId, secretId, rotationKey, clientSecret } = secret;
        const credential = new GatewayCredential(
            `${place.gatewayId}-${place.datasourceId}`,
            { ...place, applicationId, secretId, rotationKey, clientSecret, privacyLevel },
            this.ownParent,
        );
        datasets.forEach(({ datasetId }) => this.noteBound(datasetId, credential.secretId));
        return credential.secretId.apply((): DatasourceOutputs => gatewayOutputs(datasource));
    }

    private refresh(name: string, dataset: BindingTargets["refreshes"][number]): DatasetRefresh {
        const { workspaceId, workspaceName, datasetId, datasetName, mode, targets, hasOtherSources } = dataset;
        const secretId = pulumi.all(this.boundSecrets.get(datasetId) ?? []).apply(([id]) => id);
        const args = { workspaceId, workspaceName, datasetId, datasetName, mode, targets, hasOtherSources, secretId };
        return new DatasetRefresh(`${name}-${datasetId}`, args, this.ownParent);
    }

    private noteBound(datasetId: string, secretId: pulumi.Output<string>): void {
        this.boundSecrets.set(datasetId, [...(this.boundSecrets.get(datasetId) ?? []), secretId]);
    }
}

/**
 * The distinct datasources of many datasets, in a stable order: all cloud datasets of one owner that read the same
 * warehouse share one.
 */
export function distinctDatasources(lists: DatasourceKey[][]): DatasourceKey[] {
    const keys = lists.flat().map(({ gatewayId, datasourceId }) => ({ gatewayId, datasourceId }));
    const distinct = new Map(keys.map((key) => [`${key.gatewayId}/${key.datasourceId}`, key]));
    return [...distinct.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, key]) => key);
}

/** The ids of the datasources whose single sign-on may be switched off: all datasets that read through them say so. */
function withoutSingleSignOn(cloud: BoundDataset[], lists: DatasourceKey[][]): string[] {
    const ids = (isMeant: (dataset: BoundDataset) => boolean) =>
        lists.flatMap((list, index) => (isMeant(cloud[index]) ? list.map(({ datasourceId }) => datasourceId) : []));
    const kept = ids(({ switchOffSingleSignOn }) => !switchOffSingleSignOn);
    return [...new Set(ids(() => true))].filter((id) => !kept.includes(id)).sort();
}

/** The datasets of all datasources, each once. */
export function distinctDatasets({ cloud, datasources }: BindingTargets): NamedDataset[] {
    const all = [...cloud, ...datasources.flatMap(({ datasets }) => datasets)];
    return [...new Map(all.map((dataset) => [dataset.datasetId, dataset])).values()];
}

function cloudOutputs(
    cloud: BoundDataset[],
    distinct: DatasourceKey[],
    owned: (DatasourceKey & { target: DatabricksTarget })[][],
): DatasourceOutputs[] {
    return distinct.map(({ gatewayId, datasourceId }) => {
        const isThis = (key: DatasourceKey) => key.gatewayId === gatewayId && key.datasourceId === datasourceId;
        const target = owned.flat().find(isThis)?.target ?? { host: "", httpPath: "" };
        const datasets = cloud.filter((_, index) => owned[index].some(isThis)).map(shown);
        return { gatewayId, gateway: "", kind: "NoGateway", datasourceId, ...target, datasets };
    });
}

function gatewayOutputs(datasource: BoundDatasource): DatasourceOutputs {
    const { gatewayId, gatewayName: gateway, gatewayKind: kind, datasourceId, target, datasets } = datasource;
    const name = datasource.datasourceName;
    return { gatewayId, gateway, kind, datasourceId, datasource: name, ...target, datasets: datasets.map(shown) };
}

function shown({ workspaceId, datasetId, datasetName: dataset, workspaceName: workspace }: NamedDataset) {
    return { workspaceId, datasetId, dataset, workspace };
}
