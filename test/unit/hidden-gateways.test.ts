import assert from "node:assert/strict";
import { bound, declared, discoverIn, lastUpOf, ownerLeft, world, World } from "./discovery-stub";

const vnet = { id: "V", type: "VirtualNetwork", displayName: "gateway v" };
const behindVnet = { gatewayId: "v", datasourceId: "s1", warehouse: "aaaa" };
const inCloud = { gatewayId: "c", datasourceId: "s9", warehouse: "aaaa" };
const lastUp = { one: lastUpOf("k1", bound("VNET", "v", "s1", "aaaa", "d1")) };
const named = { workspace: "Sales", dataset: "d1" };
const notSeen: [string, Partial<World>][] = [
    ["Fabric refuses with 401", { fabric: 401 }],
    ["Fabric refuses with 403", { fabric: 403 }],
    ["Fabric refuses with 404", { fabric: 404 }],
    ["Fabric lists none", { fabric: [] }],
];

/** What is planned for the dataset, or the error. */
async function plan(there: Partial<World>, rule: object, before = lastUp, key = "k1") {
    try {
        const found = await discoverIn(world(there), [declared([rule])], key, before);
        const [{ cloud, datasources }] = found.plans;
        const shown = [
            ...cloud.map(({ datasetId }) => `${datasetId} cloud`),
            ...datasources.map(({ gatewayId, datasourceId }) => `${datasourceId} of ${gatewayId}`),
        ];
        return { planned: shown.join(), warned: found.warnings.join("\n"), error: "" };
    } catch (error) {
        return { planned: "", warned: "", error: (error as Error).message };
    }
}

describe("a gateway that is not seen any more", () => {
    for (const [words, there] of notSeen) {
        for (const key of ["k1", "k2"]) {
            it(`does not make a named dataset one in the cloud, which would be taken over: ${words}, key ${key}`, async () => {
                const { error } = await plan({ ...there, datasets: { d1: [behindVnet] } }, named, lastUp, key);
                assert.match(error, /credentials\[0\]\.bindings\[0\]: dataset "model d1" in workspace "Sales"/);
                assert.match(error, /reads through VNET gateway "gateway v", which SP2 does not see any more/);
                assert.match(error, /Make SP2 an admin of the gateway again.*can call Fabric public APIs/s);
                assert.equal(/Fabric does not let SP2 list/.test(error), typeof there.fabric === "number");
            });
        }
    }

    it("nor when it is declared as in the cloud, for it is still bound there", async () => {
        const rule = { ...named, gatewayType: "NoGateway" };
        const { error } = await plan({ fabric: 403, datasets: { d1: [behindVnet] } }, rule);
        assert.match(error, /which SP2 does not see any more/);
    });

    it("nor by a dataset that was not known to read through it: another was", async () => {
        const { error } = await plan(
            { fabric: 403, datasets: { d1: [], d2: [behindVnet] } },
            { ...named, dataset: "d2" },
        );
        assert.match(error, /dataset "model d2" .* reads through VNET gateway "gateway v"/);
    });

    it("says of a dataset that was moved what to declare, and takes it as that", async () => {
        const there = { fabric: [], datasets: { d1: [inCloud] } };
        const { error } = await plan(there, named);
        assert.match(
            error,
            /was behind VNET gateway "gateway v" at the last up, and SP2 does not see that gateway any more/,
        );
        assert.match(error, /If the dataset reads through the cloud now, say gatewayType: NoGateway/);
        assert.equal((await plan(there, { ...named, gatewayType: "NoGateway" })).planned, "d1 cloud");
    });

    it("is not in the way of one that is seen, of what was in the cloud before, nor of a first up", async () => {
        const datasets = { d1: [inCloud] };
        assert.equal((await plan({ fabric: [vnet], datasets }, named)).planned, "d1 cloud", "moved to the cloud");
        assert.equal((await plan({ fabric: [vnet], datasets: { d1: [behindVnet] } }, named)).planned, "s1 of V");
        const both = {
            one: lastUpOf("k1", bound("VNET", "v", "s1", "aaaa", "d1"), bound("NoGateway", "c", "s9", "aaaa", "d1")),
        };
        assert.equal((await plan({ fabric: 403, datasets }, named, both)).planned, "d1 cloud");
        const first = await plan({ fabric: 403, datasets: { d1: [behindVnet] } }, named, {} as typeof lastUp);
        assert.equal(first.planned, "d1 cloud");
        assert.match(first.warned, /Fabric does not let SP2 list its gateways/);
    });

    it("fails a discovery once for each datasource, and is let go by what it leaves out", async () => {
        const there = { fabric: 403, datasets: { d1: [behindVnet], d2: [behindVnet] } };
        const before = { one: lastUpOf("k1", bound("VNET", "v", "s1", "aaaa", "d1", "d2")) };
        const { error } = await plan(there, { discover: "warehouse" }, before);
        assert.equal(error.match(/SP2 no longer administers gateway "gateway v"/g)?.length, 1);
        const rule = { discover: "warehouse", exclude: { gateways: ["gateway v"] } };
        assert.deepEqual(await plan(there, rule, before), { planned: "", warned: "", error: "" });
        const moved = await plan({ ...there, datasets: { d1: [inCloud] } }, rule, before);
        assert.equal(moved.planned, "d1 cloud");
    });
});

describe("a named dataset whose owner has left", () => {
    const gone = (changes: Partial<World> = {}) => ({ fabric: [vnet], datasets: { d1: ownerLeft }, ...changes });

    for (const key of ["k1", "k2"]) {
        it(`is bound where the last up found it behind a gateway, and not taken over, key ${key}`, async () => {
            const { planned, warned } = await plan(gone(), named, lastUp, key);
            assert.equal(planned, "s1 of V");
            // The run that rotates does not ask for its sources.
            assert.equal(/does not tell the datasources of dataset "model d1"/.test(warned), key === "k1");
        });
    }

    it("is refused where that gateway is not seen either, or read another warehouse", async () => {
        assert.match((await plan(gone({ fabric: 403 }), named)).error, /reads through VNET gateway "gateway v"/);
        const other = { one: lastUpOf("k1", bound("VNET", "v", "s1", "bbbb", "d1")) };
        const { error } = await plan(gone(), named, other);
        assert.match(
            error,
            /does not tell the datasources of dataset "model d1".*was behind VNET gateway "gateway v"/s,
        );
        assert.match(error, /say gatewayType: NoGateway/);
    });

    it("is refused where it is declared to be behind a gateway, for a take-over would be wrong", async () => {
        const { error } = await plan(gone(), { ...named, gatewayType: "VNET" }, {} as typeof lastUp);
        assert.match(error, /does not tell the datasources of dataset "model d1".*declared as VNET/s);
    });

    it("is taken over where it was in the cloud, is declared so, or nothing is known: that cures it", async () => {
        const before = { one: lastUpOf("k1", bound("NoGateway", "c", "s1", "aaaa", "d1")) };
        assert.equal((await plan(gone(), named, before)).planned, "d1 cloud");
        assert.equal((await plan(gone(), { ...named, gatewayType: "NoGateway" })).planned, "d1 cloud");
        assert.equal((await plan(gone(), named, {} as typeof lastUp)).planned, "d1 cloud");
    });
});
