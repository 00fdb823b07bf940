import assert from "node:assert/strict";
import { judge, type Life, type RunFacts } from "../doubts/judge";
import { knownDifferences } from "../doubts/known-differences";
import { allRows, isSame } from "../doubts/table";

const well: RunFacts = { exitCode: 0, output: "", mutations: [], failedReports: [] };
const goodLife: Life = {
    firstUp: { ...well, mutations: ["POST /takeOver 200"] },
    secondUp: well,
    rotation: { ...well, mutations: ["PATCH /datasource 200"] },
    destroy: { ...well, mutations: ["DELETE /principal 200"] },
    secretsKept: [],
    leftOver: [],
    violations: [],
    leaked: false,
};
const refused = { ...well, exitCode: 1, output: "error: powerBi: SP2 does not administer the gateway" };

describe("what a life under a doubt comes to", () => {
    const cases: [string, Partial<Life>, string, RegExp][] = [
        ["works from first up to destroy", {}, "converges", /^$/],
        [
            "keeps the old secret and says which",
            {
                secretsKept: ["s1"],
                rotation: {
                    ...well,
                    output: 'warning: … holds the secret of rotation key "2026-11" and … That secret is kept alive',
                },
            },
            "keeps",
            /which secret/,
        ],
        ["keeps the old secret without a word", { secretsKept: ["s1"] }, "breaks", /did not say so/],
        ["stops before any change, in words", { firstUp: refused }, "refuses", /SP2 does not administer/],
        [
            "stops with a defect",
            { firstUp: { ...refused, output: "TypeError: x is undefined" } },
            "breaks",
            /TypeError/,
        ],
        ["stops half-way", { firstUp: { ...refused, mutations: ["POST /takeOver 200"] } }, "breaks", /after POST/],
        [
            "a report fails in the rotation",
            { rotation: { ...well, failedReports: ["A: NoCredential"] } },
            "breaks",
            /A: /,
        ],
        ["the second up changes something", { secondUp: { ...well, mutations: ["PATCH /x 200"] } }, "breaks", /PATCH/],
        ["an invariant does not hold", { violations: ["I2: a secret is gone"] }, "breaks", /I2/],
        ["a secret is printed", { leaked: true }, "breaks", /printed/],
        ["destroy fails", { destroy: refused }, "breaks", /destroy failed/],
        ["destroy leaves a principal", { leftOver: ["a principal"] }, "breaks", /left a principal/],
    ];
    for (const [name, change, found, because] of cases) {
        it(`${name}: ${found}`, () => {
            const verdict = judge({ ...goodLife, ...change });
            assert.equal(verdict.found, found);
            assert.match(verdict.because, because);
        });
    }
});

describe("the list of doubts", () => {
    it("names a source for each, or says that it is invented", () => {
        for (const { doubt, source } of allRows()) {
            assert.match(source, /^(https:\/\/\S+|invented)/, doubt);
        }
    });

    it("has no known difference for a behaviour that there is not, or that is as expected", () => {
        for (const difference of knownDifferences) {
            const row = allRows().find((candidate) => isSame(candidate, difference));
            assert.ok(row, `${difference.doubt}: ${difference.behaviour}`);
            assert.notEqual(difference.found, row.expected);
        }
    });
});
