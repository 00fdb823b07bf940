import assert from "node:assert/strict";
import { decide, Decision, Declared, Known, Observed, Situation } from "../../planning/decide";

/** What a letter of the table stands for: a way to bind, or why nothing is bound. */
const letters: Record<string, string> = {
    G: "bind on gateway",
    C: "bind in cloud",
    U: "bind unseen",
    B: "bind as before",
    d: "datasource-not-told",
    n: "gateway-not-administered",
    h: "gateway-hidden",
    p: "not-personal",
    k: "other-kind",
    u: "unproven",
    r: "sources-unreadable",
};

const everyDeclared: Declared[] = [
    "named",
    "named NoGateway",
    "named Onpremises",
    "named VNET",
    "rule",
    "rule takeOver",
];
const everyKnown: Known[] = ["never", "cloud", "cloud elsewhere", "gateway", "hidden gateway", "former gateway"];

/** For each thing that is observed a word for each way to declare, with a letter for each thing that is known. */
const table: Record<Observed, string> = {
    "owner left": "rUUBBB UUUUUU rrrBBB rrrBBB rBBBBB rBBBBB",
    unreadable: "rUUBBB rUUUUU rrrBBB rrrBBB rBBBBB rBBBBB",
    gateway: "GGGGGG GGGGGG GGGGGG GGGGGG GGGGGG GGGGGG",
    "gateway, datasource not told": "dddddd dddddd dddddd dddddd dddddd dddddd",
    "foreign gateway": "nnnnnn nnnnnn nnnnnn nnnnnn nnnnnn nnnnnn",
    "personal cloud": "CCCChh CCCChC CCCChh CCCChh CCCChh CCCChh",
    "unseen gateway": "nCnnhh nCnnhn nCnnhh nCnnhh nCnnhh nCnnhh",
    "other connection": "pCpphh pCpphp pCpphh pCpphh pCpphh pCpphh",
    "silent, gateway required": "nCnnhh nCnnhn kCkkhh kCkkhh nCnnhh nCnnhh",
    "silent, owned": "CCCChh CCCChC kCkkhh kCkkhh CCCChh CCCChh",
    silent: "uCCuhh CCCChC kCkkhh kCkkhh uCCuhh CCCChh",
};

const rows = (Object.keys(table) as Observed[]).flatMap((observed) =>
    everyDeclared.flatMap((declared, word) =>
        everyKnown.flatMap((known, letter) =>
            [false, true].map((isHeld) => {
                const situation: Situation = { declared, known, observed, isHeld };
                return { situation, expected: letters[table[observed].split(" ")[word][letter]] };
            }),
        ),
    ),
);
const shown = (decision: Decision) => ("why" in decision ? decision.why : decision.act);
const inWords = ({ declared, known, observed, isHeld }: Situation) =>
    `${declared}, ${known}, ${observed}${isHeld ? ", held" : ""}`;

describe("the decision table", () => {
    it("has 792 rows: the full product of what is declared, known, observed and held", () => {
        assert.equal(rows.length, 6 * 6 * 11 * 2);
        assert.equal(new Set(rows.map(({ situation }) => inWords(situation))).size, 792);
    });

    it("decides each of them as it is written down", () => {
        const wrong = rows.flatMap(({ situation, expected }) => {
            const found = shown(decide(situation));
            return found === expected ? [] : [`${inWords(situation)}: ${found}, not ${expected}`];
        });
        assert.deepEqual(wrong, []);
    });

    it("refuses only what is named and holds nothing: what holds a secret is kept, and a rule leaves out and tells", () => {
        for (const { situation } of rows) {
            const decision = decide(situation);
            if ("why" in decision) {
                const isRule = situation.declared.startsWith("rule");
                const expected = isRule ? "ignore" : situation.isHeld ? "keep" : "refuse";
                assert.equal(decision.act, expected, inWords(situation));
            }
        }
    });

    it("takes nothing over that was not in the cloud, without a proof or a person's word, and nothing that is contradicted", () => {
        for (const { situation } of rows.filter(({ situation }) => /cloud|unseen/.test(decide(situation).act))) {
            const { declared, known, observed } = situation;
            const isSaid = declared === "named NoGateway" || declared === "rule takeOver";
            const isProven = observed === "personal cloud" || observed === "silent, owned";
            const wasThere = known === "cloud" || known === "cloud elsewhere";
            assert.ok(isSaid || isProven || wasThere, inWords(situation));
            const isContradicted = /foreign|unseen gateway|other connection|required/.test(observed);
            assert.ok(!isContradicted || known === "cloud", inWords(situation));
        }
    });
});
