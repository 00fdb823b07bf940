import assert from "node:assert/strict";
import { ServiceError } from "../../../clients/service-error";
import { Services } from "../../../clients/services";
import { Inventory } from "../../../planning/inventory";
import { bound, declared, discoverIn, lastUpOf, listOf, ownerLeft, Refusal, world } from "../discovery-stub";
import { toText } from "../../../diagnostics/render";

const inCloud = { gatewayId: "c", datasourceId: "s", warehouse: "aaaa" };
const rule = { discover: "warehouse" };
const named = { workspace: "Sales", dataset: "d1" };

/** What Power BI may say to the question for a model's datasources, and how that is told. */
const refusals: [string, Refusal, RegExp][] = [
    ["a usage-metrics model", 415, /Power BI: GET \/x answered 415/],
    ["a right that is missing", 403, /SP2 has no right to it \(Power BI: GET \/x answered 403\)/],
    ["a stray 404", 404, /: Power BI: GET \/x answered 404/],
    [
        "a paused capacity",
        { status: 404, code: "CapacityNotActive" },
        /: the capacity of workspace "Sales" is paused \(.*CapacityNotActive\).*Resume the capacity of workspace "Sales"/,
    ],
    ["a code that nobody knows", { status: 404, code: "SomethingNew" }, /answered 404 SomethingNew/],
    [
        "a model that is not there, though it is in the list",
        { status: 404, code: "PowerBIEntityNotFound" },
        /it does not exist, or SP2 does not see it \(.*PowerBIEntityNotFound\)/,
    ],
    ["a service that is unwell", { status: 500, code: "InternalError" }, /answered 500 InternalError/],
];

describe("a model whose datasources cannot be read", () => {
    for (const [what, refusal, words] of refusals) {
        const datasets = { d1: refusal, d2: [inCloud] };

        it(`(${what}) is told by name under a rule, and blocks itself only`, async () => {
            const { plans, warnings } = await discoverIn(world({ datasets }), [declared([rule])], "k1");
            assert.deepEqual(
                plans[0].cloud.map(({ datasetId }) => datasetId),
                ["d2"],
            );
            const told = warnings.filter((warning) => warning.includes('dataset "model d1" in workspace "Sales"'));
            assert.equal(told.length, 1, warnings.join("\n"));
            assert.match(told[0], words);
            assert.match(told[0], /it is left out/);
        });

        it(`(${what}) is an error where it is named, and is not taken over, also where it is said to be in the cloud`, async () => {
            for (const binding of [named, { ...named, gatewayType: "NoGateway" }]) {
                await assert.rejects(discoverIn(world({ datasets }), [declared([binding])], "k1"), (error: Error) => {
                    assert.match(
                        error.message,
                        /^credentials\[0\]\.bindings\[0\]: Power BI does not tell the datasources/,
                    );
                    assert.match(error.message, /dataset "model d1" in workspace "Sales"/);
                    assert.match(error.message, words);
                    return true;
                });
            }
        });

        it(`(${what}) does not leave a rule silently when an earlier up bound it`, async () => {
            const before = { one: lastUpOf("k1", bound("NoGateway", "c", "s", "aaaa", "d1")) };
            const { plans, warnings } = await discoverIn(world({ datasets }), [declared([rule])], "k1", before);
            assert.deepEqual(plans[0].cloud.map(({ datasetId }) => datasetId).sort(), ["d1", "d2"]);
            assert.match(warnings.join("\n"), /Its credential is kept where the last up found it/);
        });
    }

    it("because its owner has left is taken over where a person says that it is in the cloud, by that code only", async () => {
        const binding = { ...named, gatewayType: "NoGateway" };
        const { plans } = await discoverIn(world({ datasets: { d1: ownerLeft } }), [declared([binding])], "k1");
        assert.deepEqual(
            plans[0].cloud.map(({ datasetId }) => datasetId),
            ["d1"],
        );
    });
});

