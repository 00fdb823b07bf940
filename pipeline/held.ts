import { Diagnostic } from "../diagnostics/diagnostic";
import { toText } from "../diagnostics/render";
import { changesFound, PulumiRun } from "./run-pulumi";

/** The exit code of a run that went well, and in which something was not found that holds a secret of the stack. */
export const somethingHeld = 7;

/** What was not found in a run and keeps its secret alive; nothing of a run that failed. */
export function heldIn({ exitCode, said }: Pick<PulumiRun, "exitCode" | "said">): Diagnostic[] {
    return exitCode === 0 || exitCode === changesFound ? said.filter(({ code }) => code === "held") : [];
}

/**
 * The exit code of a command whose run may have left something to do. What is held is said once more, as the last words
 * on the terminal and where the pipeline's page shows it: in the middle of a long log nobody reads it.
 */
export function exitCodeOf(run: Pick<PulumiRun, "exitCode" | "said">, environment = process.env): number {
    const held = heldIn(run).map(toText);
    if (held.length === 0) {
        return run.exitCode;
    }
    for (const line of annotations(held, environment)) {
        process.stdout.write(`${line}\n`);
    }
    process.stderr.write(
        [
            `It went well, and ${countHolders(held)} not found, so that an older secret is kept alive (exit code ${somethingHeld}):`,
            ...held.map((words) => `- ${words}`),
            "",
        ].join("\n"),
    );
    return somethingHeld;
}

/** How many things are held, as the beginning of a sentence. */
export function countHolders(held: string[]): string {
    return held.length === 1 ? "1 thing that holds it was" : `${held.length} things that hold it were`;
}

/**
 * Words as the pipeline's page shows them: warnings of the job.
 *
 * @see https://docs.github.com/actions/reference/workflow-commands-for-github-actions#setting-a-warning-message
 * @see https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands#logissue-log-an-error-or-warning
 */
function annotations(held: string[], { GITHUB_ACTIONS, TF_BUILD }: NodeJS.ProcessEnv): string[] {
    const escaped = held.map((words) => words.replace(/[%\r\n]/g, (char) => `%${hex(char)}`));
    if (GITHUB_ACTIONS) {
        return escaped.map((words) => `::warning title=A secret is kept alive::${words}`);
    }
    return TF_BUILD ? escaped.map((words) => `##vso[task.logissue type=warning]${words}`) : [];
}

function hex(char: string): string {
    return char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0");
}
