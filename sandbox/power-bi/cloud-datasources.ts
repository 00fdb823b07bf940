import { type Sandbox } from "../sandbox";
import { type DatasetSource, type Datasource } from "../world/power-bi-world";
import { stableId } from "../world/stable-id";

/** What has sources: a dataset, a dataflow or a paginated report. */
export interface Holder {
    owner: string;
    sources: DatasetSource[];
}

/**
 * The datasource that a source is mapped to: the one it is explicitly mapped to, or else the one that the owner of what
 * holds the source has for the path. An owner has one personal datasource for a path, which all that is theirs shares; it
 * comes into being, without a credential, with the first of them.
 *
 * @returns undefined for a source that is mapped to nothing, or to a connection that is there no more.
 */
export function boundDatasource(
    sandbox: Sandbox,
    holder: Pick<Holder, "owner">,
    source: DatasetSource,
): Datasource | undefined {
    const { datasources } = sandbox.world.powerBi;
    if (source.datasourceId !== undefined) {
        return datasources.find((candidate) => candidate.datasourceId === source.datasourceId);
    }
    const owned = ownDatasource(datasources, holder.owner, source);
    if (owned) {
        return owned;
    }
    const { kind, host, httpPath } = source;
    const created: Datasource = {
        gatewayId: stableId("gateway", holder.owner),
        datasourceId: unusedId(datasources, holder.owner, source),
        owner: holder.owner,
        roles: [],
        shareable: false,
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
    return gateways.some(({ id, type }) => id === gatewayId && type.startsWith("OnPremises"));
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
