import assert from "node:assert/strict";
import axios from "axios";
import { isMutation } from "../../sandbox/control-client";
import * as support from "./support";

const { datasets, reportsWork, succeeds } = support;

describe("the life of a credential, on the real engine", function () {
    this.timeout(support.engineTimeoutInMs);

    let scene: support.Scene;
    let others: unknown;
    /** Everything that any command printed, to be searched for secrets. */
    const printed: string[] = [];
    /** Every secret that Databricks issued. */
    const issued = new Set<string>();

    const remember = async () => {
        for (const name of ["powerbi-sales", "powerbi-finance"]) {
            (await support.principal(scene.control, name)).secrets.forEach(({ secret }) => issued.add(secret));
        }
    };
    const requestsOf = async (run: () => ReturnType<typeof scene.stack.up>) => {
        await scene.control.forgetRequests();
        printed.push(succeeds(await run()).output);
        return scene.control.requests();
    };
    const count = (requests: { method: string; path: string }[], method: string, path: RegExp) =>
        requests.filter((request) => request.method === method && path.test(request.path)).length;

    before(async () => {
        scene = await support.setScene();
        others = await support.othersHoldings(scene.control);
    });
    after(() => scene?.close());

    it("takes each dataset over once and sets one credential for each distinct datasource", async () => {
        const requests = await requestsOf(() => scene.stack.up());
        await remember();
        assert.equal(count(requests, "POST", /Default\.TakeOver$/), 3);
        assert.equal(count(requests, "PATCH", /\/gateways\/.*\/datasources\//), 2);
        assert.equal(count(requests, "POST", /\/refreshes$/), 1);
        await reportsWork(scene.control);
    });

    it("uses the real databricks provider, whose own client speaks to Databricks", async () => {
        const made = (await scene.control.requests()).filter(
            (request) => request.method === "POST" && request.path.includes("/scim/v2/ServicePrincipals"),
        );
        assert.equal(made.length, 2);
        made.forEach((request) =>
            assert.match(request.userAgent, /databricks-tf-provider\/\d+\.\d+.*databricks-sdk-go/),
        );
    });

    it("reads the data with the new service principals, and nobody else's holdings changed", async () => {
        const { powerBi } = await scene.control.world();
        const used = powerBi.datasources
            .filter((datasource: { owner: string }) => datasource.owner === support.sp2)
            .map((datasource: { credential: { username: string } }) => datasource.credential.username);
        const ours = await Promise.all(
            ["powerbi-sales", "powerbi-finance"].map(
                async (name) => (await support.principal(scene.control, name)).applicationId,
            ),
        );
        assert.deepEqual(new Set(used), new Set(ours));
        assert.deepEqual(await support.othersHoldings(scene.control), others);
    });

    it("makes no mutating request when there is nothing to do", async () => {
        const mutations = (await requestsOf(() => scene.stack.up("--expect-no-changes"))).filter(isMutation);
        assert.deepEqual(mutations, []);
    });

    it("rotates without a failing report, a take-over, or a request for each dataset but the refresh that was asked for", async () => {
        const old = (await support.principal(scene.control, "powerbi-sales")).secrets[0];
        support.configure(scene.stack, { rotationKey: "2026-12" });
        const preview = await scene.stack.preview("--diff");
        printed.push(preview.output);
        assert.match(preview.output, /DatasourceCredential/);
        assert.match(preview.output, /replace/);

        const readers = scene.readers(datasets);
        const requests = await requestsOf(() => scene.stack.up());
        await readers.stop();
        await remember();
        assert.ok(readers.queries > 0);
        assert.deepEqual(readers.failures, []);
        const perDataset = requests.filter((request) => /\/datasets\/[^/?]+/.test(request.path));
        assert.ok(perDataset.every((request) => /\/refreshes/.test(request.path) && request.path.includes("a1")));
        assert.equal(count(requests, "POST", /\/refreshes$/), 1);
        assert.equal(count(requests, "PATCH", /\/gateways\//), 2);

        const { applicationId, secrets } = await support.principal(scene.control, "powerbi-sales");
        assert.equal(secrets.length, 1);
        assert.notEqual(secrets[0].id, old.id);
        const login = await axios.post(
            `${scene.sandbox.urls.databricks}/oidc/v1/token`,
            "grant_type=client_credentials&scope=all-apis",
            { auth: { username: applicationId, password: old.secret }, validateStatus: () => true },
        );
        assert.equal(login.status, 401);
    });

    it("keeps the secret scope's entries on the secret in use", async () => {
        const { databricks } = await scene.control.world();
        const scope = databricks.scopes.find((candidate: { name: string }) => candidate.name === "powerbi");
        const { applicationId, secrets } = await support.principal(scene.control, "powerbi-sales");
        const entries = Object.fromEntries(
            scope.entries.map((entry: { key: string; value: string }) => [entry.key, entry.value]),
        );
        assert.deepEqual(entries, {
            "powerbi-sales-client-id": applicationId,
            "powerbi-sales-client-secret": secrets[0].secret,
        });
        assert.ok(
            scope.acls.some((acl: object) => JSON.stringify(acl) === '{"principal":"analysts","permission":"READ"}'),
        );
    });

    it("gives pipelines what they may want to know as outputs", async () => {
        const outputs = (await scene.stack.outputs()) as { credentials: Record<string, Record<string, unknown>> };
        const { applicationId, secrets } = await support.principal(scene.control, "powerbi-sales");
        const summary = outputs.credentials["powerbi-sales"];
        assert.equal(summary.applicationId, applicationId);
        assert.equal(summary.secretId, secrets[0].id);
        assert.equal(summary.rotationKey, "2026-12");
        assert.ok(Date.parse(summary.expiresAt as string) > Date.now());
        assert.equal((summary.datasources as unknown[]).length, 1);
    });

    it("does not bind anew when a dataset is renamed in Power BI and named by its id", async () => {
        const { [`${support.project}:credentials`]: credentials } = scene.stack.config();
        const [first] = credentials as { bindings: { dataset: string }[] }[];
        first.bindings[1].dataset = datasets[1].datasetId;
        support.configure(scene.stack, { credentials });
        await scene.control.edit((world) => {
            world.powerBi.workspaces[0].datasets[1].name = "Returns model, renamed";
        });
        const renamed = await scene.stack.preview("--expect-no-changes");
        assert.equal(renamed.exitCode, 0, renamed.output);
    });

    it("leaves the others' holdings as they were, in rotation and in destroy, and nothing of its own", async () => {
        assert.deepEqual(await support.othersHoldings(scene.control), others);
        const state = await scene.stack.export();
        printed.push(
            state,
            support.textsBelow(`${scene.stack.folder}/state`),
            JSON.stringify(await scene.stack.outputs()),
        );
        printed.push(succeeds(await scene.stack.destroy()).output);
        assert.deepEqual(await support.othersHoldings(scene.control), others);
        const { databricks } = await scene.control.world();
        assert.equal(databricks.servicePrincipals.length, 1);
    });

    it("shows no secret's value anywhere: not in state, outputs, previews, or what it prints", () => {
        assert.equal(issued.size, 4);
        const everything = printed.join("\n");
        for (const secret of [...issued, "sandbox-sp2-secret", "dapi-sandbox-deployer"]) {
            assert.ok(!everything.includes(secret), `a secret shows: …${secret.slice(-4)}`);
        }
    });
});
