import { PipelineError } from "./command-line";
import { AzureDevOps } from "./azure-devops";
import { GitHub } from "./github";

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
 * The forge of the job that this runs in.
 *
 * @throws PipelineError outside of the two pipelines, or when the job does not map its token.
 */
export function forgeOfJob(environment: NodeJS.ProcessEnv = process.env): Forge {
    if (environment.GITHUB_ACTIONS === "true") {
        return new GitHub(environment);
    }
    if (environment.TF_BUILD) {
        return new AzureDevOps(environment);
    }
    throw new PipelineError(
        "this is neither a job of GitHub Actions (GITHUB_ACTIONS) nor of Azure DevOps (TF_BUILD), so there is no place " +
            "to write to. Run it there, or leave the option away that asks for it.",
    );
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
