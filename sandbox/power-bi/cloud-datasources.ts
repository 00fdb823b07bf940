import { type Sandbox } from "../sandbox";
import { type Dataset, type DatasetSource, type Datasource } from "../world/power-bi-world";
import { stableId } from "../world/stable-id";

/**
 * The datasource that a source of a dataset is bound to: the one it is explicitly bound to, or else the one that the
 * dataset's owner has for the path. An owner has one datasource for a path, which all their datasets share; it comes into
 * being, without a credential, with the first of them.
 */
export function boundDatasource(sandbox: Sandbox, dataset: Dataset, source: DatasetSource): Datasource {
    const { datasources } = sandbox.world.powerBi;
    const explicit = datasources.find((candidate) => candidate.datasourceId === source.datasourceId);
    if (source.datasourceId !== undefined && explicit) {
        return explicit;
    }
    const owned = ownDatasource(datasources, dataset.owner, source);
    if (owned) {
        return owned;
    }
    const { kind, host, httpPath } = source;
    const created: Datasource = {
        gatewayId: stableId("gateway", dataset.owner),
        datasourceId: unusedId(datasources, dataset.owner, source),
        owner: dataset.owner,
        kind,
        host,
        httpPath,
        cloud: true,
        credential: null,
        ciphertexts: [],
        singleSignOnType: "None",
        name: "",
    };
    datasources.push(created);
    return created;
}

/** The datasource that somebody has for the path of a source, if there is one. */
export function ownDatasource(datasources: Datasource[], owner: string, source: DatasetSource): Datasource | undefined {
    return datasources.find(
        (candidate) =>
            candidate.cloud &&
            candidate.owner === owner &&
            candidate.kind === source.kind &&
            candidate.host === source.host &&
            candidate.httpPath === source.httpPath,
    );
}

/** Whether a source is bound to a datasource of a gateway. */
export function isOnGateway(sandbox: Sandbox, source: DatasetSource): boolean {
    const { datasources } = sandbox.world.powerBi;
    return datasources.some(({ datasourceId, cloud }) => datasourceId === source.datasourceId && !cloud);
}

/** Whether a source is bound to a datasource of an on-premises gateway. */
export function isOnPremises(sandbox: Sandbox, source: DatasetSource): boolean {
    const { datasources, gateways } = sandbox.world.powerBi;
    const gatewayId = datasources.find(({ datasourceId }) => datasourceId === source.datasourceId)?.gatewayId;
    return gateways.some(({ id, type }) => id === gatewayId && type === "OnPremises");
}

/** One that went to another owner keeps its id: the next of the former owner for the same path has another. */
function unusedId(datasources: Datasource[], owner: string, { kind, host, httpPath }: DatasetSource): string {
    const words = ["datasource", owner, kind, host, httpPath];
    for (;;) {
        const id = stableId(...words);
        if (!datasources.some(({ datasourceId }) => datasourceId === id)) {
            return id;
        }
        words.push("again");
    }
}
