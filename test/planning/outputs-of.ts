import { CredentialPlan } from "../../planning/plan";
import { CredentialOutputs, DatasourceOutputs } from "../../outputs";

/** What an up that did a plan put out. Cloud models have to be SP2's already: a take-over would change their datasources. */
export function outputsOf(plan: CredentialPlan, rotationKey: string): CredentialOutputs {
    const users = <T extends { workspaceId: string; workspaceName: string; datasetId: string; datasetName: string }>(
        datasets: T[],
    ) =>
        datasets.map(({ workspaceId, workspaceName: workspace, datasetId, datasetName: dataset }) => ({
            workspaceId,
            workspace,
            datasetId,
            dataset,
        }));
    const inCloud = new Map<string, DatasourceOutputs>();
    for (const dataset of plan.cloud) {
        const [, datasourceId, gatewayId] = /^(\S+) of gateway (\S+)$/.exec(dataset.observed[0])!;
        const known = inCloud.get(datasourceId) ?? {
            ...{ gatewayId, gateway: "", kind: "NoGateway", datasourceId, ...dataset.targets[0], datasets: [] },
        };
        known.datasets.push(...users([dataset]));
        inCloud.set(datasourceId, known as DatasourceOutputs);
    }
    const onGateways = plan.datasources.map(
        ({ gatewayId, gatewayName, gatewayKind, datasourceId, datasourceName, target, datasets }) => ({
            gatewayId,
            gateway: gatewayName,
            kind: gatewayKind,
            datasourceId,
            datasource: datasourceName,
            ...target,
            datasets: users(datasets),
        }),
    );
    const datasources = [...inCloud.values(), ...onGateways];
    const datasets = datasources.flatMap((source) => source.datasets) as CredentialOutputs["datasets"];
    return { applicationId: "app", rotationKey, secretId: "s", expiresAt: "", datasources, datasets };
}
