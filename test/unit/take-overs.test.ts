import assert from "node:assert/strict";
import { FabricConnection } from "../../clients/fabric";
import { describePlan } from "../../planning/describe";
import { bound, declared, discoverIn, lastUpOf, world, World } from "./discovery-stub";
import { toText } from "../../diagnostics/render";

const ana = "ana@example.com";
const virtual = "aaaaaaaa-0000-4000-8000-000000000001";
const source = { gatewayId: virtual, datasourceId: "s1", warehouse: "aaaa" };
const named = { workspace: "Sales", dataset: "d1" };
const rule = { discover: "warehouse" };

const connection = (connectivityType: string): FabricConnection => ({
    id: "S1",
    displayName: "ana's warehouse",
    connectivityType,
});

/** Who says what about the source. */
const facts = {
    nobody: {},
    "SP2's own list, a personal cloud connection": { connections: [connection("PersonalCloud")] },
    "the tenant's list, a personal cloud connection": { tenantConnections: [connection("PersonalCloud")] },
    "SP2's own list, a shareable cloud connection": { connections: [connection("ShareableCloud")] },
    "the tenant's list, a shareable cloud connection": { tenantConnections: [connection("ShareableCloud")] },
    "the tenant's list, a VNET gateway's connection": { tenantConnections: [connection("VirtualNetworkGateway")] },
    "the tenant's list, a personal gateway's connection": {
        tenantConnections: [connection("OnPremisesGatewayPersonal")],
    },
    "the tenant's list, a kind that is new": { tenantConnections: [connection("Quantum")] },
    "the list of gateways, one of another kind": { fabric: [{ id: virtual, type: "StreamingVirtualNetwork" }] },
} satisfies Record<string, Partial<World>>;

const verdicts: Record<keyof typeof facts, "proven" | "silent" | "contradicted"> = {
    nobody: "silent",
    "SP2's own list, a personal cloud connection": "proven",
    "the tenant's list, a personal cloud connection": "proven",
    "SP2's own list, a shareable cloud connection": "contradicted",
    "the tenant's list, a shareable cloud connection": "contradicted",
    "the tenant's list, a VNET gateway's connection": "contradicted",
    "the tenant's list, a personal gateway's connection": "contradicted",
    "the tenant's list, a kind that is new": "contradicted",
    "the list of gateways, one of another kind": "contradicted",
};

const owners = { somebody: ana, SP2: undefined };
const before = {
    nothing: {},
    "this datasource": { one: lastUpOf("k1", bound("NoGateway", virtual, "s1", "aaaa", "d1")) },
};
const words = { named: [named, { ...named, gatewayType: "NoGateway" }], rule: [rule, { ...rule, takeOver: true }] };

/** What is planned of the dataset, and what the user reads. */
async function plan(there: Partial<World>, binding: object, lastUp = {}) {
    try {
        const { plans, warnings } = await discoverIn(
            world({ datasets: { d1: [source] }, ...there }),
            [declared([binding])],
            "k1",
            lastUp,
        );
        return {
            isBound: plans[0].cloud.length > 0,
            text: [toText(describePlan("one", plans[0])), ...warnings].join("\n"),
        };
    } catch (error) {
        return { isBound: false, text: (error as Error).message };
    }
}

describe("a dataset that looks like one in the cloud", () => {
    let rows = 0;
    for (const [who, there] of Object.entries(facts)) {
        for (const [owner, configuredBy] of Object.entries(owners)) {
            for (const [what, lastUp] of Object.entries(before)) {
                for (const [kind, [silent, said]] of Object.entries(words)) {
                    for (const [consent, binding] of Object.entries({
                        "without a word": silent,
                        "on a person's word": said,
                    })) {
                        rows++;
                        const verdict = verdicts[who as keyof typeof facts];
                        // A list of gateways is looked at in any case; one of connections only for what is new.
                        const isKnown = what === "this datasource" && !who.startsWith("the list of gateways");
                        const expected =
                            isKnown ||
                            verdict === "proven" ||
                            (verdict === "silent" && (owner === "SP2" || consent === "on a person's word"));
                        it(`${who} says what it is, ${owner} owns it, ${what} bound before, ${kind}, ${consent}: ${expected ? "bound" : "not bound"}`, async () => {
                            const { isBound, text } = await plan({ ...there, owner: configuredBy }, binding, lastUp);
                            assert.equal(isBound, expected, text);
                            assert.equal(
                                /takes over Sales \/ model d1/.test(text),
                                expected && !isKnown && owner !== "SP2",
                            );
                            if (!expected && verdict === "silent") {
                                assert.match(
                                    text,
                                    kind === "named" ? /say gatewayType: NoGateway/ : /say takeOver: true/,
                                );
                            }
                        });
                    }
                }
            }
        }
    }

    it(`is judged in the whole product of what can be known of it`, () => {
        assert.equal(rows, Object.keys(facts).length * 2 * 2 * 2 * 2);
    });

    it("is shown before it is taken over with its owner, its schedule and its other sources", async () => {
        const there = { datasets: { d1: [source, { ...source, datasourceId: "s2", warehouse: "bbbb" }] }, owner: ana };
        const taken = await plan(there, { ...named, gatewayType: "NoGateway", allowCredentialLoss: true });
        assert.match(
            taken.text,
            /takes over Sales \/ model d1 \(from ana@example\.com; schedule on; also reads adb-1\S+\/bbbb\)/,
        );
        assert.match(
            (await plan(there, rule)).text,
            /takeOver: true\. \[unproven\]\n {2}Sales \/ model d1 \(from ana@example\.com/,
        );
    });

    it("is not bound to what it was moved to since, where that is a shareable connection: it keeps its secret", async () => {
        const moved = { ...facts["the tenant's list, a shareable cloud connection"] };
        const earlier = { one: lastUpOf("k1", bound("NoGateway", virtual, "s0", "aaaa", "d1")) };
        const { isBound, text } = await plan({ ...moved, owner: ana }, rule, earlier);
        assert.equal(isBound, false);
        assert.match(text, /shareable cloud connection "ana's warehouse"/);
        assert.match(text, /That secret is kept alive/);
    });

    it("is one of few that are shown where a rule leaves out many: only of those the schedule is asked for", async () => {
        const names = Array.from({ length: 25 }, (_, at) => `d${String(at).padStart(2, "0")}`);
        const asked: string[] = [];
        const powerBi = {
            getRefreshSchedule: async (_: string, id: string) => {
                asked.push(id);
                return { days: ["Monday"] };
            },
        };
        const there = world({ datasets: Object.fromEntries(names.map((name) => [name, [source]])), owner: ana });
        const { warnings } = await discoverIn(there, [declared([rule])], "k1", {}, powerBi);
        assert.match(warnings.join(), /: 25 datasets are left out: .*\n {2}Sales \/ model d00 .*\n {2}and 5 more$/s);
        assert.equal(asked.length, 20);
        assert.match(warnings.join(), /no schedule, or one that is not told/);
    });
});
