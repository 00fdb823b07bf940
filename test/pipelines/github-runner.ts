import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { Contexts, evaluate, substitute } from "./expressions";
import { JobResult, ScriptRunner } from "./job";
import { Repository } from "./repository";

/** What starts a workflow. */
export interface GitHubEvent {
    name: "push" | "pull_request" | "schedule" | "workflow_dispatch";
    /** The branch: of the push, of the pull request, or that the workflow is started on. */
    branch: string;
    pullRequest?: number;
    inputs?: Record<string, unknown>;
    /** Whether the pull request comes from a fork. */
    fromFork?: boolean;
}

/** What the runner needs to know of its world. */
export interface GitHubWorld {
    repository: Repository;
    scripts: ScriptRunner;
    apiUrl: string;
    /** Where jobs ask for tokens of their identity, and with which token. */
    idTokens: { url: string; token: string };
    /** The variables of the repository, and of each environment beside them. */
    variables: { repository: Record<string, string>; environments: Record<string, Record<string, string>> };
    /** Makes a token of a job that has these permissions. */
    issueToken(permissions: Record<string, string>): string;
    /** Hears who a job's identity says that it is. */
    onSubject(subject: string): Promise<void>;
}

interface Step {
    id?: string;
    if?: string;
    uses?: string;
    run?: string;
    with?: Record<string, unknown>;
    env?: Record<string, unknown>;
}

interface Job {
    needs?: string;
    if?: string;
    environment?: string;
    permissions?: Record<string, string>;
    env?: Record<string, unknown>;
    outputs?: Record<string, string>;
    steps: Step[];
}

export const repositoryName = "example/platform";

/** Runs workflow files as GitHub does, as far as this project's use it: jobs in order, each in a fresh checkout. */
export class GitHubRunner {
    constructor(private readonly world: GitHubWorld) {}

    /** Runs a workflow of the event's branch and answers how its jobs went. */
    async run(file: string, event: GitHubEvent): Promise<Record<string, JobResult>> {
        const { repository } = this.world;
        const workflow = parse(repository.read(event.branch, `.github/workflows/${file}`));
        assert.ok(event.name in workflow.on, `${file} is started by ${event.name}`);
        const results: Record<string, JobResult> = {};
        for (const [name, job] of Object.entries<Job>(workflow.jobs)) {
            const needed = job.needs === undefined ? undefined : results[job.needs];
            assert.ok(job.needs === undefined || needed, `${name} stands after the job that it needs`);
            const contexts = this.contexts(event, needed && { [job.needs!]: needed });
            const isWanted = (needed?.result ?? "success") === "success" && evaluate(job.if ?? "true", contexts);
            const permissions = job.permissions ?? workflow.permissions;
            results[name] = isWanted
                ? await this.runJob(job, event, contexts, permissions)
                : { output: "", result: "skipped", outputs: {} };
        }
        return results;
    }

