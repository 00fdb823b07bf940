import {
    DatabricksTarget,
    isSameWarehouse,
    parseConnectionDetails,
    sameTarget,
    showSource,
    showTarget,
} from "../clients/connection-details";
import { DatasetDatasource } from "../clients/power-bi-datasets";
import { DatasourceKey } from "../clients/power-bi-gateways";
import { Failure } from "./provider";

/** What is expected of a dataset's sources. */
export interface ExpectedSources {
    /** The warehouses that the credential serves. */
    targets: DatabricksTarget[];
    /** Further hosts at which these may be read. */
    furtherHosts?: string[];
    /** The gateways through which it reads other sources: those are not the cloud's. */
    gateways: string[];
    /** Other warehouses that it reads, whose credentials this stack sets too. */
    servedElsewhere: DatabricksTarget[];
    allowCredentialLoss: boolean;
}

/** A datasource, and where it points to. */
export interface TargetedKey extends DatasourceKey {
    target: DatabricksTarget;
}

/** A dataset as the user reads it. */
export function showDataset(dataset: { datasetName: string; workspaceName: string }): string {
    return `dataset "${dataset.datasetName}" in workspace "${dataset.workspaceName}"`;
}

/** The cloud datasources that point to the warehouses: all of them, never just the first. */
export function matchingDatasources(sources: DatasetDatasource[], expected: ExpectedSources): TargetedKey[] {
    return sources.flatMap((source) => {
        const { gatewayId, datasourceId } = source;
        const target = servedTarget(source, expected);
        return target && gatewayId && datasourceId ? [{ gatewayId, datasourceId, target }] : [];
    });
}

/**
 * Why a dataset must not be bound: it reads another warehouse than declared, or a take-over would drop credentials of
 * its other cloud sources (learn.microsoft.com, Datasets - Take Over In Group) and nobody said that it may.
 *
 * @param name the dataset as the user reads it.
 */
export function objectionsTo(
    name: string,
    expected: ExpectedSources,
    sources: DatasetDatasource[],
    takesOver: boolean,
): Failure[] {
    const inCloud = sources.filter((source) => !isBehindGateway(source, expected));
    const others = inCloud.filter((source) => !servedTarget(source, expected) && !isServedElsewhere(source, expected));
    if (matchingCount(inCloud, expected) === 0) {
        const reason =
            `${name} reads ${showSources(sources)}, not the declared warehouse ${expected.targets.map(showTarget).join(", ")}. ` +
            "Declare the warehouse that it reads, or correct the dataset's connection";
        return [{ property: "targets", reason }];
    }
    if (takesOver && !expected.allowCredentialLoss && others.length > 0) {
        const reason =
            `taking over ${name} would drop its owner's credentials of its other sources: ${showSources(others)}. Set ` +
            "allowCredentialLoss: true on the binding if they are set again by other means";
        return [{ property: "allowCredentialLoss", reason }];
    }
    return [];
}

/**
 * What changed in the sources of a dataset that was bound, in words.
 *
 * @param observed the datasources as discovery found them; empty while it did not look.
 */
export function driftOfDatasources(name: string, known: DatasourceKey[], observed: string[]): string[] {
    const knownKeys = known.map(showKey);
    return observed
        .filter((key) => !knownKeys.includes(key))
        .map((key) => `${name} is now bound to datasource ${key}, not ${knownKeys.join(", ")}`);
}

function showKey({ gatewayId, datasourceId }: DatasourceKey): string {
    return `${datasourceId} of gateway ${gatewayId}`;
}

function matchingCount(sources: DatasetDatasource[], expected: ExpectedSources): number {
    return sources.filter((source) => servedTarget(source, expected)).length;
}

/** What a source reads of the warehouses, at the host that it names. */
function servedTarget(source: DatasetDatasource, expected: ExpectedSources): DatabricksTarget | undefined {
    const { targets, furtherHosts = [] } = expected;
    const found = parseConnectionDetails(source.connectionDetails);
    const isMeant = found !== undefined && targets.some((target) => isSameWarehouse(found, target, furtherHosts));
    return isMeant && !isBehindGateway(source, expected) ? found : undefined;
}

function isServedElsewhere(source: DatasetDatasource, { servedElsewhere }: ExpectedSources): boolean {
    const found = parseConnectionDetails(source.connectionDetails);
    return found !== undefined && servedElsewhere.some((target) => sameTarget(found, target));
}

function isBehindGateway({ gatewayId }: DatasetDatasource, { gateways }: ExpectedSources): boolean {
    return gateways.some((id) => id.toLowerCase() === gatewayId?.toLowerCase());
}

function showSources(sources: DatasetDatasource[]): string {
    return sources.map(showSource).join("; ") || "no datasource at all";
}
