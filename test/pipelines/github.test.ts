import assert from "node:assert/strict";
import * as path from "node:path";
import { githubIssuer } from "../../sandbox/ci/pipelines";
import { engineTimeoutInMs, project, reportsWork } from "../engine/support";
import { GitHubEvent, GitHubRunner } from "./github-runner";
import { GitHubServer } from "./github-server";
import { JobResult } from "./job";
import { configure } from "./repository";
import { identities, mutationsOf, PipelineScene, prettier, stack, tenantId } from "./scene";

const subjectOf = (environment: string) => `repo:example/platform:environment:${environment}`;

describe("the workflows of GitHub, on the sandbox", function () {
    this.timeout(engineTimeoutInMs);

    let scene: PipelineScene;
    let server: GitHubServer;
    let runner: GitHubRunner;

    before(async () => {
        const trust = {
            issuer: githubIssuer,
            subjects: {
                preview: subjectOf("preview"),
                drift: subjectOf("drift"),
                production: subjectOf("production"),
            },
            databricksAuthType: "github-oidc",
            powerBiLogin: "github",
        };
        // Whoever runs these tests has linted this code before (.ci/run).
        scene = await PipelineScene.set(trust, ["npm run lint"]);
        server = await GitHubServer.start(scene.repository);
        const variablesOf = ({ azure, databricks }: (typeof identities)["preview"]) => ({
            AZURE_CLIENT_ID: azure,
            DATABRICKS_CLIENT_ID: databricks,
        });
        runner = new GitHubRunner({
            repository: scene.repository,
            scripts: scene.scripts,
            apiUrl: server.url,
            idTokens: { url: `${scene.sandbox.urls.control}/ci/github/token?x=1`, token: "ci-sandbox-token" },
            variables: {
                repository: {
                    STACK: stack,
                    AZURE_TENANT_ID: tenantId,
                    PULUMI_BACKEND_URL: `file://${scene.backend}`,
                    STATE_CLIENT_ID: "57a7e000-0000-4000-8000-000000000001",
                },
                environments: {
                    preview: variablesOf(identities.preview),
                    drift: variablesOf(identities.drift),
                    production: variablesOf(identities.production),
                },
            },
            issueToken: (permissions) => server.issueToken(permissions),
            onSubject: (subject) => scene.control.edit((world) => void (world.ci.githubSubject = subject)),
        });
    });
    after(async () => {
        await server?.close();
        await scene?.close();
    });

    const succeeds = async (file: string, event: GitHubEvent): Promise<Record<string, JobResult>> => {
        const results = await runner.run(file, event);
        for (const [name, { result, output }] of Object.entries(results)) {
            assert.notEqual(result, "failure", `${file}, job ${name}:\n${output}`);
        }
        return results;
    };
    const onMain = { branch: "main" } as const;
    const propose = (branch: string, values: Record<string, unknown>) => {
        scene.repository.commit(branch, `Change ${branch}`, (folder) => {
            const own = Object.entries(values).map(([key, value]) => [`${project}:${key}`, value]);
            configure(folder, stack, Object.fromEntries(own));
            prettier(path.join(folder, `Pulumi.${stack}.yaml`));
        });
    };

    it("ci checks a fork's pull request, which no other job looks at", async () => {
        const event = { name: "pull_request", branch: "main", pullRequest: 99, fromFork: true } as const;
        const { check } = await succeeds("ci.yml", event);
        assert.equal(check.result, "success");
        assert.match(check.output, /passing/);
        const { preview } = await succeeds("preview.yml", event);
        assert.equal(preview.result, "skipped");
    });

    it("deploy brings a push to main to the services", async () => {
        const { deploy } = await succeeds("deploy.yml", { name: "push", ...onMain });
        assert.match(deploy.output, /Resources:\n +\+ \d+ created/);
        await reportsWork(scene.control);
    });

    it("preview shows a rotation in one comment, as an identity that changes nothing", async () => {
        propose("rotate-by-hand", { rotationKey: "2026-12", retainedRotationKeys: ["2026-11"] });
        const { number } = server.open("rotate-by-hand", "Rotate");
        const event = { name: "pull_request", branch: "rotate-by-hand", pullRequest: number } as const;
        const requests = await scene.requestsOf(async () => {
            await succeeds("preview.yml", event);
            await succeeds("preview.yml", event);
        });
        assert.deepEqual(mutationsOf(requests), []);
        const callers = new Set(
            requests.map(({ caller }) => caller).filter((caller) => /^[0-9a-f-]{36}$/.test(caller)),
        );
        assert.ok(callers.has(identities.preview.azure) && callers.has(identities.preview.databricks));
        assert.ok(!callers.has(identities.production.azure) && !callers.has(identities.production.databricks));
        const { comments } = server.items.find((item) => item.number === number)!;
        assert.equal(comments.length, 1);
        assert.doesNotMatch(comments[0].body, /\*\*Drift\*\*/, "what it may not see is no drift");
        assert.match(comments[0].body, /\*\*Rotation\*\*\n\n- minted and tried: .*`powerbi-sales-2026-12`/);
        assert.match(comments[0].body, /bound anew in Power BI: .*`powerbi-sales`/);
        assert.match(comments[0].body, /<summary>Found in Power BI<\/summary>[\s\S]*<- .*Sales \/ Sales model/);
    });

    it("deploy applies the rotation when it is merged", async () => {
        scene.repository.merge("rotate-by-hand");
        await succeeds("deploy.yml", { name: "push", ...onMain });
        assert.equal((await scene.secrets("powerbi-sales")).length, 2);
        await reportsWork(scene.control);
    });

    it("drift says nothing while nothing differs", async () => {
        const requests = await scene.requestsOf(() => succeeds("drift.yml", { name: "schedule", ...onMain }));
        assert.deepEqual(mutationsOf(requests), []);
        assert.deepEqual(server.issues, []);
    });

    it("drift keeps one issue with the reasons in words, and succeeds", async () => {
        await scene.drift();
        await succeeds("drift.yml", { name: "schedule", ...onMain });
        await succeeds("drift.yml", { name: "schedule", ...onMain });
        assert.equal(server.issues.length, 1);
        const [issue] = server.issues;
        assert.match(issue.title, /prod differs/);
        assert.match(issue.body, /- the credential of datasource \S+ is of type OAuth2, not Basic/);
        assert.equal(issue.state, "open");
    });

    it("drift closes the issue when deploy has healed what differed", async () => {
        await succeeds("deploy.yml", { name: "workflow_dispatch", ...onMain });
        await succeeds("drift.yml", { name: "schedule", ...onMain });
        assert.equal(server.issues[0].state, "closed");
        assert.match(server.issues[0].comments[0].body, /Nothing differs any more/);
        await reportsWork(scene.control);
    });

    it("drift fails the job, and touches no issue, when it cannot look", async () => {
        await scene.control.edit((world) => void (world.powerBi.servicePrincipalsAllowed = false));
        const { drift } = await runner.run("drift.yml", { name: "schedule", ...onMain });
        await scene.control.edit((world) => void (world.powerBi.servicePrincipalsAllowed = true));
        assert.equal(drift.result, "failure", drift.output);
        assert.match(drift.output, /error: .*PowerBINotAuthorizedException/);
        assert.equal(server.issues.length, 1);
        assert.equal(server.issues[0].state, "closed");
    });

    it("rotate proposes the next generation once a month and has the proposal looked at", async () => {
        const { apply } = await succeeds("rotate.yml", { name: "schedule", ...onMain });
        assert.equal(apply.result, "skipped");
        const proposal = server.pullRequests.at(-1)!;
        assert.match(proposal.title, /^Rotate prod to \d{4}-\d{2}/);
        assert.match(proposal.body, /2026-12 is kept for a roll-back/);
        const started = server.dispatched.map(({ workflow, ref }) => `${workflow} ${ref}`);
        assert.deepEqual(started, [`ci.yml ${proposal.head}`, `preview.yml ${proposal.head}`]);
        const [, { inputs }] = server.dispatched;
        await succeeds("preview.yml", { name: "workflow_dispatch", branch: proposal.head!, inputs });
        assert.match(proposal.comments[0].body, /\*\*Rotation\*\*/);
    });

    it("rotate by hand, in an emergency, leaves the new secret alone at once", async () => {
        const leaked = await scene.secrets("powerbi-sales");
        const inputs = { mode: "commit", key: "after-the-leak", emergency: true };
        const { apply } = await succeeds("rotate.yml", { name: "workflow_dispatch", ...onMain, inputs });
        assert.equal(apply.result, "success");
        assert.match(scene.repository.lastMessage("main"), /Rotate prod to after-the-leak/);
        const file = scene.repository.read("main", `Pulumi.${stack}.yaml`);
        assert.match(file, /rotationKey: "?after-the-leak"?\n/);
        assert.match(file, /retainedRotationKeys: \[\]/);
        const left = await scene.secrets("powerbi-sales");
        assert.equal(left.length, 1);
        assert.ok(leaked.length === 2 && leaked.every(({ id }) => id !== left[0].id));
        await reportsWork(scene.control);
    });
});
