import assert from "node:assert/strict";
import { datasetsOf, ReportDataset } from "../../demo/readers";
import * as support from "./support";

const { failsWith, succeeds, succeedsWith } = support;

describe("what becomes of gateways behind the operator's back", function () {
    this.timeout(support.engineTimeoutInMs);

    let scene: support.Scene;
    let datasets: ReportDataset[];

    const failing = async () => {
        const results = await Promise.all(
            datasets.map(async ({ workspaceId, datasetId, name }) => {
                const result = await scene.control.query(workspaceId, datasetId);
                return result.ok ? [] : [`${name}: ${result.error.code}`];
            }),
        );
        return results.flat();
    };
    /** Changes a gateway behind everybody's back. */
    const editGateway = (name: string, change: (gateway: { admins: string[]; members: object[] }) => void) =>
        scene.control.edit((world) => {
            change(world.powerBi.gateways.find((gateway: { name: string }) => gateway.name === name));
        });

    before(async () => {
        scene = await support.setScene({ base: "estate" });
        datasets = await datasetsOf(scene.control);
        await scene.control.watchInvariants();
        succeeds(await scene.stack.up());
    });
    beforeEach(() => scene.control.forgetRequests());
    // Also where a test failed half-way: the next one has the services as they are.
    afterEach(() => scene.control.faults([]));
    afterEach(async () => {
        assert.deepEqual(await failing(), []);
        assert.deepEqual(await scene.control.violations(), []);
    });
    after(() => scene?.close());

    it("its key replaced: reports through it fail, up says why and encrypts the credentials anew", async () => {
        await editGateway("Plant gateway", ({ members }) => {
            Object.assign(members[0], { privateKey: undefined, keySize: 2048 });
        });
        const broken = await failing();
        assert.equal(broken.length, 3);
        assert.ok(broken.every((words) => words.endsWith("DM_GWPipeline_Client_AsymmetricDecryptionError")));
        succeedsWith(
            await scene.stack.up(),
            /the key of gateway "Plant gateway" was replaced: the credential of datasource "dbx-finance-plant" has to be encrypted anew for it/,
        );
        assert.equal(await support.mints(scene.control), 0);
        const patches = (await scene.control.requests()).filter(({ method }) => method === "PATCH");
        assert.equal(patches.length, 1, "no other datasource is written");
    });

    it("SP2 loses its rights half-way through a rotation: what is switched works, what is not keeps the old secret", async () => {
        const readers = scene.readers(datasets, 200);
        const refusal = {
            service: "powerBi",
            method: "PATCH",
            path: "/gateways/",
            skip: 2,
            status: 401,
            body: { error: { code: "PowerBINotAuthorizedException" } },
        };
        await scene.control.faults([refusal]);
        support.configure(scene.stack, { rotationKey: "2026-12" });
        failsWith(
            await scene.stack.up(),
            // A cloud datasource or a gateway's, whichever comes first: the engine begins nothing more after one has failed.
            /(was not|were) switched to secret/,
            /PowerBINotAuthorizedException/,
            /SP2 (has to be an admin of the gateway|must own the dataset)/,
            /[Rr]un `pulumi up` again when the cause is gone/,
        );
        const { secrets } = await support.principal(scene.control, "powerbi-finance");
        assert.equal(secrets.length, 2);
        await scene.control.faults([]);
        succeeds(await scene.stack.up());
        await readers.stop();
        assert.deepEqual(readers.failures, []);
        const credentials = Object.keys((await scene.stack.outputs()).credentials as object);
        assert.equal(await support.mints(scene.control), credentials.length, "one secret each, over both runs");
        assert.equal((await support.principal(scene.control, "powerbi-finance")).secrets.length, 1);
    });

    it("SP2 is its admin no more: a rotation switches all others, keeps the secret there, and names the right", async () => {
        support.configure(scene.stack, { rotationKey: "2027-01" });
        await editGateway("Vault gateway", (gateway) => {
            gateway.admins = [];
        });
        const { output } = succeeds(await scene.stack.up());
        assert.match(
            output,
            /datasource "dbx-finance-vault" of Onpremises gateway "Vault gateway", read by .* holds the secret of rotation key "2026-12"/,
        );
        assert.match(
            output,
            /That secret is kept alive.*Give the Power BI service principal \(SP2\) its right there back.*release: \[/,
        );
        assert.deepEqual(await failing(), []);
        assert.equal((await support.principal(scene.control, "powerbi-finance")).secrets.length, 2);
        assert.equal((await support.principal(scene.control, "powerbi-sales")).secrets.length, 1);
        await editGateway("Vault gateway", (gateway) => {
            gateway.admins = [support.sp2];
        });
        await scene.control.forgetRequests();
        succeeds(await scene.stack.up());
        assert.equal(await support.mints(scene.control), 0);
        assert.equal((await support.principal(scene.control, "powerbi-finance")).secrets.length, 1);
    });
});
