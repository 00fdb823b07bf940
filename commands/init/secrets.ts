import { reasonIn, runPulumi } from "../pulumi-cli";
import { SecretValue } from "./configuration";

/** The arguments of the `pulumi` that stores a secret, whose value it reads from standard input. */
export function argumentsFor({ key, isPath }: SecretValue, stack: string): string[] {
    return ["config", "set", "--secret", "--stack", stack, ...(isPath ? ["--path"] : []), key];
}

/** The command with which a user stores a secret: it asks for the value, so that no shell's history has it. */
export function commandFor(secret: SecretValue, stack: string): string {
    const fromFile = secret.key === "powerBi.certificate" ? " < FILE.pem" : "";
    return `pulumi ${argumentsFor(secret, stack).join(" ")}${fromFile}`;
}

/**
 * Stores a secret with the stack's own encryption. The value goes through a pipe: process arguments can be read by others.
 *
 * @throws Error with what `pulumi` said.
 */
export async function storeSecret(secret: SecretValue, value: string, stack: string, folder: string): Promise<void> {
    const printed = await runPulumi(argumentsFor(secret, stack), folder, {}, value);
    if (printed.exitCode !== 0) {
        throw new Error(`${secret.key} was not stored: ${reasonIn(printed).replaceAll(value, "…")}`);
    }
}
