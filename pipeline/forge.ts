import { PipelineError } from "./command-line";

/** An issue, or a work item, that one pipeline keeps. */
export interface Report {
    /** Tells this report from others; there is one open at most. */
    marker: string;
    title: string;
    /** Markdown. */
    body: string;
}

/** A pull request to open. */
export interface Proposal {
    /** The branch with the change, which has been pushed. */
    branch: string;
    /** The branch that it goes to. */
    target: string;
    title: string;
    /** Markdown. */
    body: string;
}

/** Where the project's repository lives, as a pipeline's job sees it. */
export interface Forge {
    /** The number of the pull request that the job runs for, if it does. */
    pullRequest(): string | undefined;
    /** The address of the job's run, for people. */
    runAddress(): string;
    /** Writes the comment with this marker below a pull request: adds it, or replaces the one that is there. */
    comment(pullRequest: string, marker: string, text: string): Promise<void>;
    /** Opens a report, or brings the open one up to date. Answers its address. */
    openReport(report: Report): Promise<string>;
    /** Closes the open report with a last word, if there is one. */
    closeReport(marker: string, lastWord: string): Promise<void>;
    /** Opens a pull request, or finds the one that is open for the branch. Answers its address. */
    propose(proposal: Proposal): Promise<string>;
}

/** The text that a marker hides in, which neither forge shows. */
export function hidden(marker: string): string {
    return `<!-- powerbi-databricks-credentials: ${marker} -->`;
}

/**
 * A variable that the job has to have.
 *
 * @param remedy how a job gets it.
 * @throws PipelineError
 */
export function variable(environment: NodeJS.ProcessEnv, name: string, remedy = "the pipeline sets it"): string {
    const value = environment[name];
    if (!value) {
        throw new PipelineError(`${name} is not set: ${remedy}.`);
    }
    return value;
}
