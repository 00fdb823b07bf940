import assert from "node:assert/strict";
import { toText } from "../../diagnostics/render";
import { Services } from "../../clients/services";
import { discover } from "../../planning/discover";
import * as support from "./support";

const { legacy, warehouseId } = support;

describe("a service principal that is adopted", () => {
    let bench: support.Bench;
    beforeEach(async () => (bench = await support.Bench.start()));
    afterEach(() => bench.close());

    const look = (grants: { catalog: string; schema?: string }[] = []) => {
        const services = new Services((key) => bench.config[key]);
        const { applicationId } = legacy;
        const declared = {
            name: applicationId,
            databricks: "databricks",
            applicationId,
            warehouse: warehouseId,
            grants,
        };
        return discover([{ ...declared, bindings: [], release: [] }], services, () => bench.databricks);
    };
    const edit = (change: (principals: Record<string, unknown>[]) => void) =>
        bench.control.edit((world) => change(world.databricks.servicePrincipals));

    it("is taken as it is", async () => {
        assert.deepEqual((await look()).warnings, []);
    });

    it("is warned of when nothing lets it query", async () => {
        await edit(([principal]) => (principal.entitlements = []));
        assert.match(toText((await look()).warnings[0]), /has no entitlement databricks-sql-access of its own/);
    });

    it("is refused, and not activated, when somebody deactivated it", async () => {
        await edit(([principal]) => (principal.active = false));
        await assert.rejects(look(), /credentials\[0\]\.applicationId: .* is not active: .* Activate it yourself/s);
    });

    it("keeps what it was given by others on what it is granted", async () => {
        await bench.control.edit((world) => {
            const [main, schema] = world.databricks.securables;
            const principal = legacy.applicationId;
            main.grants.push({ principal, privileges: ["SELECT", "BROWSE"] });
            schema.grants = [{ principal, privileges: ["MODIFY"] }];
        });
        const [{ grants }] = (await look([{ catalog: "main", schema: "sales" }])).plans;
        assert.deepEqual(grants, [
            { securable: "catalog", fullName: "main", privileges: ["BROWSE", "SELECT", "USE_CATALOG"] },
            { securable: "schema", fullName: "main.sales", privileges: ["MODIFY", "SELECT", "USE_SCHEMA"] },
        ]);
    });

    it("keeps what a further page tells, and what an answer without a list did not", async () => {
        const held = { principal: legacy.applicationId, privileges: ["MODIFY"] };
        await bench.control.edit((world) => {
            const [main] = world.databricks.securables;
            main.grants = [{ principal: "analysts", privileges: ["SELECT"] }, held];
            world.databricks.grantsPageSize = 1;
        });
        const granted = async () => (await look([{ catalog: "main" }])).plans[0].grants[0].privileges;
        assert.deepEqual(await granted(), ["MODIFY", "SELECT", "USE_CATALOG", "USE_SCHEMA"]);
        const path = "/unity-catalog/permissions/";
        await bench.control.faults([{ service: "databricks", method: "GET", path, status: 200, body: {}, times: 1 }]);
        assert.deepEqual(await granted(), ["MODIFY", "SELECT", "USE_CATALOG", "USE_SCHEMA"]);
    });

    it("is granted nothing on what is not there", async () => {
        await assert.rejects(
            look([{ catalog: "nowhere" }]),
            /credentials\[0\]\.grants: there is no catalog "nowhere" in the workspace 127\.0\.0\.1:\d+\. Correct the name/,
        );
    });

    it("is refused when it is gone", async () => {
        await edit((principals) => principals.splice(0));
        await assert.rejects(look(), /there is no service principal 0dd5ec7e-\S+ in the workspace/);
    });
});
