import { spawn } from "node:child_process";
import * as path from "node:path";
import { projectRoot } from "../../engine/home";
import { Printed } from "../../commands/pulumi-cli";
import { Stack } from "../../engine/stack";

/** Runs one of the project's commands on a stack, as `npm run` does, without a terminal. */
export function runCommand(stack: Stack, command: "doctor" | "init" | "status", ...args: string[]): Promise<Printed> {
    const script = path.join(projectRoot, "commands", `${command}.ts`);
    return new Promise((resolve, reject) => {
        const child = spawn(
            process.execPath,
            ["-r", "ts-node/register/transpile-only", script, "--cwd", stack.folder, ...args],
            {
                cwd: projectRoot,
                env: { ...process.env, ...stack.variables() },
                stdio: ["ignore", "pipe", "pipe"],
            },
        );
        const printed = { stdout: "", stderr: "" };
        child.stdout.on("data", (chunk: Buffer) => (printed.stdout += chunk.toString("utf8")));
        child.stderr.on("data", (chunk: Buffer) => (printed.stderr += chunk.toString("utf8")));
        child.on("error", reject);
        child.on("close", (code) => resolve({ exitCode: code ?? -1, ...printed }));
    });
}
