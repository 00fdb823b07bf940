import { createHash } from "node:crypto";
import { type Sandbox } from "../sandbox";
import { type Dataset, type DatasetSource, type Datasource } from "../world/power-bi-world";

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
    const owned = datasources.find(
        (candidate) =>
            candidate.cloud &&
            candidate.owner === dataset.owner &&
            candidate.kind === source.kind &&
            candidate.host === source.host &&
            candidate.httpPath === source.httpPath,
    );
    if (owned) {
        return owned;
    }
    const { kind, host, httpPath } = source;
    const created: Datasource = {
        gatewayId: stableId("gateway", dataset.owner),
        datasourceId: stableId("datasource", dataset.owner, kind, host, httpPath),
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

/** A GUID that is the same for the same words, so that a world can be taken out and put back. */
function stableId(...words: string[]): string {
    const hex = createHash("sha256").update(words.join("\n")).digest("hex");
    return [
        hex.slice(0, 8),
        hex.slice(8, 12),
        `4${hex.slice(13, 16)}`,
        `8${hex.slice(17, 20)}`,
        hex.slice(20, 32),
    ].join("-");
}
