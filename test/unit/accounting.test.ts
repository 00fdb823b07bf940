import assert from "node:assert/strict";
import { accountFor } from "../../planning/accounting";
import { CredentialOutputs } from "../../outputs";
import { binding } from "../../settings/binding";
import { release } from "../../settings/release";
import { bound, declared, discoverIn, lastUpOf, world, World } from "./discovery-stub";

const inCloud = { gatewayId: "c", datasourceId: "s1", warehouse: "aaaa" };
const behind = { gatewayId: "g1", datasourceId: "s2", warehouse: "aaaa" };
const hq = { id: "g1", name: "gateway g1" };
const cloud = lastUpOf("k1", bound("NoGateway", "c", "s1", "aaaa", "d1"));
const gateway = lastUpOf("k1", { ...bound("Onpremises", "g1", "s2", "aaaa", "d1"), datasource: "source s2" });
const whole = { datasets: { d1: [inCloud] } };
const wholeGateway = {
    onPremises: [hq],
    datasets: { d1: [behind] },
    gatewaySources: { g1: [{ id: "s2", name: "source s2", warehouse: "aaaa" }] },
};

/** What a rotation from k1 to k2 plans, keeps and says. */
async function rotate(there: Partial<World>, rules: object[], before: CredentialOutputs, releases: object[] = []) {
    const credential = declared(rules, { release: releases.map((entry) => release.parse(entry)) });
    const { plans, warnings } = await discoverIn(world(there), [credential], "k2", { one: before });
    const [{ cloud: models, datasources, account }] = plans;
    const planned = [
        ...models.map(({ datasetId }) => datasetId),
        ...datasources.map(({ datasourceId }) => datasourceId),
    ];
    return {
        planned: planned.join(),
        kept: account.keptKeys.join(),
        outputs: account.outputs,
        warned: warnings.join("\n"),
    };
}

describe("what becomes of a datasource that holds a secret of the stack", () => {
    const flags = [false, true];
    const questions = flags.flatMap((isPlanned) =>
        flags.flatMap((isReleased) =>
            flags.flatMap((isMeant) => flags.map((isGone) => ({ isPlanned, isReleased, isMeant, isGone }))),
        ),
    );

    it(`is decided by a table of ${questions.length} rows: only what is known lets a secret die`, () => {
        for (const question of questions) {
            const { isPlanned, isReleased, isMeant, isGone } = question;
            const mayDie = isPlanned || isReleased || !isMeant || isGone;
            assert.equal(accountFor(question) !== "kept", mayDie, JSON.stringify(question));
        }
    });

    it("is bound before anything else, and let go by a person before Power BI is asked", () => {
        assert.equal(accountFor({ isPlanned: true, isReleased: true, isMeant: false, isGone: true }), "bound");
        assert.equal(accountFor({ isPlanned: false, isReleased: true, isMeant: true, isGone: true }), "let go");
        assert.equal(accountFor({ isPlanned: false, isReleased: false, isMeant: false, isGone: true }), "let go");
        assert.equal(accountFor({ isPlanned: false, isReleased: false, isMeant: true, isGone: true }), "gone");
    });
});

