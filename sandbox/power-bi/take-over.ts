import { type Sandbox } from "../sandbox";
import { type Dataset, type DatasetSource } from "../world/power-bi-world";
import { powerBiError } from "./access";
import { boundDatasource, isOnGateway, ownDatasource } from "./cloud-datasources";

/**
 * Gives a model to a new owner. Its cloud sources read through the new owner's datasources from then on, which have no
 * credential until one is stored.
 *
 * @throws HttpError 406
 */
export function takeOver(sandbox: Sandbox, dataset: Dataset, newOwner: string): void {
    const { doubts } = sandbox.world;
    if (dataset.owner === newOwner) {
        if (doubts.takeOverByOwner === "notAcceptable") {
            throw powerBiError(406, "TakeOverNotRelevant", "The caller owns the dataset");
        }
        return;
    }
    const former = {
        owner: dataset.owner,
        datasourceIds: dataset.sources.map((source) => boundDatasource(sandbox, dataset, source)?.datasourceId ?? ""),
    };
    const isMixed = new Set(dataset.sources.map((source) => isOnGateway(sandbox, source))).size === 2;
    if (doubts.idsAfterTakeOver === "kept") {
        giveDatasources(sandbox, dataset, newOwner);
    }
    dataset.owner = newOwner;
    if (doubts.scheduleAfterTakeOver === "switchedOff") {
        dataset.refreshSchedule.enabled = false;
    }
    for (const source of dataset.sources.filter((item) => !staysBound(sandbox, item, isMixed))) {
        delete source.datasourceId;
        boundDatasource(sandbox, dataset, source);
    }
    if (doubts.newOwner === "shownLater") {
        sandbox.formerOwners.show(dataset.id, former);
    }
    if (doubts.newOwner === "writesLater") {
        for (const source of dataset.sources) {
            sandbox.notYet.begin(`rights on ${boundDatasource(sandbox, dataset, source)?.datasourceId}`);
        }
    }
}

/**
 * Whether a source stays mapped to what it is explicitly mapped to. By default a shareable mapping is dropped, as some
 * report; others report that it stays, on a connection that the new owner may have no role on.
 *
 * @see https://github.com/microsoft/fabric-cicd/issues/231
 * @see https://github.com/microsoft/fabric-cicd/issues/569
 */
function staysBound(sandbox: Sandbox, source: DatasetSource, isMixed: boolean): boolean {
    const { mixedModelAfterTakeOver, sharedConnectionAfterTakeOver } = sandbox.world.doubts;
    if (isOnGateway(sandbox, source)) {
        return !isMixed || mixedModelAfterTakeOver === "kept";
    }
    return isShared(sandbox, source) && sharedConnectionAfterTakeOver === "kept";
}

/** Whether a cloud source is mapped to a connection that is nobody's own. */
function isShared(sandbox: Sandbox, { datasourceId }: DatasetSource): boolean {
    return sandbox.world.powerBi.datasources.some((item) => item.datasourceId === datasourceId && item.shareable);
}

/** Hands over the former owner's datasources that no other model uses. Their credentials do not go with them. */
function giveDatasources(sandbox: Sandbox, dataset: Dataset, newOwner: string): void {
    const { datasources, workspaces } = sandbox.world.powerBi;
    const others = workspaces.flatMap(({ datasets }) => datasets).filter(({ id }) => id !== dataset.id);
    const usedByOthers = new Set(
        others.flatMap((other) => other.sources.map((source) => boundDatasource(sandbox, other, source)?.datasourceId)),
    );
    for (const source of dataset.sources) {
        const used = boundDatasource(sandbox, dataset, source);
        const isGiven = used?.cloud && !used.shareable && !usedByOthers.has(used.datasourceId);
        if (isGiven && !ownDatasource(datasources, newOwner, source)) {
            Object.assign(used, { owner: newOwner, credential: null, ciphertexts: [], singleSignOnType: "None" });
        }
    }
}
