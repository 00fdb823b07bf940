import assert from "node:assert/strict";
import { isMutation } from "../../sandbox/control-client";
import * as support from "./support";

const custom = "sales.databricks.com";
const salesWarehouse = "44ff20e73e461e56";

describe("one warehouse at two hosts, as people paste them", function () {
    this.timeout(support.engineTimeoutInMs);

    let scene: support.Scene;
    before(async () => {
        scene = await support.setScene({ config: { hosts: [`https://${custom}/?o=1234567890123456`] } });
        const page = `${scene.sandbox.urls.databricks}/sql/warehouses/${salesWarehouse}?o=1234567890123456`;
        // The databricks provider of the engine gets this as it is written.
        scene.stack.configure({ "databricks:host": page });
        const bindings = [{ discover: "warehouse", workspaces: ["Sales"], takeOver: true }];
        support.configure(scene.stack, {
            credentials: [
                { servicePrincipal: "powerbi-sales", warehouse: page, grants: [{ catalog: "main" }], bindings },
            ],
        });
        await scene.control.edit((world) => {
            world.databricks.hosts = [custom];
            const [{ datasets }] = world.powerBi.workspaces;
            Object.assign(datasets[0].sources[0], {
                host: `https://${custom.toUpperCase()}:443/`,
                httpPath: `sql/1.0/endpoints/${salesWarehouse.toUpperCase()}?o=1234567890123456`,
            });
        });
    });
    after(() => scene?.close());

    const [first, second] = support.datasets;
    const work = async () => {
        for (const { workspaceId, datasetId, name } of [first, second]) {
            const result = await scene.control.query(workspaceId, datasetId);
            assert.ok(result.ok, `${name}: ${JSON.stringify(result)}`);
        }
    };

    it("is bound at both, and the second up changes nothing", async () => {
        support.succeeds(await scene.stack.up());
        await work();
        await scene.control.forgetRequests();
        const { output } = support.succeeds(await scene.stack.up("--expect-no-changes"));
        assert.deepEqual((await scene.control.requests()).filter(isMutation), []);
        assert.doesNotMatch(output, /drift|warning/);
    });

    it("is rotated at both", async () => {
        support.configure(scene.stack, { rotationKey: "2026-12" });
        support.succeeds(await scene.stack.up());
        await work();
        assert.equal((await support.principal(scene.control, "powerbi-sales")).secrets.length, 1);
    });
});
