import * as pulumi from "@pulumi/pulumi";
import { StackOutputs } from "../outputs";

/** What the last up that came to its end put out; nothing before the first. A run that fails leaves it as it is. */
export async function readLastUp(): Promise<StackOutputs["credentials"]> {
    const self = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
    const reference = new pulumi.StackReference("last-up", { name: self });
    const { value } = await reference.getOutputDetails("credentials");
    return (value ?? {}) as StackOutputs["credentials"];
}

/**
 * Whether this run changes the key in use; also each retry of such a run until one comes to its end.
 *
 * @param rotationKey the key in use now.
 */
export function isRotation(credentials: StackOutputs["credentials"], rotationKey: string): boolean {
    const former = Object.values(credentials);
    return former.length > 0 && former.every((credential) => credential.rotationKey !== rotationKey);
}
