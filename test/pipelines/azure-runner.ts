import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { parse } from "yaml";
import { Contexts, evaluate, substitute } from "./expressions";
import { JobResult, ScriptRunner } from "./job";
import { Repository } from "./repository";

/** What starts a run of the pipeline. */
export interface AzureRun {
    reason: "IndividualCI" | "PullRequest" | "Schedule" | "Manual";
    branch: string;
    pullRequest?: number;
    /** The schedule's display name. */
    schedule?: string;
    parameters?: Record<string, unknown>;
}

/** What the runner needs to know of its world. */
export interface AzureWorld {
    repository: Repository;
    scripts: ScriptRunner;
    collectionUrl: string;
    /** The token that `System.AccessToken` stands for. */
    accessToken: string;
    /** Variables that every job of Azure Pipelines has, and that ask for tokens of an identity. */
    idTokens: Record<string, string>;
    /** The variable groups by name. */
    groups: Record<string, Record<string, string>>;
    /** Hears which service connection a script runs as. */
    onConnection(name: string): Promise<void>;
}

type Step = Record<string, unknown> & {
    inputs?: Record<string, unknown>;
    env?: Record<string, unknown>;
    parameters?: Record<string, unknown>;
    condition?: string;
};

interface Stage {
    stage: string;
    dependsOn?: string | string[];
    condition?: string;
    variables?: { group: string }[];
    jobs: {
        job?: string;
        deployment?: string;
        environment?: string;
        steps?: Step[];
        strategy?: { runOnce: { deploy: { steps: Step[] } } };
    }[];
}

interface JobState {
    folder: string;
    failed: boolean;
    output: string;
    variables: Record<string, string>;
    parameters: Record<string, unknown>;
}

/** Runs azure-pipelines.yml as Azure Pipelines does, as far as it uses it: stages in order, each in a fresh checkout. */
export class AzureRunner {
    constructor(private readonly world: AzureWorld) {}

    /** Runs the pipeline of the run's branch and answers how its stages went. */
    async run(run: AzureRun): Promise<Record<string, JobResult>> {
        const pipeline = parse(this.world.repository.read(run.branch, "azure-pipelines.yml"));
        const defaults = pipeline.parameters.map((item: { name: string; default: unknown }) => [
            item.name,
            item.default,
        ]);
        const unknown = Object.keys(run.parameters ?? {}).filter(
            (name) => !defaults.some(([known]: [string]) => known === name),
        );
        assert.deepEqual(unknown, [], "parameters of the pipeline");
        const parameters = { ...Object.fromEntries(defaults), ...run.parameters };
        const variables = { ...this.predefined(run), ...pipeline.variables };
        const results: Record<string, JobResult> = {};
        let previous: string[] = [];
        for (const stage of pipeline.stages as Stage[]) {
            const needed = stage.dependsOn === undefined ? previous : [stage.dependsOn].flat();
            previous = [stage.stage];
            assert.ok(
                needed.every((name) => name in results),
                `${stage.stage} stands after what it depends on`,
            );
            const succeeded = needed.every((name) => results[name].result === "success");
            const failed = needed.some((name) => results[name].result === "failure");
            const condition = String(substitute(stage.condition ?? "succeeded()", { parameters }));
            const isWanted = holds(condition, functionsOf(variables, succeeded, failed));
            results[stage.stage] = isWanted
                ? await this.runStage(stage, run, variables, parameters)
                : { output: "", result: "skipped", outputs: {} };
        }
        return results;
    }

    private predefined(run: AzureRun): Record<string, string> {
        const isPullRequest = run.reason === "PullRequest";
        return {
            "Build.Reason": run.reason,
            "Build.SourceBranch": isPullRequest ? `refs/pull/${run.pullRequest}/merge` : `refs/heads/${run.branch}`,
            "Build.BuildId": "1",
            "Build.Repository.ID": "4e900000-0000-4000-8000-000000000001",
            "Build.CronSchedule.DisplayName": run.schedule ?? "",
            "System.CollectionUri": this.world.collectionUrl,
            "System.TeamProject": "platform",
            TF_BUILD: "True",
            ...(isPullRequest
                ? { "System.PullRequest.PullRequestId": String(run.pullRequest), "System.PullRequest.IsFork": "False" }
                : {}),
        };
    }

