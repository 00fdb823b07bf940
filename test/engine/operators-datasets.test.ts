import assert from "node:assert/strict";
import * as support from "./support";

const { datasets, finance, sales, succeeds, succeedsWith } = support;

/** A binding by names, as somebody writes it. */
interface NamedBinding {
    workspace: string;
    dataset: string;
}

describe("what becomes of datasets behind the operator's back", function () {
    this.timeout(support.engineTimeoutInMs);

    let scene: support.Scene;
    const [salesModel, , ledgerModel] = datasets;

    /** Changes the bindings of one of the two credentials. */
    const bind = (index: number, change: (bindings: NamedBinding[]) => NamedBinding[]) => {
        const { [`${support.project}:credentials`]: credentials } = scene.stack.config();
        const entry = (credentials as { bindings: NamedBinding[] }[])[index];
        entry.bindings = change(entry.bindings);
        support.configure(scene.stack, { credentials });
    };
    const works = async (workspaceId: string, datasetId: string) => {
        const result = await scene.control.query(workspaceId, datasetId);
        assert.ok(result.ok, JSON.stringify(result));
    };
    const sets = async () => {
        const sent = await scene.control.requests();
        return sent.filter(({ method, path }) => method === "PATCH" && path.includes("/gateways/")).length;
    };

    before(async () => {
        scene = await support.setScene();
        await scene.control.watchInvariants();
        succeeds(await scene.stack.up());
    });
    beforeEach(() => scene.control.forgetRequests());
    afterEach(async () => assert.deepEqual(await scene.control.violations(), []));
    after(() => scene?.close());

    it("renamed: it stays bound, also in a rotation, and the run tells the new name; no report fails", async () => {
        const readers = scene.readers(datasets);
        await scene.control.edit((world) => {
            world.powerBi.workspaces[0].datasets[1].name = "Refunds";
        });
        const renamed = /credentials\[0\]: dataset "Returns model" is called "Refunds" now\. .*Write the new name/;
        support.configure(scene.stack, { rotationKey: "2026-12" });
        assert.match(succeeds(await scene.stack.up()).output, renamed);
        assert.equal(await sets(), 2);
        assert.equal((await support.principal(scene.control, "powerbi-sales")).secrets.length, 1);
        await scene.control.forgetRequests();
        bind(0, ([first, second]) => [first, { ...second, dataset: "Refunds" }]);
        assert.doesNotMatch(succeeds(await scene.stack.up()).output, /is called "Refunds" now/);
        assert.equal(await sets(), 0);
        await readers.stop();
        assert.deepEqual(readers.failures, []);
    });

    it("published again under its name: another id, another owner, no credential; up tells it and binds it", async () => {
        const datasetId = "d0000000-0000-4000-8000-0000000000c2";
        await scene.control.edit((world) => {
            const { datasets: models } = world.powerBi.workspaces[0];
            Object.assign(models[1], { id: datasetId, owner: "nina@example.com" });
        });
        assert.equal((await scene.control.query(sales.workspaceId, datasetId)).ok, false);
        // Written here for the test below: it changes nothing.
        bind(1, ([only]) => [{ ...only, dataset: ledgerModel.datasetId }]);
        succeedsWith(
            await scene.stack.up(),
            /the ownership of the dataset \S+\/d0000000-0000-4000-8000-0000000000a2 is gone/,
            /\+ +pulumi-nodejs:dynamic\/power-bi:DatasetOwnership powerbi-sales-d0000000-0000-4000-8000-0000000000c2 created/,
        );
        await works(sales.workspaceId, datasetId);
        await works(salesModel.workspaceId, salesModel.datasetId);
        assert.equal(await sets(), 0, "the datasource of its new owner, SP2, holds the credential already");
    });

    it("published again, and bound by its old id: a warning names the new one, and the secret is kept", async () => {
        const datasetId = "d0000000-0000-4000-8000-0000000000d1";
        await scene.control.edit((world) => {
            Object.assign(world.powerBi.workspaces[1].datasets[0], { id: datasetId, owner: "nina@example.com" });
        });
        const { output } = succeeds(await scene.stack.preview());
        assert.match(
            output,
            /"Ledger model" was published again\. .*Write the new id d0000000-0000-4000-8000-0000000000d1, or the name/,
        );
        assert.match(output, /Finance \/ Ledger model/);
        bind(1, ([only]) => [{ ...only, dataset: ledgerModel.name }]);
        succeeds(await scene.stack.up());
        await works(finance.workspaceId, datasetId);
    });

    it("moved to another workspace, which is to be deleted here and published there: a warning asks for the workspace", async () => {
        const datasetId = "d0000000-0000-4000-8000-0000000000e1";
        await scene.control.edit((world) => {
            const [there, here] = world.powerBi.workspaces;
            const [model] = here.datasets.splice(0, 1);
            there.datasets.push({ ...model, id: datasetId, owner: "nina@example.com" });
        });
        const { output } = succeeds(await scene.stack.up());
        assert.match(
            output,
            /\("Ledger model", d0000000-0000-4000-8000-0000000000d1\) was deleted, or published to another workspace/,
        );
        assert.match(output, /Name that workspace, or take the binding out/);
        bind(1, ([only]) => [{ ...only, workspace: "Sales" }]);
        succeeds(await scene.stack.up());
        await works(sales.workspaceId, datasetId);
    });

    it("deleted: a warning says so; with its binding taken out the others stay as they are", async () => {
        const before = await support.principal(scene.control, "powerbi-sales");
        await scene.control.edit((world) => {
            world.powerBi.workspaces[0].datasets.splice(1, 1);
        });
        const { output } = succeeds(await scene.stack.preview());
        assert.match(output, /"Refunds", \S+\) was deleted, or published to another workspace/);
        bind(0, ([first]) => [first]);
        succeeds(await scene.stack.up());
        assert.equal(await sets(), 0);
        assert.deepEqual(
            (await support.principal(scene.control, "powerbi-sales")).secrets.length,
            before.secrets.length,
        );
        await works(salesModel.workspaceId, salesModel.datasetId);
    });

    it("SP2 is no longer a member of the workspace: a rotation keeps its secret, says which right to give back, and reports go on", async () => {
        const before = await scene.control.world();
        await scene.control.edit((world) => {
            const [workspace] = world.powerBi.workspaces;
            workspace.members = workspace.members.filter(
                ({ principal }: { principal: string }) => principal !== support.sp2,
            );
        });
        support.configure(scene.stack, { rotationKey: "2027-01" });
        const { output } = succeeds(await scene.stack.up());
        assert.match(
            output,
            /there is no workspace "Sales" that SP2 sees\. .*Correct the name, or make SP2 a member or admin of the workspace/,
        );
        assert.match(
            output,
            /Sales \/ Sales model.* holds the secret of rotation key "2026-12" and was not found in this run/,
        );
        await works(salesModel.workspaceId, salesModel.datasetId);
        await scene.control.edit((world) => {
            world.powerBi.workspaces[0].members = before.powerBi.workspaces[0].members;
        });
        succeeds(await scene.stack.up());
        await works(salesModel.workspaceId, salesModel.datasetId);
        assert.equal(
            (await support.principal(scene.control, "powerbi-sales")).secrets.length,
            1,
            "the old one is gone",
        );
    });
});
