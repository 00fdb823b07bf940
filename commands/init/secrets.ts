import { spawn } from "node:child_process";
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
export function storeSecret(secret: SecretValue, value: string, stack: string, folder: string): Promise<void> {
    return new Promise((resolve, reject) => {
        const command = spawn("pulumi", [...argumentsFor(secret, stack), "--non-interactive"], {
            cwd: folder,
            stdio: ["pipe", "ignore", "pipe"],
        });
        let said = "";
        command.stderr.on("data", (chunk: Buffer) => (said += chunk.toString("utf8")));
        command.on("error", reject);
        command.on("close", (code) =>
            code === 0
                ? resolve()
                : reject(new Error(`${secret.key} was not stored: ${said.split(value).join("…").trim()}`)),
        );
        command.stdin.end(value);
    });
}
