import assert from "node:assert/strict";
import axios from "axios";
import { RunningSandbox, startSandbox } from "../../sandbox";
import { ControlClient } from "../../sandbox/control-client";
import { changedHoldings } from "../../sandbox/invariants/holdings";

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

    describe("finds (I8)", () => {
        const person = "ana@example.com";
        const changes: Record<string, Parameters<ControlClient["edit"]>[0]> = {
            "a permission of somebody else's that changed": (world) => world.databricks.warehouses[0].acl.splice(1, 1),
            "an owner that changed": (world) => (world.databricks.warehouses[0].creatorName = "us"),
            "a privilege that changed": (world) => (world.databricks.securables[0].grants = []),
            "a right on a secret scope that was lowered": (world) =>
                (world.databricks.scopes[0].acls[0].permission = "READ"),
            "a right on a secret scope that was taken away": (world) => (world.databricks.scopes[0].acls = []),
            "a secret scope that is gone with the rights on it": (world) => (world.databricks.scopes = []),
            "a person's model that is mapped to another connection": (world) =>
                (world.powerBi.workspaces[0].datasets[0].sources[0].datasourceId =
                    world.powerBi.datasources[1].datasourceId),
            "a connection that has another owner": (world) => (world.powerBi.datasources[0].owner = "us"),
        };
        beforeEach(async () => {
            await control.edit((world) => {
                world.databricks.scopes = [{ name: "s", acls: [{ principal: "analysts", permission: "MANAGE" }] }];
            });
            await control.watchInvariants();
        });
        for (const [what, change] of Object.entries(changes)) {
            it(what, async () => {
                await request();
                assert.deepEqual(await control.violations(), []);
                await control.edit(change);
                await request();
                assert.deepEqual(await kinds(), ["I8"]);
            });
        }

        it("nothing in what the stack makes and takes over: principals, scopes, readers, models", async () => {
            const own = "0dd5ec7e-0000-4000-8000-0000000000f1";
            const sp2 = "c11e47aa-0000-4000-8000-000000000002";
            await control.edit(({ databricks, powerBi }) => {
                databricks.servicePrincipals.push({ id: "4000000000000009", applicationId: own, displayName: "made" });
                databricks.warehouses[0].acl.push({ servicePrincipalName: own, permissionLevel: "CAN_USE" });
                databricks.securables[0].grants.push({ principal: own, privileges: ["USE_CATALOG"] });
                databricks.scopes[0].acls.push({ principal: own, permission: "READ" });
                databricks.scopes.push({ name: "made", acls: [{ principal: "analysts", permission: "READ" }] });
                const [model] = powerBi.workspaces[0].datasets;
                Object.assign(model, { owner: sp2 });
                model.sources[0].datasourceId = powerBi.datasources[1].datasourceId;
            });
            await request();
            assert.deepEqual(await control.violations(), []);
            await control.edit(({ databricks }) => databricks.servicePrincipals.pop());
            await request();
            assert.deepEqual(await control.violations(), [], "grants outlive their principal");
        });

        it("a role on a connection that changed", () => {
            const withRole = (role: string) => {
                const world = structuredClone(sandbox.world);
                Object.assign(world.powerBi.datasources[0], { roles: [{ principal: person, role }] });
                return world;
            };
            const start = { world: withRole("Owner"), principals: new Set<string>() };
            assert.deepEqual(changedHoldings(start, withRole("Owner")), []);
            assert.match(
                changedHoldings(start, withRole("User")).join(),
                /^the role of ana@example\.com .* from Owner to User/,
            );
        });

        it("a refresh schedule that is off at the end of a run, not one that is off for a moment", async () => {
            const set = (enabled: boolean) =>
                control.edit((world) => {
                    const [model] = world.powerBi.workspaces[0].datasets;
                    assert.equal(model.owner, person);
                    model.refreshSchedule.enabled = enabled;
                });
            await set(true);
            await control.watchInvariants();
            await set(false);
            await request();
            assert.deepEqual(await control.violations(), []);
            assert.match(
                (await control.violationsAtEnd()).join(),
                /^the refresh schedule of model Sales model .* is off/,
            );
            await set(true);
            assert.deepEqual(await control.violationsAtEnd(), []);
        });
    });
});
