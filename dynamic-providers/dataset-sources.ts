import { DatabricksTarget, parseConnectionDetails, sameTarget, showTarget } from "../clients/connection-details";
import { DatasetDatasource, DatasourceKey } from "../clients/power-bi";
import { Failure } from "./provider";

/** What is expected of a dataset's sources. */
export interface ExpectedSources {
    target: DatabricksTarget;
    allowCredentialLoss: boolean;
}

/** A dataset as the user reads it. */
export function showDataset(dataset: { datasetName: string; workspaceName: string }): string {
    return `dataset "${dataset.datasetName}" in workspace "${dataset.workspaceName}"`;
}

/** The datasources that point to the warehouse: all of them, never just the first. */
export function matchingDatasources(sources: DatasetDatasource[], target: DatabricksTarget): DatasourceKey[] {
    return sources.flatMap((source) => {
        const { gatewayId, datasourceId } = source;
        return pointsTo(source, target) && gatewayId && datasourceId ? [{ gatewayId, datasourceId }] : [];
    });
}

/**
 * Why a dataset must not be bound: it reads another warehouse than declared, or a take-over would drop credentials of
 * its other sources (learn.microsoft.com, Datasets - Take Over In Group) and nobody said that it may.
 *
 * @param name the dataset as the user reads it.
 */
export function objectionsTo(
    name: string,
    expected: ExpectedSources,
    sources: DatasetDatasource[],
    takesOver: boolean,
): Failure[] {
    const others = sources.filter((source) => !pointsTo(source, expected.target));
    if (others.length === sources.length) {
        const reason =
            `${name} reads ${showSources(sources)}, not the declared warehouse ${showTarget(expected.target)}. Declare ` +
            "the warehouse that it reads, or correct the dataset's connection";
        return [{ property: "target", reason }];
    }
    if (takesOver && !expected.allowCredentialLoss && others.length > 0) {
        const reason =
            `taking over ${name} would drop its owner's credentials of its other sources: ${showSources(others)}. Set ` +
            "allowCredentialLoss: true on the binding if they are set again by other means";
        return [{ property: "allowCredentialLoss", reason }];
    }
    return [];
}

const readsElsewhere = "reads ";

/** What can be seen of a dataset's sources: the datasources that point to the warehouse, or else what it reads. */
export function observationOf(sources: DatasetDatasource[], target: DatabricksTarget): string[] {
    const matching = matchingDatasources(sources, target).map(showKey).sort();
    return matching.length > 0 ? matching : [readsElsewhere + showSources(sources)];
}

/** What changed in the sources of a dataset that was bound, in words. */
export function driftOfDatasources(
    name: string,
    target: DatabricksTarget,
    known: DatasourceKey[],
    observed: string[],
): string[] {
    const knownKeys = known.map(showKey);
    return observed
        .filter((key) => !knownKeys.includes(key))
        .map((key) =>
            key.startsWith(readsElsewhere)
                ? `${name} now ${key}, not ${showTarget(target)}`
                : `${name} is now bound to datasource ${key}, not ${knownKeys.join(", ")}`,
        );
}

function showKey({ gatewayId, datasourceId }: DatasourceKey): string {
    return `${datasourceId} of gateway ${gatewayId}`;
}

function pointsTo(source: DatasetDatasource, target: DatabricksTarget): boolean {
    const found = parseConnectionDetails(source.connectionDetails);
    return found !== undefined && sameTarget(found, target);
}

function showSources(sources: DatasetDatasource[]): string {
    const shown = sources.map((source) => {
        const target = parseConnectionDetails(source.connectionDetails);
        return target ? showTarget(target) : `${source.datasourceType} ${JSON.stringify(source.connectionDetails)}`;
    });
    return shown.join("; ") || "no datasource at all";
}
