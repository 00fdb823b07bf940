import { AzureDevOps } from "./azure-devops";
import { PipelineError } from "./command-line";
import { Forge } from "./forge";
import { GitHub } from "./github";

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