describe("a rename in Power BI, then a rotation", () => {
    const workspaces = [{ id: "w", name: "Sales EMEA" }];
    const names = { d1: "Orders 2" };
    const rules = [
        { discover: "warehouse", workspaces: ["Sales"] },
        { discover: "warehouse", via: "workspaces", exclude: { datasets: ["Orders*"] } },
        { discover: "host", workspaces: ["Sal*s"] },
        { workspace: "Sales", dataset: "model d1" },
        { workspace: "w", dataset: "model d1" },
        { workspace: "Sales", dataset: "d1" },
    ];
    for (const rule of rules) {
        it(`lets nothing go: ${JSON.stringify(rule)}`, async () => {
            const { planned, kept, warned } = await rotate({ ...whole, workspaces, names }, [rule], cloud);
            assert.deepEqual([planned, kept], ["d1", ""]);
            assert.match(warned, /credentials\[0\]: (workspace|dataset) ".*" is called ".*" now\. .* stays bound/);
        });
    }

    it("goes on to let nothing go in the runs after it: the configuration's name is remembered", async () => {
        const rule = { discover: "warehouse", workspaces: ["Sales"] };
        const first = await rotate({ ...whole, workspaces }, [rule], cloud);
        assert.deepEqual(first.outputs.formerNames, { w: "Sales" });
        const renamed = bound("NoGateway", "c", "s1", "aaaa", "d1");
        renamed.datasets = [{ workspaceId: "w", datasetId: "d1", dataset: "model d1", workspace: "Sales EMEA" }];
        const second = await rotate({ ...whole, workspaces }, [rule], { ...lastUpOf("k1", renamed), ...first.outputs });
        assert.deepEqual([second.planned, second.kept], ["d1", ""]);
        const corrected = { discover: "warehouse", workspaces: ["Sales EMEA"] };
        const third = await rotate({ ...whole, workspaces }, [corrected], {
            ...lastUpOf("k1", renamed),
            ...first.outputs,
        });
        assert.deepEqual([third.planned, third.outputs.formerNames], ["d1", undefined]);
    });

    it("takes nothing new in: other models of the renamed workspace are not bound by the old name", async () => {
        const there = { datasets: { d1: [inCloud], d2: [inCloud] }, workspaces };
        assert.equal((await rotate(there, [{ discover: "warehouse", workspaces: ["Sales"] }], cloud)).planned, "d1");
    });

    const gatewayRules = [
        { discover: "warehouse", gateways: ["gateway g1"] },
        { discover: "warehouse", via: "gateways", gateways: ["gateway*"] },
        { gateway: "gateway g1", datasource: "source s2" },
        { gateway: "g1", datasource: "source s2" },
    ];
    for (const rule of gatewayRules) {
        it(`of a gateway and its datasource lets nothing go: ${JSON.stringify(rule)}`, async () => {
            const there = {
                ...wholeGateway,
                onPremises: [{ id: "g1", name: "HQ 2" }],
                gatewaySources: { g1: [{ id: "s2", name: "dbx", warehouse: "aaaa" }] },
            };
            const { planned, kept, warned } = await rotate(there, [rule], gateway);
            assert.deepEqual([planned, kept], ["s2", ""]);
            assert.match(warned, /(gateway|datasource) ".*" is called ".*" now/);
        });
    }
});

