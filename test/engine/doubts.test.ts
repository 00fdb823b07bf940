import assert from "node:assert/strict";
import { judge } from "../doubts/judge";
import { knownDifferences } from "../doubts/known-differences";
import { live } from "../doubts/life";
import { allRows, isSame, toLine } from "../doubts/table";
import { engineTimeoutInMs } from "./support";

/** One in so many behaviours is tried here; `npm run doubts` tries all. */
const share = 60;

describe("a life under one behaviour that nobody knows of the services", function () {
    this.timeout(engineTimeoutInMs);

    for (const row of allRows().filter((_, position) => position % share === 0)) {
        it(`${row.doubt}: ${row.behaviour} ends as it is written down`, async () => {
            const life = await live(row.doubt, row.behaviour);
            const verdict = judge(life);
            const known = knownDifferences.find((difference) => isSame(difference, row));
            const outputs = [life.firstUp, life.secondUp, life.rotation, life.destroy].map((run) => run?.output ?? "");
            assert.equal(
                verdict.found,
                known?.found ?? row.expected,
                `${toLine({ ...row, ...verdict })}\n${outputs.join("\n")}`,
            );
        });
    }
});
