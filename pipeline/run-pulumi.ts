import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { constants } from "node:os";
import * as path from "node:path";
import { Diagnostic } from "../diagnostics/diagnostic";
import { withRecord } from "../diagnostics/record";
import { FailedDownload } from "../engine/failed-download";

/** What a `pulumi` command printed, and how it ended. */
export interface PulumiRun {
    exitCode: number;
    /** Standard output and standard error in the order in which they came. Secrets are masked by the engine. */
    output: string;
    /** What the program and its providers said, as data. */
    said: Diagnostic[];
}

/** The exit code of a preview that found changes where `--expect-no-changes` allows none. */
export const changesFound = 7;

/**
 * Runs `pulumi` in the project's folder, with what it prints passed through. The policy pack of the project, where there
 * is one, judges previews and updates alike.
 */
export function runPulumi(command: "preview" | "up", stack: string, ...args: string[]): Promise<PulumiRun> {
    const all = [command, "--stack", stack, "--non-interactive", "--color", "never", ...policyPack(), ...args];
    return withRecord(async (variables, said) => ({ ...(await spawnPulumi(all, variables)), said: said() }));
}

function spawnPulumi(args: string[], variables: Record<string, string>): Promise<Omit<PulumiRun, "said">> {
    return new Promise((resolve, reject) => {
        // In a process group of its own: the npm package starts the engine in a second process, and both have to hear
        // when the job is cancelled. The engine then ends what it is at, writes the state and releases the lock.
        const child = spawn("pulumi", args, {
            stdio: ["ignore", "pipe", "pipe"],
            detached: true,
            env: { ...process.env, ...variables },
        });
        let output = "";
        const collect = (to: NodeJS.WriteStream) => (chunk: Buffer) => {
            output += chunk.toString("utf8");
            to.write(chunk);
        };
        child.stdout.on("data", collect(process.stdout));
        child.stderr.on("data", collect(process.stderr));
        const interrupt = () => void (child.pid && process.kill(-child.pid, "SIGINT"));
        process.on("SIGTERM", interrupt).on("SIGINT", interrupt);
        child.on("error", reject);
        child.on("close", (code, signal) => {
            process.off("SIGTERM", interrupt).off("SIGINT", interrupt);
            const failed = code === 0 ? undefined : FailedDownload.in(output);
            if (failed) {
                collect(process.stderr)(Buffer.from(`error: ${failed.message}\n`));
            }
            resolve({ exitCode: code ?? 128 + (signal ? constants.signals[signal] : 0), output });
        });
    });
}

function policyPack(): string[] {
    return fs.existsSync(path.join("policy", "PulumiPolicy.yaml")) ? ["--policy-pack", "policy"] : [];
}