describe("switchOffSingleSignOn", () => {
    it("goes from the binding to the datasets and the datasources that it finds, and is false by default", async () => {
        const there = world({
            onPremises: [{ id: "g1", name: "HQ" }],
            datasets: { d1: [inCloud], d2: [{ gatewayId: "g1", datasourceId: "s1", warehouse: "aaaa" }] },
        });
        for (const switchOffSingleSignOn of [undefined, true]) {
            const binding = { ...rule, ...(switchOffSingleSignOn && { switchOffSingleSignOn }) };
            const [{ cloud, datasources }] = (await discoverIn(there, [declared([binding])], "k1")).plans;
            const found = [...cloud, ...datasources].map((each) => each.switchOffSingleSignOn);
            assert.deepEqual(found, [switchOffSingleSignOn ?? false, switchOffSingleSignOn ?? false]);
        }
    });
});

describe("an odd element of a list", () => {
    const services = (powerBi: object, fabric: object = {}) =>
        ({
            hasFabric: true,
            powerBi: { gateways: { list: async () => listOf([]) }, ...powerBi },
            fabric: { listGateways: async () => listOf([]), ...fabric },
        }) as unknown as Services;
    const odd = { id: "x", name: "Odd", reason: "type is absent; expected a text" };

    it("is told by name, and the others are there", async () => {
        const warned: string[] = [];
        const listWorkspaces = async () => ({ items: [{ id: "w", name: "Sales" }], unreadable: [odd] });
        const inventory = new Inventory(services({ listWorkspaces }), undefined, (said) => warned.push(toText(said)));
        assert.deepEqual(await inventory.workspaces(), [{ id: "w", name: "Sales" }]);
        assert.deepEqual(warned, [
            'one of the workspaces cannot be read, and is left out: "Odd" (x): type is absent; expected a text. ' +
                "Look at it in the service; if it stays like this, ask the service's support. [item-unreadable]",
        ]);
    });

    it("is no gateway that is not there: what is behind it is not in the cloud", async () => {
        const listGateways = async () => ({ items: [], unreadable: [odd] });
        const { administered, foreign } = await new Inventory(services({}, { listGateways })).gateways();
        assert.deepEqual(administered, []);
        assert.equal(foreign.get("x"), "Odd");
    });

    it("makes the datasources of a model unreadable as a whole: nobody knows what it is", async () => {
        const connectionDetails = { kind: "Databricks", path: '{"host":"h","httpPath":"/p"}' };
        const answer = { items: [{ connectionDetails, gatewayId: "c", datasourceId: "s" }], unreadable: [odd] };
        const inventory = new Inventory(services({ listDatasources: async () => answer }));
        const seen = await inventory.sources("w", "d");
        assert.equal(seen.outcome, "unreadable");
        assert.match((seen as { error: Error }).error.message, /datasources cannot be read as a whole: "Odd" \(x\)/);
    });

    it("has its id where its service says no name", async () => {
        const inventory = new Inventory(services({ listWorkspaces: async () => listOf([{ id: "w" }]) }));
        assert.deepEqual(await inventory.workspaces(), [{ id: "w", name: "w" }]);
    });
});

describe("a workspace whose datasets cannot be read", () => {
    const paused = new ServiceError({
        service: "Power BI",
        method: "GET",
        path: "/x",
        status: 404,
        code: "CapacityNotActive",
    });
    const run = (lastUp = {}) =>
        discoverIn(world({ datasets: { d1: [inCloud] } }), [declared([rule])], "k1", lastUp, {
            listDatasets: () => Promise.reject(paused),
        });

    it("is told under a rule, and left out", async () => {
        const { plans, warnings } = await run();
        assert.deepEqual(plans[0].cloud, []);
        assert.match(
            warnings.join(),
            /the datasets of workspace "Sales" cannot be looked at: the capacity of workspace "Sales" is paused .*left out\. Resume the capacity/,
        );
    });

    it("keeps the secret of what an earlier up bound in it", async () => {
        const { plans, warnings } = await run({ one: lastUpOf("k0", bound("NoGateway", "c", "s", "aaaa", "d1")) });
        assert.deepEqual(plans[0].account.keptKeys, ["k0"]);
        assert.match(warnings.join(), /the capacity of workspace "Sales" is paused .*left out\. Resume the capacity/);
        assert.match(warnings.join(), /holds the secret of rotation key "k0" and was not found in this run/);
    });
});
