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
        const [{ cloud, datasources, account }] = found.plans;
        const shown = [
            ...cloud.map(({ datasetId }) => `${datasetId} cloud`),
            ...datasources.map(({ gatewayId, datasourceId }) => `${datasourceId} of ${gatewayId}`),
        ];
        const kept = account.keptKeys.join();
        return { planned: shown.join(), kept, warned: found.warnings.join("\n"), error: "" };
    } catch (error) {
        return { planned: "", kept: "", warned: "", error: (error as Error).message };
    }
}

describe("a gateway that is not seen any more", () => {
    for (const [words, there] of notSeen) {
        for (const key of ["k1", "k2"]) {
            it(`does not make a named dataset one in the cloud, which would be taken over: ${words}, key ${key}`, async () => {
                const { planned, kept, warned, error } = await plan(
                    { ...there, datasets: { d1: [behindVnet] } },
                    named,
                    lastUp,
                    key,
                );
                assert.deepEqual([planned, kept, error], ["", "k1", ""]);
                assert.match(warned, /credentials\[0\]\.bindings\[0\]: dataset "model d1" in workspace "Sales"/);
                assert.match(warned, /reads through VNET gateway "gateway v", which SP2 does not see any more/);
                assert.match(warned, /Make SP2 an admin of the gateway again.*can call Fabric public APIs/s);
                assert.match(warned, /holds the secret of rotation key "k1" and was not found in this run/);
                assert.equal(/Fabric does not let SP2 list/.test(warned), typeof there.fabric === "number");
            });
        }
    }

    it("nor when it is declared as in the cloud, for it is still bound there", async () => {
        const rule = { ...named, gatewayType: "NoGateway" };
        const { kept, warned } = await plan({ fabric: 403, datasets: { d1: [behindVnet] } }, rule);
        assert.equal(kept, "k1");
        assert.match(warned, /which SP2 does not see any more/);
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
        const { planned, kept, warned } = await plan(there, named);
        assert.deepEqual([planned, kept], ["", "k1"]);
        assert.match(
            warned,
            /was behind VNET gateway "gateway v" at the last up, and SP2 does not see that gateway any more/,
        );
        assert.match(warned, /If the dataset reads through the cloud now, say gatewayType: NoGateway/);
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

    it("is told once for each datasource, and is let go by what it leaves out", async () => {
        const there = { fabric: 403, datasets: { d1: [behindVnet], d2: [behindVnet] } };
        const before = { one: lastUpOf("k1", bound("VNET", "v", "s1", "aaaa", "d1", "d2")) };
        const { kept, warned } = await plan(there, { discover: "warehouse" }, before);
        assert.equal(kept, "k1");
        assert.equal(warned.match(/VNET gateway "gateway v".* was not found in this run/g)?.length, 1);
        const rule = { discover: "warehouse", exclude: { gateways: ["gateway v"] } };
        const letGo = await plan(there, rule, before);
        assert.deepEqual([letGo.planned, letGo.kept, letGo.error], ["", "", ""]);
        assert.match(letGo.warned, /VNET gateway "gateway v".* is let go: no binding means it any more/);
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

    it("keeps its secret where that gateway is not seen either, or it read another warehouse", async () => {
        assert.match((await plan(gone({ fabric: 403 }), named)).warned, /reads through VNET gateway "gateway v"/);
        const other = { one: lastUpOf("k1", bound("VNET", "v", "s1", "bbbb", "d1")) };
        const { planned, kept, warned } = await plan(gone(), named, other);
        assert.deepEqual([planned, kept], ["", "k1"]);
        assert.match(
            warned,
            /does not tell the datasources of dataset "model d1".*was behind VNET gateway "gateway v"/s,
        );
        assert.match(warned, /say gatewayType: NoGateway/);
    });

    it("is refused where it is declared to be behind a gateway, for a take-over would be wrong", async () => {
        const { error } = await plan(gone(), { ...named, gatewayType: "VNET" }, {} as typeof lastUp);
        assert.match(error, /does not tell the datasources of dataset "model d1".*declared as VNET/s);
    });

    it("is taken over where it was in the cloud or is declared so: that cures it", async () => {
        const before = { one: lastUpOf("k1", bound("NoGateway", "c", "s1", "aaaa", "d1")) };
        assert.equal((await plan(gone(), named, before)).planned, "d1 cloud");
        assert.equal((await plan(gone(), { ...named, gatewayType: "NoGateway" })).planned, "d1 cloud");
    });

    it("is not taken over where nothing is known of it: one stray 404 proves nothing, and a person has to say so", async () => {
        const { planned, error } = await plan(gone(), named, {} as typeof lastUp);
        assert.equal(planned, "");
        assert.match(
            error,
            /dataset "model d1".*may be behind a gateway, and is not taken over.*gatewayType: NoGateway/s,
        );
    });
});
