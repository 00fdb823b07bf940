import { type Sandbox } from "../sandbox";
import { type Dataset, type DatasetSource } from "../world/power-bi-world";
import { boundDatasource, isOnGateway } from "./cloud-datasources";

/** Makes somebody the owner of a dataset. Its schedule stops, and its sources are mapped anew. */
export function takeOver(sandbox: Sandbox, dataset: Dataset, newOwner: string): void {
    dataset.owner = newOwner;
    dataset.refreshSchedule.enabled = false;
    for (const source of dataset.sources) {
        const datasourceId = mappingAfterTakeOver(sandbox, source);
        if (datasourceId === undefined) {
            delete source.datasourceId;
        } else {
            source.datasourceId = datasourceId;
        }
        boundDatasource(sandbox, dataset, source);
    }
}

/**
 * What a source is mapped to after a take-over: a gateway's connection stays, and everything else becomes the new owner's
 * personal connection, a shareable connection too, and whether there is a credential in it or not. Others report that a
 * shareable mapping stays, on a connection that the new owner may have no role on.
 *
 * @see https://github.com/microsoft/fabric-cicd/issues/231
 * @see https://github.com/microsoft/fabric-cicd/issues/569
 * @returns undefined: the new owner's personal connection.
 */
export function mappingAfterTakeOver(sandbox: Sandbox, source: DatasetSource): DatasetSource["datasourceId"] {
    return isOnGateway(sandbox, source) ? source.datasourceId : undefined;
}