describe("an answer that does not mention what holds a secret", () => {
    const rules: [string, object][] = [
        ["a rule", { discover: "warehouse" }],
        ["a rule for the workspace", { discover: "host", workspaces: ["Sales"] }],
        ["a name", { workspace: "Sales", dataset: "model d1" }],
        ["ids", { workspace: "w", dataset: "d1" }],
    ];
    const silences: [string, Partial<World>][] = [
        ["no dataset is listed", { datasets: {} }],
        ["another dataset is listed, and a 404 without a code", { datasets: { d9: [] } }],
        ["no workspace is listed", { ...whole, workspaces: [] }],
        ["another workspace is listed", { ...whole, workspaces: [{ id: "x", name: "Other" }] }],
    ];
    for (const [by, rule] of rules) {
        for (const [silence, there] of silences) {
            it(`keeps that secret alive and stops nothing: bound by ${by}, ${silence}`, async () => {
                const { planned, kept, outputs, warned } = await rotate(there, [rule], cloud);
                assert.deepEqual([planned, kept], ["", "k1"]);
                assert.equal(outputs.held?.[0].datasourceId, "s1");
                assert.match(warned, /s1 .*read by Sales \/ model d1, holds the secret of rotation key "k1"/);
                assert.match(warned, /release: \[\{"workspace":"Sales","dataset":"model d1"\}\]/);
            });
        }
    }

    const gatewayRules = [
        { discover: "warehouse" },
        { discover: "warehouse", via: "gateways" },
        { gateway: "g1", datasource: "s2" },
    ];
    const gatewaySilences: [string, Partial<World>][] = [
        ["no gateway is listed", { ...wholeGateway, onPremises: [], datasets: {} }],
        ["no datasource is listed", { ...wholeGateway, datasets: {}, gatewaySources: {} }],
    ];
    for (const rule of gatewayRules) {
        for (const [silence, there] of gatewaySilences) {
            it(`keeps the secret on a gateway: ${JSON.stringify(rule)}, ${silence}`, async () => {
                const { planned, kept, warned } = await rotate(there, [rule], gateway);
                assert.deepEqual([planned, kept], ["", "k1"]);
                assert.match(warned, /datasource "source s2" of Onpremises gateway "gateway g1"/);
            });
        }
    }

    it("is told with its cause, and with one entry in the outputs", async () => {
        const rule = { discover: "warehouse" };
        const causes: [Partial<World>, CredentialOutputs, RegExp][] = [
            [{ datasets: {} }, cloud, /^Power BI does not list dataset "model d1" in workspace "Sales"$/],
            [{ ...whole, workspaces: [] }, cloud, /^SP2 does not see workspace "Sales"$/],
            [
                { datasets: { d1: [{ ...inCloud, warehouse: "bbbb" }] } },
                // In the run of a rotation a dataset that was bound is not asked again.
                { ...cloud, rotationKey: "k2" },
                /^dataset "model d1" in workspace "Sales" reads .*\/bbbb now$/,
            ],
            [
                { ...wholeGateway, onPremises: [], datasets: {} },
                gateway,
                /^SP2 administers no gateway "gateway g1" any more$/,
            ],
            [{ ...wholeGateway, datasets: {}, gatewaySources: {} }, gateway, /^gateway "gateway g1" does not list it$/],
        ];
        for (const [there, before, expected] of causes) {
            const { outputs, warned } = await rotate(there, [rule], before);
            const [{ cause, rotationKey }] = outputs.held!;
            assert.match(cause!, expected);
            assert.equal(rotationKey, before.rotationKey);
            assert.ok(warned.includes(`was not found in this run: ${cause}. That secret is kept alive`), warned);
            assert.match(warned, /^credentials\[0\]: .* \[held\]$/m);
        }
    });

    it("goes on to keep it in later runs, with the key that it holds", async () => {
        const first = await rotate({ datasets: {} }, [{ discover: "warehouse" }], cloud);
        const later = { ...lastUpOf("k2"), ...first.outputs };
        const { kept, outputs } = await rotate({ datasets: {} }, [{ discover: "warehouse" }], later);
        assert.equal(kept, "k1");
        assert.equal(outputs.held?.length, 1);
        const healed = await rotate(whole, [{ discover: "warehouse" }], later);
        assert.deepEqual([healed.planned, healed.kept, healed.outputs.held], ["d1", "", undefined]);
    });
});

describe("what Power BI denies by its own code, or a person lets go", () => {
    const others = { datasets: { d9: [] }, denial: "PowerBIEntityNotFound" };

    it("may lose its secret: the dataset is gone, and its workspace tells of others", async () => {
        const { kept, warned } = await rotate(others, [{ discover: "warehouse" }], cloud);
        assert.equal(kept, "");
        assert.match(warned, /read by Sales \/ model d1, is gone, as Power BI says/);
    });

    it("keeps it while the list is empty, or the code is another", async () => {
        assert.equal((await rotate({ ...others, datasets: {} }, [{ discover: "warehouse" }], cloud)).kept, "k1");
        for (const denial of [undefined, "CapacityNotActive", "DMTS_UserNotFoundInADGraphError"]) {
            assert.equal((await rotate({ ...others, denial }, [{ discover: "warehouse" }], cloud)).kept, "k1");
        }
    });

    const releases = [
        { workspace: "Sales" },
        { workspace: "w", dataset: "model d1" },
        { workspace: "Sales", dataset: "d1" },
        { datasource: "s1" },
    ];
    for (const entry of releases) {
        it(`is let go by release: ${JSON.stringify(entry)}, and only what it meant when it was resolved`, async () => {
            const { kept, outputs, warned } = await rotate({ datasets: {} }, [{ discover: "warehouse" }], cloud, [
                entry,
            ]);
            assert.equal(kept, "");
            assert.deepEqual(outputs.released, { [JSON.stringify(entry)]: ["s1"] });
            assert.match(warned, /is let go.*this run deletes that secret, and what reads with it fails then/);
            const successor = lastUpOf("k1", bound("NoGateway", "c", "s7", "aaaa", "d1"));
            const again = { ...successor, released: outputs.released };
            assert.equal((await rotate({ datasets: {} }, [{ discover: "warehouse" }], again, [entry])).kept, "k1");
        });
    }

    it("says of what is let go that its secret lives on where another holder of the same generation was not found", async () => {
        const [one, two] = [bound("NoGateway", "c", "s1", "aaaa", "d1"), bound("NoGateway", "c", "s7", "bbbb", "d2")];
        const both = { ...lastUpOf("k1", one), datasources: [one, two] };
        const rule = { discover: "host" };
        const entry = { datasource: "s1" };
        const { kept, warned } = await rotate({ datasets: {} }, [rule], both, [entry]);
        assert.equal(kept, "k1");
        assert.match(
            warned,
            /s1 .* is let go: .* that secret stays alive as long as the cloud datasource s7 .* was not found/,
        );
        assert.doesNotMatch(warned, /this run deletes that secret/);
        const apart = { ...lastUpOf("k1", one), held: [{ ...two, rotationKey: "k0" }] };
        const other = await rotate({ datasets: {} }, [rule], apart, [entry]);
        assert.equal(other.kept, "k0");
        assert.match(
            other.warned,
            /s1 .* is let go: .* this run deletes that secret/,
            "another generation is another secret",
        );
    });

    it("is not let go by an entry that means something else, or less than all that reads through it", async () => {
        const two = lastUpOf("k1", bound("NoGateway", "c", "s1", "aaaa", "d1", "d2"));
        for (const entry of [{ workspace: "Sale" }, { workspace: "Sales", dataset: "model d1" }, { gateway: "c" }]) {
            assert.equal((await rotate({ datasets: {} }, [{ discover: "warehouse" }], two, [entry])).kept, "k1");
        }
    });

    it("is let go by taking its binding out, and the run says which reports fail", async () => {
        const other = { workspace: "Sales", dataset: "model d2" };
        const { kept, warned } = await rotate(
            { datasets: { d2: [{ ...inCloud, warehouse: "aaaa" }] } },
            [other],
            cloud,
        );
        assert.equal(kept, "");
        assert.ok(binding.parse(other));
        assert.doesNotMatch(warned, /is let go/, "the other dataset of SP2 reads through the same datasource");
        const none = await rotate({ datasets: { d2: [] } }, [{ discover: "warehouse", workspaces: ["Other"] }], cloud);
        assert.match(none.warned, /read by Sales \/ model d1, is let go: no binding means it any more\. .* fails then/);
    });
});