    private contexts(event: GitHubEvent, needs: Contexts = {}): Contexts {
        const ref =
            event.name === "pull_request" ? `refs/pull/${event.pullRequest}/merge` : `refs/heads/${event.branch}`;
        const fork = { full_name: event.fromFork ? "stranger/platform" : repositoryName };
        const pullRequest = event.name === "pull_request" && { number: event.pullRequest, head: { repo: fork } };
        return {
            github: {
                event_name: event.name,
                ref,
                ref_name: ref.replace(/^refs\/(heads|pull)\//, ""),
                repository: repositoryName,
                event: pullRequest ? { pull_request: pullRequest } : {},
            },
            inputs: event.inputs ?? {},
            vars: this.world.variables.repository,
            needs,
        };
    }

    private async runJob(
        job: Job,
        event: GitHubEvent,
        outer: Contexts,
        permissions: Record<string, string>,
    ): Promise<JobResult> {
        const { variables, idTokens } = this.world;
        const environment = String(substitute(job.environment ?? "", outer));
        const token = this.world.issueToken(permissions);
        const contexts: Contexts = {
            ...outer,
            github: { ...(outer.github as object), token },
            vars: { ...variables.repository, ...variables.environments[environment] },
            steps: {},
        };
        const { ref } = contexts.github as { ref: string };
        const subject = environment ? `environment:${environment}` : `ref:${ref}`;
        await this.world.onSubject(`repo:${repositoryName}:${subject}`);
        const files = fs.mkdtempSync(path.join(this.world.repository.folder, "job-"));
        const state: JobState = {
            contexts,
            folder: "",
            files,
            failed: false,
            output: "",
            environment: {
                CI: "true",
                GITHUB_ACTIONS: "true",
                GITHUB_API_URL: this.world.apiUrl,
                GITHUB_SERVER_URL: "https://github.com",
                GITHUB_REPOSITORY: repositoryName,
                GITHUB_REF: ref,
                GITHUB_RUN_ID: "1",
                GITHUB_STEP_SUMMARY: path.join(files, "summary.md"),
                ...(permissions["id-token"] === "write"
                    ? { ACTIONS_ID_TOKEN_REQUEST_URL: idTokens.url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: idTokens.token }
                    : {}),
                ...texts(job.env, contexts),
            },
        };
        await this.runSteps(job.steps, event, state, permissions);
        return {
            output: state.output,
            result: state.failed ? "failure" : "success",
            outputs: texts(job.outputs, contexts),
        };
    }

    private async runSteps(
        steps: Step[],
        event: GitHubEvent,
        state: JobState,
        permissions: Record<string, string>,
    ): Promise<void> {
        for (const step of steps) {
            const functions = { cancelled: () => false, always: () => true, failure: () => state.failed };
            const condition = (step.if ?? "").replace(/^\$\{\{(.*)\}\}$/, "$1");
            const hasOwnSay = /(cancelled|always|failure)\(\)/.test(condition);
            const contexts = { ...state.contexts, ...functions };
            if ((state.failed && !hasOwnSay) || (condition !== "" && !evaluate(condition, contexts))) {
                continue;
            }
            if (step.uses) {
                await this.use(step, event, state, permissions);
            } else {
                await this.script(step, state);
            }
        }
    }

    private async script(step: Step, state: JobState): Promise<void> {
        const outputs = path.join(state.files, `outputs-${fs.readdirSync(state.files).length}`);
        fs.writeFileSync(outputs, "");
        const environment = { ...state.environment, ...texts(step.env, state.contexts), GITHUB_OUTPUT: outputs };
        const script = String(substitute(step.run, state.contexts));
        const { exitCode, output } = await this.world.scripts.run(script, state.folder, environment);
        state.output += `$ ${script}\n${output}`;
        state.failed ||= exitCode !== 0;
        const pairs = fs.readFileSync(outputs, "utf8").trim().split("\n");
        if (step.id) {
            const given = Object.fromEntries(pairs.filter(Boolean).map((line) => line.split("=", 2)));
            Object.assign(state.contexts.steps as object, { [step.id]: { outputs: given } });
        }
    }

    private async use(
        step: Step,
        event: GitHubEvent,
        state: JobState,
        permissions: Record<string, string>,
    ): Promise<void> {
        const given = Object.fromEntries(
            Object.entries(step.with ?? {}).map(([name, value]) =>
                step.uses!.startsWith("actions/cache") ? [name, value] : [name, substitute(value, state.contexts)],
            ),
        );
        const [action] = step.uses!.split("@");
        if (action === "actions/checkout") {
            const { repository } = this.world;
            const isMerge = event.name === "pull_request";
            state.folder = repository.checkout(String(given.ref ?? event.branch), isMerge ? "main" : undefined);
            // Without credentials, or without the permission, git cannot push.
            if (given["persist-credentials"] === false || permissions.contents !== "write") {
                execFileSync("git", ["remote", "set-url", "--push", "origin", "/no-credentials"], {
                    cwd: state.folder,
                });
            }
        } else if (action.startsWith("./")) {
            const { inputs, runs } = parse(fs.readFileSync(path.join(state.folder, action, "action.yml"), "utf8"));
            const unknown = Object.keys(given).filter((name) => !(name in inputs));
            assert.deepEqual(unknown, [], `inputs of ${action}`);
            const defaults = Object.entries<{ default: string }>(inputs).map(([name, input]) => [name, input.default]);
            const outer = state.contexts;
            state.contexts = { ...outer, inputs: { ...Object.fromEntries(defaults), ...given } };
            await this.runSteps(runs.steps, event, state, permissions);
            state.contexts = outer;
        } else if (action === "azure/login" || action === "pulumi/auth-actions") {
            // What they need: an identity that the job may ask for, and nothing empty.
            assert.equal(permissions["id-token"], "write", action);
            Object.entries(given).forEach(([name, value]) => assert.ok(value, `${action} gets ${name}`));
        } else {
            assert.ok(["actions/setup-node", "actions/cache"].includes(action), `the runner knows ${action}`);
        }
    }
}

interface JobState {
    contexts: Contexts;
    /** The checkout. */
    folder: string;
    /** The folder of the runner's own files. */
    files: string;
    failed: boolean;
    output: string;
    environment: Record<string, string>;
}

function texts(values: Record<string, unknown> | undefined, contexts: Contexts): Record<string, string> {
    const entries = Object.entries(values ?? {}).map(([name, value]) => [name, String(substitute(value, contexts))]);
    return Object.fromEntries(entries);
}
