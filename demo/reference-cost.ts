import { LoggedRequest } from "../sandbox/control-client";
import { DatasetOutputs, DatasourceOutputs, StackOutputs } from "../outputs";

/**
 * Requests that the reference scripts (bash, PowerShell) make to Entra and Power BI for one dataset, by the kind of its
 * gateway, counted in their source; a refresh is one more.
 */
const requestsPerDataset: Record<DatasourceOutputs["kind"], number> = { NoGateway: 6, Onpremises: 6, VNET: 5 };

/** Calls of the Databricks CLI that they make for one dataset, each a process and a request at least. */
const databricksCallsPerDataset = 7;

/** What a rotation costs, in requests. */
export interface RotationCost {
    /** The datasets that read with a rotated credential. */
    datasets: number;
    /** The distinct datasources. */
    datasources: number;
    /** What this program sent, to all services. */
    requests: number;
    /** Those among them that stored a credential. */
    credentialsSet: number;
    /** What the reference scripts send for the same datasets. */
    referenceRequests: number;
    /** How many credentials they set. */
    referenceCredentialsSet: number;
}

/** Compares the requests of a rotation with what the reference scripts make for the same datasets. */
export function compareWithReference(outputs: StackOutputs, sent: LoggedRequest[]): RotationCost {
    const credentials = Object.values(outputs.credentials);
    const datasources = credentials.flatMap((credential) => credential.datasources);
    const datasets: DatasetOutputs[] = credentials.flatMap((credential) => credential.datasets);
    const perDatasource = datasources.map(({ kind, datasets: users }) => users.length * requestsPerDataset[kind]);
    const refreshes = datasets.filter(({ lastRefresh }) => lastRefresh !== undefined).length;
    return {
        datasets: datasets.length,
        datasources: datasources.length,
        requests: sent.length,
        credentialsSet: sent.filter(isCredentialSet).length,
        referenceRequests: sum(perDatasource) + refreshes + datasets.length * databricksCallsPerDataset,
        referenceCredentialsSet: datasets.length,
    };
}

/** A cost as people read it. */
export function describeCost(cost: RotationCost): string[] {
    return [
        `${cost.datasets} datasets read through ${cost.datasources} datasources`,
        `this rotation: ${cost.requests} requests, ${cost.credentialsSet} credentials set`,
        `the reference scripts: ${cost.referenceRequests} requests, ${cost.referenceCredentialsSet} credentials set, ` +
            "a secret for each dataset (Databricks keeps 5)",
    ];
}

function isCredentialSet({ method, path }: LoggedRequest): boolean {
    return method === "PATCH" && /\/gateways\/[^/]+\/datasources\/|\/v1\/connections\//.test(path);
}

function sum(numbers: number[]): number {
    return numbers.reduce((total, value) => total + value, 0);
}