describe("what a binding names and is gone", () => {
    const names = ["model d1", "model d2"].map((dataset) => ({
        workspace: "Sales",
        dataset,
        gatewayType: "NoGateway",
    }));

    it("stops no run after the first one that missed it either, and is forgotten with its binding", async () => {
        const before = lastUpOf("k1", bound("NoGateway", "c", "s", "aaaa", "d1", "d2"));
        const first = await rotate({ datasets: { d1: [inCloud] } }, names, before);
        assert.match(first.warned, /there is no dataset "model d2" in workspace "Sales"/);
        assert.deepEqual(
            first.outputs.missing?.datasets.map(({ datasetId }) => datasetId),
            ["d2"],
        );
        const after = { ...lastUpOf("k2", bound("NoGateway", "c", "s", "aaaa", "d1")), ...first.outputs };
        const second = await rotate({ datasets: { d1: [inCloud] } }, names, after);
        assert.equal(second.planned, "d1");
        assert.match(second.warned, /there is no dataset "model d2" .* was deleted, or published to another workspace/);
        assert.deepEqual(second.outputs.missing, first.outputs.missing);
        const third = await rotate({ datasets: { d1: [inCloud] } }, names.slice(0, 1), { ...after, ...second.outputs });
        assert.equal(third.outputs.missing, undefined);
    });

    it("stops no run where its datasource is gone with it", async () => {
        const before = { ...lastUpOf("k1"), missing: { datasets: [], datasources: [onHq] } };
        const named = [{ gateway: "gateway g1", datasource: "source s1" }];
        const { warned, outputs } = await rotate(wholeGateway, named, before);
        assert.match(warned, /there is no datasource "source s1" on gateway "gateway g1"/);
        assert.deepEqual(outputs.missing?.datasources, [onHq]);
        const typed = await rotate(wholeGateway, [{ gateway: "gateway g1", datasource: "sorce" }], before).catch(
            String,
        );
        assert.match(
            String(typed),
            /there is no datasource "sorce" on gateway "gateway g1"/,
            "a typing mistake stays one",
        );
    });
});

const onHq = { gatewayId: "g1", gateway: "gateway g1", datasourceId: "s1", datasource: "source s1" };
