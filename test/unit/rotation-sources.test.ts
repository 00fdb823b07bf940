import assert from "node:assert/strict";
import { isRotation } from "../../planning/read-history";
import { mergeFindings } from "../../planning/plan";
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

    const inCloud = (id: string, warehouse: string) => ({ gatewayId: "c", datasourceId: id, warehouse });
    const everything = declared([{ discover: "warehouse" }]);

    it("are not asked for in an ordinary rotation, whichever of the credentials they are for", async () => {
        const there = world({
            warehouses: ["aaaa", "bbbb"],
            datasets: { d1: [inCloud("s1", "aaaa")], d2: [inCloud("s2", "bbbb")] },
        });
        const lastUp = {
            one: lastUpOf("k1", bound("NoGateway", "c", "s1", "aaaa", "d1")),
            two: lastUpOf("k1", bound("NoGateway", "c", "s2", "bbbb", "d2")),
        };
        const second = declared([{ discover: "warehouse" }], { name: "two", warehouse: "bbbb" });
        const { asked, plans } = await discoverIn(there, [everything, second], "k2", lastUp);
        assert.deepEqual(asked, []);
        assert.deepEqual(
            plans.map(({ cloud }) => cloud.map(({ datasetId }) => datasetId)),
            [["d1"], ["d2"]],
        );
    });

    for (const rule of [{ discover: "warehouse" }, { discover: "host" }, { workspace: "Sales", dataset: "d1" }]) {
        const words = JSON.stringify(rule);
        it(`are asked for where the warehouse is another than the last up's: ${words}`, async () => {
            const there = world({ warehouses: ["bbbb"], datasets: { d1: [inCloud("s2", "bbbb")] } });
            const lastUp = { one: lastUpOf("k1", bound("NoGateway", "c", "s1", "aaaa", "d1")) };
            const successor = declared([rule], { warehouse: "bbbb" });
            const [{ cloud }] = (await discoverIn(there, [successor], "k2", lastUp)).plans;
            assert.deepEqual(
                cloud.map(({ datasetId, targets }) => [datasetId, targets]),
                [["d1", [targetTo("bbbb")]]],
            );
        });
    }

    it("are known from the last up only while the key in use is another than its", () => {
        const lastUp = { one: lastUpOf("k1") };
        assert.deepEqual(
            [isRotation(lastUp, "k1"), isRotation(lastUp, "k2"), isRotation({}, "k2")],
            [false, true, false],
        );
    });

    it("are asked for where the last up knew another credential's only", async () => {
        const there = world({ warehouses: ["aaaa", "bbbb"], datasets: { d1: [inCloud("s2", "bbbb")] } });
        const lastUp = { one: lastUpOf("k1", bound("NoGateway", "c", "s1", "aaaa", "d1")) };
        const named = declared([{ workspace: "Sales", dataset: "d1" }], { name: "two", warehouse: "bbbb" });
        const { plans } = await discoverIn(there, [declared([]), named], "k2", lastUp);
        assert.deepEqual(plans[1].cloud[0].targets, [targetTo("bbbb")]);
    });

    it("are asked for where their gateway is not seen any more: the dataset was moved, in a rotation that did not end", async () => {
        const onPremises = [{ id: "g2", name: "HQ 2" }];
        const there = world({ onPremises, datasets: { d1: [{ ...inCloud("s2", "aaaa"), gatewayId: "G2" }] } });
        const lastUp = { one: lastUpOf("k1", bound("Onpremises", "g1", "s1", "aaaa", "d1")) };
        const named = declared([{ workspace: "Sales", dataset: "d1" }]);
        const [{ cloud, datasources }] = (await discoverIn(there, [named], "k2", lastUp)).plans;
        assert.deepEqual(cloud, []);
        assert.deepEqual(
            datasources.map(({ gatewayId, datasourceId }) => [gatewayId, datasourceId]),
            [["g2", "s2"]],
        );
    });
});
