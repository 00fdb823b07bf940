import assert from "node:assert/strict";
import { bound, declared, discoverIn, lastUpOf, world, World } from "./discovery-stub";

const named = { workspace: "Sales", dataset: "d1" };
const hq = { id: "g1", name: "HQ" };

/** What is planned for the dataset, and what is said of it. */
async function plan(there: Partial<World>, rule: object, before = {}) {
    const { plans, warnings } = await discoverIn(world(there), [declared([rule])], "k1", before);
    const [{ cloud, datasources }] = plans;
    return { planned: [...cloud, ...datasources].length, warned: warnings.join("\n") };
}

describe("a source of which Power BI does not say all ids", () => {
    const silent = { datasets: { d1: [{ warehouse: "aaaa" }] } };

    it("is not taken over where no gateway is named: a person has to say that it reads through the cloud", async () => {
        await assert.rejects(plan(silent, named), /nothing proves that dataset "model d1".*gatewayType: NoGateway/s);
        const { planned, warned } = await plan(silent, { discover: "warehouse" });
        assert.equal(planned, 0);
        assert.match(warned, /left out: nothing proves .*takeOver: true\. \[unproven\]\n {2}Sales \/ model d1 /s);
        assert.equal((await plan(silent, { ...named, gatewayType: "NoGateway" })).planned, 1);
    });

    it("stays bound in the cloud where an earlier up bound it there", async () => {
        const before = { one: lastUpOf("k1", bound("NoGateway", "c", "s1", "aaaa", "d1")) };
        assert.equal((await plan(silent, named, before)).planned, 1);
    });

    it("is not taken for one in the cloud where its gateway is known and its datasource is not", async () => {
        const there = { onPremises: [hq], datasets: { d1: [{ gatewayId: "g1", warehouse: "aaaa" }] } };
        await assert.rejects(plan(there, named), /reads through gateway "HQ".*Bind the datasource/s);
    });
});
