import assert from "node:assert/strict";
import { bound, declared, discoverIn, lastUpOf, ownerLeft, world, World } from "./discovery-stub";

const onPremises = [{ id: "g1", name: "gateway g1" }];
const behindGateway = { one: lastUpOf("k1", bound("Onpremises", "g1", "s1", "aaaa", "d1")) };
const rule = { discover: "warehouse" };

async function plan(
    changes: Partial<World> = {},
    before: typeof behindGateway = behindGateway,
    credentials = [declared([rule])],
    key = "k1",
) {
    const there = world({ onPremises, datasets: { d1: ownerLeft }, ...changes });
    const { plans, warnings } = await discoverIn(there, credentials, key, before);
    const planned = plans.map(({ cloud, datasources }) => [
        ...cloud.map(({ datasetId }) => `${datasetId} cloud`),
        ...datasources.map(({ datasourceId, datasets }) => `${datasourceId} for ${datasets[0].datasetId}`),
    ]);
    const kept = plans.flatMap(({ account }) => account.keptKeys).join();
    return { planned: planned.map((found) => found.join()), kept, warned: warnings.join("\n") };
}

describe("a discovered dataset whose owner has left", () => {
    it("stays where the last up found it, in a rotation too: its secret would be deleted otherwise", async () => {
        const plain = await plan();
        assert.deepEqual(plain.planned, ["s1 for d1"]);
        assert.match(
            plain.warned,
            /does not tell the datasources of dataset "model d1" .*: its owner has left .*is kept where the last up found it.*take it over/s,
        );
        assert.deepEqual((await plan({}, behindGateway, [declared([rule])], "k2")).planned, ["s1 for d1"]);
        const inCloud = { one: lastUpOf("k1", bound("NoGateway", "c", "s1", "aaaa", "d1")) };
        assert.deepEqual((await plan({}, inCloud)).planned, ["d1 cloud"]);
    });

    it("keeps its secret where what the last up found is not the declared warehouse: nobody knows what it reads", async () => {
        const before = { one: lastUpOf("k1", bound("Onpremises", "g1", "s1", "bbbb", "d1")) };
        for (const key of ["k1", "k2"]) {
            const { planned, kept, warned } = await plan({}, before, [declared([rule])], key);
            assert.deepEqual([planned, kept], [[""], "k1"]);
            assert.match(
                warned,
                /Power BI does not tell the datasources of dataset "model d1" .* left out.*take it over/s,
            );
            assert.match(warned, /read by Sales \/ model d1, holds the secret of rotation key "k1" and was not found/);
        }
    });

    it("is told, and left out, where the last up did not bind it: it is not taken over unasked", async () => {
        const { planned, warned } = await plan({}, {} as typeof behindGateway);
        assert.deepEqual(planned, [""]);
        assert.match(warned, /does not tell the datasources of dataset "model d1" .* left out.*take it over/s);
    });

    it("is let go by what the rule leaves out, and that is said once", async () => {
        for (const exclude of [{ gateways: ["gateway g1"] }, { datasets: ["model d1"] }]) {
            const { planned, kept, warned } = await plan({}, behindGateway, [declared([{ ...rule, exclude }])]);
            assert.deepEqual([planned, kept], [[""], ""]);
            assert.match(warned, /datasource "s1" of Onpremises gateway "gateway g1".* is let go/);
        }
    });

    it("is no affair of another credential's, which looks in the same workspace", async () => {
        const second = declared([rule], { name: "two", warehouse: "bbbb" });
        const there = { warehouses: ["aaaa", "bbbb"] };
        assert.deepEqual((await plan(there, behindGateway, [declared([rule]), second])).planned, ["s1 for d1", ""]);
    });
});
