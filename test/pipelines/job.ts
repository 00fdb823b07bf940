import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { linkModules } from "../engine/linked-modules";

/** How a job went. */
export interface JobResult {
    /** What its steps printed. */
    output: string;
    result: "success" | "failure" | "skipped";
    outputs: Record<string, string>;
}

/** What looks at the code alone, in the jobs of both systems. `workflows.test.ts` sees that both have these scripts. */
export const checks = ["npm run lint", "npm run typecheck", "npm run test:fast"];

/**
 * Runs the scripts of jobs, in their folders. The packages are installed once, by the first job's `npm ci`; the jobs after
 * it find them in their folder, because that installation is the same for each and takes longer than most of them.
 */
export class ScriptRunner {
    /** The scripts that were asked for and not run. */
    readonly notRun: string[] = [];
    private installed?: string = process.env.DEV_MODULES;

    /**
     * @param machine the variables of the machine that runs jobs.
     * @param leftToOthers scripts that are not run here, because the same is done with the same code elsewhere. Without
     *   `npm ci` the packages are those that are installed here.
     */
    constructor(
        private readonly machine: Record<string, string>,
        private readonly leftToOthers: string[],
    ) {}

    /** Runs a script with bash, as both systems do, and answers its exit code and what it printed. */
    async run(
        script: string,
        folder: string,
        environment: Record<string, string>,
    ): Promise<{ exitCode: number; output: string }> {
        const modules = path.join(folder, "node_modules");
        if (this.leftToOthers.includes(script.trim())) {
            this.notRun.push(script.trim());
            if (script.trim() === "npm ci") {
                linkModules(folder);
            }
            return { exitCode: 0, output: "" };
        }
        if (script.trim() === "npm ci" && this.installed) {
            fs.renameSync(this.installed, modules);
            this.installed = modules;
            return { exitCode: 0, output: "" };
        }
        const ended = await spawnScript(script, folder, { ...this.machine, ...environment });
        if (script.trim() === "npm ci" && ended.exitCode === 0) {
            this.installed = modules;
        }
        return ended;
    }
}

function spawnScript(
    script: string,
    cwd: string,
    env: Record<string, string>,
): Promise<{ exitCode: number; output: string }> {
    return new Promise((resolve, reject) => {
        const args = ["--noprofile", "--norc", "-eo", "pipefail", "-c", script];
        const child = spawn("bash", args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
        let output = "";
        const collect = (chunk: Buffer) => void (output += chunk.toString("utf8"));
        child.stdout.on("data", collect);
        child.stderr.on("data", collect);
        child.on("error", reject);
        child.on("close", (code) => resolve({ exitCode: code ?? -1, output }));
    });
}
