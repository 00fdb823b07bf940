import * as pulumi from "@pulumi/pulumi";
import { CredentialOutputs, StackOutputs } from "../outputs";

/** One resource of the state, as the engine tells it. */
interface ResourceOutputs {
    type: string;
    outputs?: Record<string, unknown>;
}

/**
 * What the last up that came to its end put out; nothing before the first. The engine tells it of its own state: unlike a
 * StackReference this leaves nothing in the state, and a stack that is renamed or moved reads on.
 *
 * @throws RunError when the engine does not tell: without history no secret may die.
 * @see https://github.com/pulumi/pulumi/blob/master/pkg/resource/deploy/builtins.go
 */
export async function readLastUp(): Promise<StackOutputs["credentials"]> {
    let told: { outputs?: Record<string, ResourceOutputs> };
    try {
        const token = "pulumi:pulumi:readStackResourceOutputs";
        told = await pulumi.runtime.invoke(token, { stackName: pulumi.getStack() });
    } catch (error) {
        throw new pulumi.RunError(
            `The state of stack ${pulumi.getStack()} cannot be read: ${(error as Error).message} Nothing was changed. ` +
                "Run the command again; if it goes on, check the backend (pulumi stack export).",
        );
    }
    return lastUpOf(Object.values(told.outputs ?? {}));
}

/** Takes what the program needs out of the state; secrets are in the clear there, and go no further. */
export function lastUpOf(resources: ResourceOutputs[]): StackOutputs["credentials"] {
    const root = resources.find(({ type }) => type === "pulumi:pulumi:Stack");
    return (root?.outputs?.credentials ?? {}) as Record<string, CredentialOutputs>;
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
