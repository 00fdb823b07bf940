import assert from "node:assert/strict";
import { compareWithReference, describeCost } from "../../demo/reference-cost";
import { datasetsOf, ReportDataset } from "../../demo/readers";
import { StackOutputs } from "../../outputs";
import { isMutation, LoggedRequest } from "../../sandbox/control-client";
import { openWithOpenSsl } from "../independent-decryptor";
import * as support from "./support";

const { succeeds } = support;

describe("an estate of three service principals, two Databricks workspaces, gateways of all kinds and thirty datasets", function () {
    this.timeout(support.engineTimeoutInMs);

    let scene: support.Scene;
    let datasets: ReportDataset[];
    let first: string;

    const count = (requests: LoggedRequest[], method: string, path: RegExp) =>
        requests.filter((request) => request.method === method && path.test(request.path)).length;
    const outputs = async () => (await scene.stack.outputs()) as unknown as StackOutputs;
    const allReportsWork = async () => {
        for (const { workspaceId, datasetId, name } of datasets) {
            const result = await scene.control.query(workspaceId, datasetId);
            assert.ok(result.ok, `a report on ${name} works: ${JSON.stringify(result)}`);
        }
    };

    before(async () => {
        scene = await support.setScene({ base: "estate" });
        datasets = await datasetsOf(scene.control);
        assert.equal(datasets.length, 30);
        await allReportsWork();
        await scene.control.watchInvariants();
    });
    after(() => scene?.close());

    it("goes up: each distinct datasource gets one credential, over gateways, clouds and credentials", async () => {
        await scene.control.forgetRequests();
        first = succeeds(await scene.stack.up()).output;
        const sent = await scene.control.requests();
        // Cloud: Sales, Finance and Ops; on-premises by Power BI: dbx-sales, plant and vault.
        assert.equal(count(sent, "PATCH", /\/gateways\/.*\/datasources\//), 6);
        // By Fabric: dbx-finance of HQ, as configured, and the VNET gateway's.
        assert.equal(count(sent, "PATCH", /\/v1\/connections\//), 2);
        assert.equal(count(sent, "POST", /\/testConnection$/), 2);
        assert.equal(count(sent, "POST", /TakeOver/), 12);
        await allReportsWork();
    });

    it("discover distinct gateways and datasources: a run lists them, and which dataset uses which", () => {
        assert.match(first, /powerbi-sales: 2 datasources, 10 datasets/);
        assert.match(first, /cloud \S+44ff20e73e461e56 <- Sales \/ Customers, Sales \/ Forecast/);
        assert.match(first, /Onpremises gateway "HQ cluster" datasource dbx-sales <- Sales \/ Store rent/);
        assert.match(
            first,
            /VNET gateway "Azure VNET" datasource dbx-finance-vnet <- Finance Americas \/ Cash Americas/,
        );
        assert.match(first, /powerbi-ops: 1 datasource, 4 datasets/);
        assert.doesNotMatch(first, /Shared KPIs/);
    });

    it("credentials of on-premises gateways are encrypted for each: 1024, 2048 and 4096 bit, opened by openssl", async () => {
        const { powerBi } = await scene.control.world();
        const finance = await support.principal(scene.control, "powerbi-finance");
        const expected = {
            credentialData: [
                { name: "username", value: finance.applicationId },
                { name: "password", value: finance.secrets[0].secret },
            ],
        };
        const opened: Record<string, number> = {};
        for (const { gatewayId, httpPath, ciphertexts } of powerBi.datasources) {
            const gateway = powerBi.gateways.find(({ id }: { id: string }) => id === gatewayId);
            if (!httpPath.endsWith("a1b2c3d4e5f60718") || !gateway || gateway.type !== "OnPremises") {
                continue;
            }
            for (const { memberId, value } of ciphertexts) {
                // Power BI's route encrypts with the gateway's key, Fabric's with that of each member.
                const route = gateway.name === "HQ cluster" ? memberId : gatewayId;
                const { privateKey } = gateway.members.find(({ id }: { id: string }) => id === route);
                assert.deepEqual(openWithOpenSsl(value, privateKey), expected);
                opened[gateway.name] = (opened[gateway.name] ?? 0) + 1;
            }
        }
        assert.deepEqual(opened, { "HQ cluster": 2, "Plant gateway": 1, "Vault gateway": 1 });
    });

    it("leaves alone what no binding means: somebody else's dataset keeps owner and credential", async () => {
        const { powerBi } = await scene.control.world();
        const shared = powerBi.datasources.find(({ httpPath }: { httpPath: string }) =>
            httpPath.endsWith("c0ffee00c0ffee01"),
        );
        assert.equal(shared.credential.username, "0dd5ec7e-0000-4000-8000-000000000001");
        const kpis = powerBi.workspaces[3].datasets.find(({ name }: { name: string }) => name === "Shared KPIs");
        assert.equal(kpis.owner, "ben@example.com");
    });

    it("refresh schedules that the take-over switched off are on again, and none that was off", async () => {
        const { powerBi } = await scene.control.world();
        const on = powerBi.workspaces
            .flatMap(
                (workspace: { datasets: { name: string; refreshSchedule: { enabled: boolean } }[] }) =>
                    workspace.datasets,
            )
            .filter((dataset: { refreshSchedule: { enabled: boolean } }) => dataset.refreshSchedule.enabled)
            .map(({ name }: { name: string }) => name);
        assert.deepEqual(on, ["Orders", "Returns", "Store sales", "Ledger", "Budget"]);
    });

    it("a second up finds nothing to change, and makes no mutating request", async () => {
        await scene.control.forgetRequests();
        succeeds(await scene.stack.up("--expect-no-changes"));
        assert.deepEqual((await scene.control.requests()).filter(isMutation), []);
    });

    it("rotates while every report works, with fewer requests than the reference scripts make", async () => {
        support.configure(scene.stack, { rotationKey: "2026-12" });
        await scene.control.forgetRequests();
        const readers = scene.readers(datasets, 100);
        succeeds(await scene.stack.up());
        await readers.stop();
        assert.ok(readers.queries > datasets.length);
        assert.deepEqual(readers.failures, []);
        await allReportsWork();
        assert.deepEqual(await scene.control.violations(), []);
        assert.deepEqual(await scene.control.violationsAtEnd(), []);

        const sent = await scene.control.requests();
        const cost = compareWithReference(await outputs(), sent);
        console.log(
            describeCost(cost)
                .map((line) => `      ${line}`)
                .join("\n"),
        );
        assert.equal(cost.datasets, 29);
        assert.equal(cost.credentialsSet, 8);
        assert.ok(cost.requests < cost.referenceRequests / 2, JSON.stringify(cost));
        // Nothing is asked of a dataset that is bound but its refresh; the one that is not might be bound by now.
        const bound = Object.values((await outputs()).credentials).flatMap((credential) => credential.datasets);
        const asked = sent.filter(({ path }) => bound.some(({ datasetId }) => path.includes(datasetId)));
        assert.deepEqual(
            asked.filter(({ path }) => !/\/refreshes|\/refreshSchedule/.test(path)),
            [],
        );
        assert.equal(count(sent, "POST", /\/refreshes$/), 9);
    });

    it("gives a pipeline what it may want to know: credentials, datasources with gateway and kind, datasets", async () => {
        const { credentials } = await outputs();
        assert.deepEqual(Object.keys(credentials).sort(), ["powerbi-finance", "powerbi-ops", "powerbi-sales"]);
        const { rotationKey, secretId, expiresAt, datasources, datasets: bound } = credentials["powerbi-finance"];
        assert.equal(rotationKey, "2026-12");
        assert.equal(secretId, (await support.principal(scene.control, "powerbi-finance")).secrets[0].id);
        assert.ok(Date.parse(expiresAt) > Date.now());
        assert.deepEqual(
            datasources.map(({ gateway, kind, datasets: users }) => [gateway, kind, users.length]).sort(),
            [
                ["", "NoGateway", 2],
                ["Azure VNET", "VNET", 3],
                ["HQ cluster", "Onpremises", 5],
                ["Plant gateway", "Onpremises", 3],
                ["Vault gateway", "Onpremises", 2],
            ],
        );
        assert.equal(bound.length, 15);
        const orders = credentials["powerbi-sales"].datasets.find(({ dataset }) => dataset === "Orders");
        assert.equal(orders?.lastRefresh?.status, "Completed");
    });

    it("something new that appears later is bound by the next up, and something gone leaves cleanly", async () => {
        await scene.control.edit((world) => {
            const [sales, emea] = world.powerBi.workspaces;
            const [orders] = sales.datasets;
            sales.datasets.push({
                ...orders,
                id: "d0000000-0000-4000-8000-0000000000f1",
                name: "Newcomer",
                owner: "ana@example.com",
            });
            emea.datasets = emea.datasets.filter(({ name }: { name: string }) => name !== "Actuals");
        });
        datasets = await datasetsOf(scene.control);
        await scene.control.forgetRequests();
        support.succeedsWith(await scene.stack.up(), /Sales \/ Newcomer/);
        const sent = await scene.control.requests();
        assert.equal(count(sent, "POST", /TakeOver/), 1);
        assert.equal(
            count(sent, "PATCH", /\/gateways\/|\/connections\//),
            0,
            "the newcomer's datasource holds the credential already",
        );
        await allReportsWork();
    });

    it("shows drift of gateways in words, and up heals it", async () => {
        await scene.control.edit((world) => {
            const vnet = world.powerBi.datasources.find(({ name }: { name: string }) => name === "dbx-finance-vnet");
            vnet.credential = { ...vnet.credential, credentialType: "OAuth2", accessToken: "theirs" };
            const plant = world.powerBi.datasources.find(({ name }: { name: string }) => name === "dbx-finance-plant");
            plant.credential = null;
            const emea = world.powerBi.workspaces[1];
            emea.datasets.find(({ name }: { name: string }) => name === "Budget").refreshSchedule.enabled = false;
        });
        const preview = await scene.stack.preview("--expect-no-changes");
        assert.equal(preview.exitCode, 7, preview.output);
        assert.doesNotMatch(
            preview.output,
            /^ *[+-] +\S+ .*\b(create|delete)\b/m,
            "the up before it left nothing to do",
        );
        assert.match(
            preview.output,
            /the credential of datasource "dbx-finance-vnet" of gateway "Azure VNET" is of type OAuth2, not Basic/,
        );
        assert.match(
            preview.output,
            /datasource "dbx-finance-plant" of gateway "Plant gateway" is of type NotSpecified, not Basic/,
        );
        assert.match(
            preview.output,
            /the refresh schedule of dataset "Budget" in workspace "Finance EMEA" is switched off/,
        );
        succeeds(await scene.stack.up());
        await allReportsWork();
        assert.equal((await scene.stack.preview("--expect-no-changes")).exitCode, 0);
    });

    it("a gateway that is offline keeps its old credential alive, and the next up goes on", async () => {
        const setOnline = (online: boolean) =>
            scene.control.edit((world) => {
                world.powerBi.gateways.find(({ name }: { name: string }) => name === "Vault gateway").online = online;
            });
        const before = await support.principal(scene.control, "powerbi-finance");
        await setOnline(false);
        support.configure(scene.stack, { rotationKey: "2027-01" });
        const failed = await scene.stack.up();
        assert.notEqual(failed.exitCode, 0);
        assert.match(
            failed.output,
            /datasource "dbx-finance-vault" of gateway "Vault gateway" was not switched to secret \S+ and keeps the one that it had/,
        );
        assert.match(failed.output, /DM_GWPipeline_Client_GatewayUnreachable/);
        const during = await support.principal(scene.control, "powerbi-finance");
        assert.ok(
            during.secrets.some(({ id }) => id === before.secrets[0].id),
            "the old secret lives",
        );
        await setOnline(true);
        await allReportsWork();
        succeeds(await scene.stack.up());
        await allReportsWork();
        assert.equal((await support.principal(scene.control, "powerbi-finance")).secrets.length, 1);
    });

    it("destroy takes the stack's own principals and nothing else", async () => {
        succeeds(await scene.stack.destroy());
        const { databricks, databricks2 } = await scene.control.world();
        const names = [...databricks.servicePrincipals, ...databricks2.servicePrincipals].map(
            ({ displayName }: { displayName: string }) => displayName,
        );
        assert.deepEqual(names, ["powerbi-legacy", "powerbi-legacy"]);
        const violations = await scene.control.violations();
        // With its principals, destroy takes what is bound: that the credentials no longer log in is what was asked for.
        assert.deepEqual(
            violations.filter(({ invariant }) => invariant !== "I1"),
            [],
        );
    });
});
