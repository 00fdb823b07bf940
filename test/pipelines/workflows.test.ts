import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../engine/home";
import { goTool } from "../tools/go-tool";
import { checks } from "./job";

const read = (...names: string[]) => fs.readFileSync(path.join(projectRoot, ...names), "utf8");
const workflows = fs.readdirSync(path.join(projectRoot, ".github", "workflows"));
const jobsOf = (file: string) => Object.entries<Job>(parse(read(".github", "workflows", file)).jobs);

interface Job {
    environment?: string;
    permissions?: Record<string, string>;
    concurrency?: { group: string; "cancel-in-progress": boolean };
    steps: { run?: string; uses?: string }[];
}

describe("the workflow files", function () {
    this.timeout(10 * 60_000);

    it("have nothing that actionlint objects to", async () => {
        const actionlint = await goTool("actionlint");
        const files = workflows.map((file) => path.join(".github", "workflows", file));
        const options = { cwd: projectRoot, encoding: "utf8" as const };
        // It exits with 1 and prints what it objects to.
        assert.equal(execFileSync(actionlint, ["-no-color", ...files], options), "");
    });

    it("pin every action to a commit, with its version beside it", () => {
        const texts = [
            ...workflows.map((file) => read(".github", "workflows", file)),
            read(".github", "actions", "prepare", "action.yml"),
        ];
        const uses = texts.flatMap((text) => [...text.matchAll(/^\s*-?\s*uses: (.+)$/gm)].map(([, what]) => what));
        const foreign = uses.filter((what) => !what.startsWith("./"));
        assert.ok(foreign.length > 5);
        foreign.forEach((what) => assert.match(what, /^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/));
    });

    it("name one commit for each action", () => {
        const texts = [
            ...workflows.map((file) => read(".github", "workflows", file)),
            read(".github", "actions", "prepare", "action.yml"),
        ];
        const pins = new Set(texts.join("\n").match(/[\w-]+\/[\w-]+@[0-9a-f]{40}/g));
        const actions = new Set([...pins].map((pin) => pin.split("@")[0]));
        assert.equal(pins.size, actions.size);
    });

    it("give rights job by job, and no secret to any", () => {
        for (const file of workflows) {
            const text = read(".github", "workflows", file);
            assert.deepEqual(parse(text).permissions, { contents: "read" }, file);
            assert.doesNotMatch(text, /\bsecrets\./, file);
        }
    });

    it("let one job at a time change the services, and stop none half-way", () => {
        const changing = workflows.flatMap((file) =>
            jobsOf(file)
                .filter(([, job]) => job.steps.some(({ run }) => run?.includes("npm run deploy")))
                .map(([name, job]) => ({
                    name,
                    job,
                    group: job.concurrency ?? parse(read(".github", "workflows", file)).concurrency,
                })),
        );
        assert.deepEqual(changing.map(({ name }) => name).sort(), ["apply", "deploy"]);
        const groups = changing.map(({ group }) => group);
        assert.deepEqual(groups[0], groups[1]);
        assert.equal(groups[0]["cancel-in-progress"], false);
        changing.forEach(({ job }) => assert.match(job.environment!, /production/));
    });

    it("log in to look with identities of other environments than the one that changes", () => {
        for (const name of ["preview", "drift"]) {
            jobsOf(`${name}.yml`).forEach(([, job]) => assert.equal(job.environment, name));
        }
    });

    it("run npm scripts that exist, and nothing else that matters", () => {
        const { scripts } = JSON.parse(read("package.json"));
        const texts = [...workflows.map((file) => read(".github", "workflows", file)), read("azure-pipelines.yml")];
        const names = texts.flatMap((text) =>
            [...text.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, name]) => name),
        );
        assert.ok(names.length > 10);
        names.forEach((name) => assert.ok(name in scripts, `npm run ${name}`));
    });
});

describe("the checks of the code", () => {
    it("are the same in both systems: the tests of GitHub's run them", () => {
        const pipeline = parse(read("azure-pipelines.yml"));
        const [, { steps }] = jobsOf("ci.yml").find(([name]) => name === "check")!;
        const ofAzure: { bash?: string }[] = pipeline.stages.find(({ stage }: { stage: string }) => stage === "check")
            .jobs[0].steps;
        assert.deepEqual(
            steps.flatMap(({ run }) => run ?? []),
            checks,
        );
        assert.deepEqual(
            ofAzure.flatMap(({ bash }) => bash ?? []),
            checks,
        );
    });
});

describe("azure-pipelines.yml", () => {
    const pipeline = parse(read("azure-pipelines.yml"));
    interface Stage {
        stage: string;
        lockBehavior?: string;
        variables?: { group: string }[];
        jobs: { environment?: string }[];
    }
    const stages: Stage[] = pipeline.stages;
    const groupsOf = (name: string) => stages.find(({ stage }) => stage === name)?.variables?.map(({ group }) => group);

    it("changes the services one run at a time, in their order, where approvals can stand before it", () => {
        for (const name of ["deploy", "apply"]) {
            const stage = stages.find((candidate) => candidate.stage === name)!;
            assert.equal(stage.lockBehavior, "sequential");
            stage.jobs.forEach(({ environment }) => assert.equal(environment, "production"));
            assert.deepEqual(groupsOf(name), ["powerbi-production"]);
        }
    });

    it("looks with other identities than the one that changes, and bumps the key with none", () => {
        assert.deepEqual(groupsOf("preview"), ["powerbi-preview"]);
        assert.deepEqual(groupsOf("drift"), ["powerbi-drift"]);
        assert.equal(groupsOf("bump"), undefined);
    });

    it("tells its schedules apart by the names that stages ask for", () => {
        const names = pipeline.schedules.map(({ displayName }: { displayName: string }) => displayName);
        const asked = [...read("azure-pipelines.yml").matchAll(/CronSchedule\.DisplayName'\], '(\w+)'/g)].map(
            ([, name]) => name,
        );
        assert.deepEqual(asked.sort(), names.sort());
    });
});
