import assert from "node:assert/strict";
import axios from "axios";
import { RunningSandbox, startSandbox } from "../../sandbox";
import { ControlClient } from "../../sandbox/control-client";

describe("the sandbox's watch over the invariants", () => {
    let sandbox: RunningSandbox;
    let control: ControlClient;
    beforeEach(async () => {
        sandbox = await startSandbox();
        control = new ControlClient(sandbox.urls.control);
        await control.watchInvariants();
    });
    afterEach(() => sandbox.close());

    const request = () =>
        axios.get(`${sandbox.urls.databricks}/api/2.0/sql/warehouses`, {
            headers: { Authorization: "Bearer dapi-sandbox-deployer" },
        });
    const kinds = async () => [...new Set((await control.violations()).map(({ invariant }) => invariant))];

    it("finds nothing while nothing is wrong", async () => {
        await request();
        assert.deepEqual(await control.violations(), []);
    });

    it("finds a bound credential that no longer logs in (I1) and a stranger's secret that is gone (I2), once", async () => {
        await control.edit((world) => (world.databricks.servicePrincipals[0].secrets = []));
        await request();
        await request();
        const violations = await control.violations();
        assert.deepEqual(
            violations.map(({ invariant }) => invariant),
            ["I1", "I1", "I2"],
        );
        assert.equal(violations[0].request.path, "/api/2.0/sql/warehouses");
    });

    it("counts the reports that were opened, and those that failed", async () => {
        const { powerBi } = await control.world();
        const [{ id: workspaceId, datasets }] = powerBi.workspaces;
        await control.query(workspaceId, datasets[0].id);
        await control.edit((world) => (world.powerBi.datasources = []));
        await control.query(workspaceId, datasets[0].id);
        assert.deepEqual(await control.reports(), { opened: 2, failed: 1 });
    });

    it("finds a secret that is bound before anybody logged in with it (I3)", async () => {
        await control.edit((world) => {
            const [principal] = world.databricks.servicePrincipals;
            principal.secrets.push({ id: "new", secret: "dose-new" });
            world.powerBi.datasources[0].credential.password = "dose-new";
        });
        await request();
        assert.deepEqual(await kinds(), ["I3"]);
    });

    const changes: Record<string, Parameters<ControlClient["edit"]>[0]> = {
        "a permission of somebody else's": (world) => world.databricks.warehouses[0].acl.splice(1, 1),
        "an owner": (world) => (world.databricks.warehouses[0].creatorName = "us"),
        "a privilege": (world) => (world.databricks.securables[0].grants = []),
    };
    for (const [what, change] of Object.entries(changes)) {
        it(`finds ${what} that changed (I8)`, async () => {
            await control.edit(change);
            await request();
            assert.deepEqual(await kinds(), ["I8"]);
        });
    }
});
