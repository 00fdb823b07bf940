import assert from "node:assert/strict";
import { Services } from "../../clients/services";
import { discover } from "../../discovery/discover";
import * as support from "./support";

const { legacy, warehouseId } = support;

describe("a service principal that is adopted", () => {
    let bench: support.Bench;
    beforeEach(async () => (bench = await support.Bench.start()));
    afterEach(() => bench.close());

    const look = () => {
        const services = new Services((key) => bench.config[key]);
        const { applicationId } = legacy;
        const declared = { name: applicationId, databricks: "databricks", applicationId, warehouse: warehouseId };
        return discover([{ ...declared, bindings: [] }], services, () => bench.databricks);
    };
    const edit = (change: (principals: Record<string, unknown>[]) => void) =>
        bench.control.edit((world) => change(world.databricks.servicePrincipals));

    it("is taken as it is", async () => {
        assert.deepEqual((await look()).warnings, []);
    });

    it("is warned of when nothing lets it query", async () => {
        await edit(([principal]) => (principal.entitlements = []));
        assert.match((await look()).warnings.join(), /has no entitlement databricks-sql-access of its own/);
    });

    it("is refused, and not activated, when somebody deactivated it", async () => {
        await edit(([principal]) => (principal.active = false));
        await assert.rejects(look(), /credentials\[0\]\.applicationId: .* is not active: .* activate it yourself/s);
    });

    it("is refused when it is gone", async () => {
        await edit((principals) => principals.splice(0));
        await assert.rejects(look(), /there is no service principal 0dd5ec7e-\S+ in the workspace/);
    });
});
