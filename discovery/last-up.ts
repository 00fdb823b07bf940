import * as pulumi from "@pulumi/pulumi";
import { StackOutputs } from "../outputs";
import { KnownSources, Source } from "./inventory";

/** What the outputs of the last successful up tell. */
export interface LastUp {
    /** The sources of the datasets that it bound, where they need not be asked for. */
    sources: KnownSources;
    /** The application ids of the service principals, by the credentials' names. */
    applicationIds: Record<string, string>;
}

/** What the run reads that is the first. */
export const nothingYet: LastUp = { sources: new Map(), applicationIds: {} };

/**
 * Reads the outputs of the last successful up of this stack.
 *
 * @param rotationKey the key in use now.
 */
export async function readLastUp(rotationKey: string): Promise<LastUp> {
    const self = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
    const reference = new pulumi.StackReference("last-up", { name: self });
    const { value } = await reference.getOutputDetails("credentials");
    const credentials = (value ?? {}) as StackOutputs["credentials"];
    const applicationIds = Object.entries(credentials).map(([name, { applicationId }]) => [name, applicationId]);
    return { sources: knownSources(credentials, rotationKey), applicationIds: Object.fromEntries(applicationIds) };
}

/**
 * What the outputs of the last up say of datasets' sources, for the run that rotates: it need not ask for them, so that a
 * rotation makes no request for each dataset, however many there are. Every other run asks, and sees what has changed.
 */
export function knownSources(credentials: StackOutputs["credentials"], rotationKey: string): KnownSources {
    const known = new Map<string, Source[]>();
    for (const credential of Object.values(credentials)) {
        if (credential.rotationKey === rotationKey) {
            return new Map();
        }
        for (const { gatewayId, datasourceId, host, httpPath, datasets } of credential.datasources) {
            const source: Source = { target: { host, httpPath }, gatewayId, datasourceId, text: host + httpPath };
            datasets.forEach(({ datasetId }) => known.set(datasetId, [...(known.get(datasetId) ?? []), source]));
        }
    }
    return known;
}
