import assert from "node:assert/strict";
import * as path from "node:path";
import { azureDevOpsIssuer } from "../../sandbox/ci/pipelines";
import { engineTimeoutInMs, project, reportsWork } from "../engine/support";
import { AzureRun, AzureRunner } from "./azure-runner";
import { AzureServer } from "./azure-server";
import { checks, JobResult } from "./job";
import { configure } from "./repository";
import { identities, mutationsOf, PipelineScene, prettier, stack, tenantId } from "./scene";

const subjectOf = (connection: string) => `sc://example/platform/${connection}`;

describe("the pipeline of Azure DevOps, on the sandbox", function () {
    this.timeout(engineTimeoutInMs);

    let scene: PipelineScene;
    let server: AzureServer;
    let runner: AzureRunner;

    before(async () => {
        const trust = {
            issuer: azureDevOpsIssuer,
            subjects: {
                preview: subjectOf("powerbi-preview"),
                drift: subjectOf("powerbi-drift"),
                production: subjectOf("powerbi-production"),
            },
            databricksAuthType: "azure-devops-oidc",
            powerBiLogin: "azureDevOps",
        };
        // The tests of GitHub's workflows do the same with the same code.
        scene = await PipelineScene.set(trust, ["npm ci", ...checks]);
        server = await AzureServer.start(scene.repository);
        const { control } = scene.sandbox.urls;
        await scene.control.edit((world) => void (world.ci.jobToken = server.accessToken));
        const groupOf = ({ azure, databricks }: (typeof identities)["preview"]) => ({
            AZURE_CLIENT_ID: azure,
            AZURE_TENANT_ID: tenantId,
            AZURE_SERVICE_CONNECTION_ID: "5e7c0000-0000-4000-8000-000000000001",
            DATABRICKS_CLIENT_ID: databricks,
            PULUMI_BACKEND_URL: `file://${scene.backend}`,
        });
        runner = new AzureRunner({
            repository: scene.repository,
            scripts: scene.scripts,
            collectionUrl: server.url,
            accessToken: server.accessToken,
            idTokens: {
                SYSTEM_TEAMFOUNDATIONCOLLECTIONURI: `${control}/ci/azure-devops`,
                SYSTEM_TEAMPROJECTID: "platform",
                SYSTEM_HOSTTYPE: "build",
                SYSTEM_PLANID: "plan",
                SYSTEM_JOBID: "job",
                SYSTEM_OIDCREQUESTURI: `${control}/ci/azure-devops/oidc`,
            },
            groups: {
                "powerbi-preview": groupOf(identities.preview),
                "powerbi-drift": groupOf(identities.drift),
                "powerbi-production": groupOf(identities.production),
            },
            onConnection: (name) => scene.control.edit((world) => void (world.ci.azureDevOpsSubject = subjectOf(name))),
        });
    });
    after(async () => {
        await server?.close();
        await scene?.close();
    });

    /** Runs the pipeline and answers the stages that ran. */
    const stagesOf = async (run: AzureRun): Promise<Record<string, JobResult>> => {
        const stages = Object.entries(await runner.run(run)).filter(([, { result }]) => result !== "skipped");
        return Object.fromEntries(stages);
    };
    const succeeds = async (run: AzureRun, ...names: string[]): Promise<Record<string, JobResult>> => {
        const stages = await stagesOf(run);
        for (const [name, { result, output }] of Object.entries(stages)) {
            assert.equal(result, "success", `stage ${name}:\n${output}`);
        }
        assert.deepEqual(Object.keys(stages), names);
        return stages;
    };
    const drift: AzureRun = { reason: "Schedule", schedule: "drift", branch: "main" };

    it("checks and deploys a push to main", async () => {
        await succeeds({ reason: "IndividualCI", branch: "main" }, "check", "deploy");
        assert.deepEqual(scene.scripts.notRun, ["npm ci", ...checks, "npm ci"]);
        await reportsWork(scene.control);
    });

    it("shows a rotation below its pull request, as an identity that changes nothing", async () => {
        scene.repository.commit("rotate-by-hand", "Rotate", (folder) => {
            const values = { rotationKey: "2026-12", retainedRotationKeys: ["2026-11"] };
            const own = Object.entries(values).map(([key, value]) => [`${project}:${key}`, value]);
            configure(folder, stack, Object.fromEntries(own));
            prettier(path.join(folder, `Pulumi.${stack}.yaml`));
        });
        const { pullRequestId, threads } = server.open("rotate-by-hand", "Rotate");
        const run = { reason: "PullRequest", branch: "rotate-by-hand", pullRequest: pullRequestId } as const;
        const requests = await scene.requestsOf(() => succeeds(run, "check", "preview"));
        assert.deepEqual(mutationsOf(requests), []);
        const callers = requests.map(({ caller }) => caller);
        assert.ok(callers.includes(identities.preview.azure) && callers.includes(identities.preview.databricks));
        assert.ok(!callers.includes(identities.production.azure));
        assert.equal(threads.length, 1);
        assert.equal(threads[0].status, "closed");
        assert.doesNotMatch(threads[0].comments[0].content, /\*\*Drift\*\*/, "what it may not see is no drift");
        assert.match(threads[0].comments[0].content, /\*\*Rotation\*\*\n\n- minted and tried: .*powerbi-sales-2026-12/);
    });

    it("applies the rotation that was merged when it is asked to deploy", async () => {
        scene.repository.merge("rotate-by-hand");
        await succeeds({ reason: "Manual", branch: "main" }, "deploy");
        assert.equal((await scene.secrets("powerbi-sales")).length, 2);
    });

    it("says nothing while nothing differs", async () => {
        await succeeds(drift, "drift");
        assert.deepEqual(server.workItems, []);
    });

    it("keeps one work item with the reasons in words when something differs, and closes it when nothing does", async () => {
        const before = await scene.control.world();
        await scene.drift();
        await succeeds(drift, "drift");
        await succeeds(drift, "drift");
        assert.equal(server.workItems.length, 1);
        const [{ fields }] = server.workItems;
        assert.match(fields["System.Description"], /the credential of datasource \S+ is of type OAuth2, not Basic/);
        assert.equal(fields["System.State"], "New");
        await scene.control.edit((world) => void (world.powerBi = before.powerBi));
        await succeeds(drift, "drift");
        assert.equal(fields["System.State"], "Closed");
    });

    it("fails, and touches no work item, when it cannot look", async () => {
        await scene.control.edit((world) => void (world.powerBi.servicePrincipalsAllowed = false));
        const { drift: stage } = await stagesOf(drift);
        await scene.control.edit((world) => void (world.powerBi.servicePrincipalsAllowed = true));
        assert.equal(stage.result, "failure", stage.output);
        assert.equal(server.workItems.length, 1);
    });

    it("proposes the next generation once a month", async () => {
        await succeeds({ reason: "Schedule", schedule: "rotation", branch: "main" }, "bump");
        const proposal = server.pullRequests.at(-1)!;
        assert.match(proposal.title, /^Rotate prod to \d{4}-\d{2}/);
        assert.equal(proposal.targetRefName, "refs/heads/main");
    });

    it("leaves the new secret alone at once after an emergency rotation by hand", async () => {
        const leaked = await scene.secrets("powerbi-sales");
        const parameters = { run: "rotation", mode: "commit", key: "after-the-leak", emergency: true };
        await succeeds({ reason: "Manual", branch: "main", parameters }, "bump", "apply");
        assert.match(scene.repository.lastMessage("main"), /Rotate prod to after-the-leak \[skip ci\]/);
        const left = await scene.secrets("powerbi-sales");
        assert.equal(left.length, 1);
        assert.ok(leaked.length === 2 && leaked.every(({ id }) => id !== left[0].id));
        await reportsWork(scene.control);
    });
});
