import assert from "node:assert/strict";
import { type Exchange, judge, words } from "../../sandbox/contract/judge";
import { loadSpecification, type Specification } from "../../sandbox/contract/specification";
import { credentialDetails, datasource, exchange, right, wrong } from "./exchanges";
import { neverJudged, programOperations } from "../hooks/program-operations";

/** Without the contracts there is nothing to judge by. */
const describeJudged = process.env.CONTRACTS ? describe : () => undefined;

describeJudged("the judge of exchanges", () => {
    let specification: Specification;
    before(() => (specification = loadSpecification(process.env.CONTRACTS!)));
    const found = (item: Exchange) => judge(specification, item).violations;

    for (const [title, item] of right) {
        it(`lets pass: ${title}`, () => assert.deepEqual(found(item).map(words), []));
    }
    for (const [title, item, expected] of wrong) {
        it(`finds: ${title}`, () => {
            const [path] = item.url.split("?");
            assert.deepEqual(found(item).map(words), [`${item.method} ${path}: ${expected}`]);
        });
    }

    it("repeats no value of a request: it may be a secret", () => {
        const details = { ...credentialDetails, credentials: ["hidden"], privacyLevel: { hidden: 1 }, more: "hidden" };
        const told = found(exchange("powerBi", `PATCH ${datasource}`, { credentialDetails: details }));
        assert.equal(told.length, 3);
        assert.doesNotMatch(told.map(words).join(), /hidden/);
    });

    it("knows every operation that the program is said to use", () => {
        const names = specification.operations.filter(({ source }) => source === "contract").map(({ name }) => name);
        assert.deepEqual(
            programOperations.filter((name) => !names.includes(name)),
            [],
        );
        assert.deepEqual(neverJudged(Object.fromEntries(names.map((name) => [name, 1]))), []);
        assert.deepEqual(neverJudged({}), programOperations);
    });

    it("says which folder lacks which file", () => {
        assert.throws(() => loadSpecification(__dirname), /CONTRACTS names .*, where there is no powerbi.openapi.json/);
    });
});
