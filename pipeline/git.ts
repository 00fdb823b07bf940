import { spawnSync } from "node:child_process";
import { PipelineError } from "./command-line";

/**
 * Runs git in the project's folder and answers what it printed.
 *
 * @throws PipelineError with git's own words.
 */
export function git(...args: string[]): string {
    const result = spawnSync("git", args, { encoding: "utf8" });
    if (result.status !== 0) {
        const words = (result.stderr || String(result.error ?? "")).trim();
        throw new PipelineError(`git ${args.join(" ")} failed: ${words}`);
    }
    return result.stdout.trim();
}

/**
 * Commits one file alone and pushes the commit to a branch of origin.
 *
 * @param overwrite whether what the branch holds may be replaced: it is one that only this project's scripts write.
 */
export function commitAndPush(file: string, message: string, branch: string, overwrite: boolean): void {
    git("add", file);
    git("commit", "--message", message, "--", file);
    git("push", ...(overwrite ? ["--force"] : []), "origin", `HEAD:refs/heads/${branch}`);
}
