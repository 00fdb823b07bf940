import assert from "node:assert/strict";
import { mergeFindings } from "../../discovery/plan";
import { bound, declared, discoverIn, lastUpOf, targetTo, world } from "./discovery-stub";

describe("the sources of datasets in a rotation", () => {
    it("give the plan that looking at them gives: its order is nobody's, and each warehouse is in it once", async () => {
        const sources = ["bbbb", "aaaa", "bbbb"].map((warehouse) => ({
            gatewayId: "c",
            datasourceId: `of ${warehouse}`,
            warehouse,
        }));
        const there = world({ warehouses: ["aaaa", "bbbb"], datasets: { d1: sources } });
        const lastUp = {
            one: lastUpOf(
                "k1",
                ...["aaaa", "bbbb"].map((warehouse) => bound("NoGateway", "c", `of ${warehouse}`, warehouse, "d1")),
            ),
        };
        const rule = [declared([{ discover: "host" }])];
        const [plain, rotation] = [
            await discoverIn(there, rule, "k1", lastUp),
            await discoverIn(there, rule, "k2", lastUp),
        ];
        assert.deepEqual(plain.asked, ["d1"]);
        assert.deepEqual(rotation.asked, []);
        assert.deepEqual(plain.plans[0].cloud[0].targets, [targetTo("aaaa"), targetTo("bbbb")]);
        assert.deepEqual(rotation.plans, plain.plans);
    });

    it("are in the same order when two bindings tell of them", async () => {
        const there = world({
            warehouses: ["aaaa", "bbbb"],
            datasets: { d1: [{ gatewayId: "c", datasourceId: "d", warehouse: "aaaa" }] },
        });
        const [{ cloud }] = (await discoverIn(there, [declared([{ discover: "host" }])], "k1")).plans;
        const second = { ...cloud[0], targets: [targetTo("bbbb")] };
        const targetsOf = (...order: typeof cloud) =>
            mergeFindings(order.map((dataset) => ({ where: "here", cloud: dataset }))).cloud[0].targets;
        assert.deepEqual(targetsOf(cloud[0], second), targetsOf(second, cloud[0]));
    });
});
