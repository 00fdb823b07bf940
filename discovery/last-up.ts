import * as pulumi from "@pulumi/pulumi";
import { StackOutputs } from "../outputs";
import { KnownSources, Source } from "./inventory";

/** What the last up that came to its end put out; nothing before the first. A run that fails leaves it as it is. */
export async function readLastUp(): Promise<StackOutputs["credentials"]> {
    const self = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
    const reference = new pulumi.StackReference("last-up", { name: self });
    const { value } = await reference.getOutputDetails("credentials");
    return (value ?? {}) as StackOutputs["credentials"];
}

/**
 * Reads the outputs of the last successful up of this stack.
 *
 * @param rotationKey the key in use now.
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
