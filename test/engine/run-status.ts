import { spawn } from "node:child_process";
import * as path from "node:path";
import { Stack } from "../../engine/stack";
import { projectRoot } from "../../engine/home";

/** What the command printed, and how it ended. */
export interface StatusResult {
    exitCode: number;
    stdout: string;
    stderr: string;
}

/** Runs `npm run status` on a stack that has a folder of its own. */
export function runStatus(stack: Stack, ...args: string[]): Promise<StatusResult> {
    const command = ["-r", "ts-node/register/transpile-only", path.join(projectRoot, "commands", "status.ts")];
    return new Promise((resolve, reject) => {
        const child = spawn(process.execPath, [...command, "--cwd", stack.folder, ...args], {
            cwd: projectRoot,
            env: { ...process.env, ...stack.variables() },
            stdio: ["ignore", "pipe", "pipe"],
        });
        let [stdout, stderr] = ["", ""];
        child.stdout.on("data", (chunk: Buffer) => void (stdout += chunk.toString("utf8")));
        child.stderr.on("data", (chunk: Buffer) => void (stderr += chunk.toString("utf8")));
        child.on("error", reject);
        child.on("close", (code) => resolve({ exitCode: code ?? -1, stdout, stderr }));
    });
}
