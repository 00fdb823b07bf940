import assert from "node:assert/strict";
import { isAsGood } from "./expected";
import { KnownFailure } from "./known-failures";
import { keyOf, Row } from "./report";

/** Fails for each case that ends worse than expected and is not known to, and for each known one that does not any more. */
export function demandAsExpected(rows: Row[], known: KnownFailure[]): void {
    const byKey = new Map(known.map((failure) => [keyOf(failure), failure]));
    const surprises = rows.flatMap((row) => {
        const { expected, found } = row;
        const failure = byKey.get(keyOf(row));
        const isExpected = failure ? failure.found === found.outcome : isAsGood(found.outcome, expected);
        const should = failure ? `known to end as ${failure.found}` : `expected ${expected}`;
        return isExpected ? [] : [`${keyOf(row)}: ${should}, ${found.outcome}: ${found.words}`];
    });
    const keys = new Set(rows.map(keyOf));
    const gone = [...byKey.keys()].filter((key) => !keys.has(key));
    assert.deepEqual([...surprises, ...gone.map((key) => `${key}: is not tried any more`)], []);
}