    private async runStage(
        stage: Stage,
        run: AzureRun,
        variables: Record<string, string>,
        parameters: Record<string, unknown>,
    ): Promise<JobResult> {
        assert.equal(stage.jobs.length, 1, "a stage has one job");
        const [job] = stage.jobs;
        const groups = (stage.variables ?? []).map(({ group }) => {
            assert.ok(group in this.world.groups, `there is a variable group ${group}`);
            return this.world.groups[group];
        });
        const state: JobState = {
            folder: "",
            failed: false,
            output: "",
            variables: Object.assign({}, variables, ...groups),
            parameters,
        };
        await this.runSteps(job.steps ?? job.strategy!.runOnce.deploy.steps, run, state);
        return { output: state.output, result: state.failed ? "failure" : "success", outputs: {} };
    }

    private async runSteps(steps: Step[], run: AzureRun, state: JobState): Promise<void> {
        for (const step of steps) {
            const condition = step.condition ?? "succeeded()";
            if (!holds(condition, functionsOf(state.variables, !state.failed, state.failed))) {
                continue;
            }
            if (step.checkout) {
                this.checkout(step, run, state);
            } else if (step.template) {
                const inner = parse(this.world.repository.read(run.branch, String(step.template)));
                const given = Object.entries(step.parameters ?? {});
                const declared = (inner.parameters ?? []).map(({ name }: { name: string }) => name);
                assert.deepEqual(given.map(([name]) => name).sort(), declared.sort(), `parameters of ${step.template}`);
                const outer = state.parameters;
                state.parameters = Object.fromEntries(given);
                await this.runSteps(inner.steps, run, state);
                state.parameters = outer;
            } else {
                await this.script(step, state);
            }
        }
    }

    private checkout(step: Step, run: AzureRun, state: JobState): void {
        const isMerge = run.reason === "PullRequest";
        state.folder = this.world.repository.checkout(run.branch, isMerge ? "main" : undefined);
        execFileSync("git", ["checkout", "--quiet", "--detach"], { cwd: state.folder });
        if (step.persistCredentials !== true) {
            execFileSync("git", ["remote", "set-url", "--push", "origin", "/no-credentials"], { cwd: state.folder });
        }
    }

    private async script(step: Step, state: JobState): Promise<void> {
        const resolve = (value: unknown) =>
            String(substitute(value, { parameters: state.parameters })).replace(/\$\(([\w.]+)\)/g, (text, name) =>
                name === "System.AccessToken" ? this.world.accessToken : (state.variables[name] ?? text),
            );
        let script = step.bash;
        if (step.task === "AzureCLI@2") {
            const { azureSubscription, scriptType, scriptLocation, inlineScript } = step.inputs!;
            assert.deepEqual([scriptType, scriptLocation], ["bash", "inlineScript"]);
            await this.world.onConnection(resolve(azureSubscription));
            script = resolve(inlineScript);
        } else if (step.task) {
            assert.ok(["NodeTool@0", "Cache@2"].includes(String(step.task)), `the runner knows ${String(step.task)}`);
            return;
        }
        assert.equal(typeof script, "string", `a step is a script: ${JSON.stringify(step)}`);
        const env = Object.entries(step.env ?? {}).map(([name, value]) => [name, spelled(resolve(value))]);
        const environment = {
            ...asVariables(state.variables),
            ...this.world.idTokens,
            ...Object.fromEntries(env),
        };
        const { exitCode, output } = await this.world.scripts.run(String(script), state.folder, environment);
        state.output += `$ ${String(script)}\n${output}`;
        state.failed ||= exitCode !== 0;
    }
}

/** Evaluates a condition; its function `in` is a word of JavaScript's own. */
function holds(condition: string, contexts: Contexts): boolean {
    return Boolean(evaluate(condition.replace(/\bin\(/g, "isIn("), contexts));
}

/** Variables as scripts see them: upper case, with underscores. */
function asVariables(variables: Record<string, string>): Record<string, string> {
    const entries = Object.entries(variables).map(([name, value]) => [name.toUpperCase().replace(/[ .]/g, "_"), value]);
    return Object.fromEntries(entries);
}

/** Booleans as Azure Pipelines spells them. */
function spelled(value: string): string {
    return value === "true" ? "True" : value === "false" ? "False" : value;
}

function functionsOf(variables: Record<string, string>, succeeded: boolean, failed: boolean): Contexts {
    return {
        variables,
        eq: (one: unknown, other: unknown) => one === other,
        ne: (one: unknown, other: unknown) => one !== other,
        and: (...values: unknown[]) => values.every(Boolean),
        or: (...values: unknown[]) => values.some(Boolean),
        isIn: (one: unknown, ...others: unknown[]) => others.includes(one),
        not: (value: unknown) => !value,
        canceled: () => false,
        succeeded: () => succeeded,
        failed: () => failed,
        succeededOrFailed: () => true,
    };
}
