import assert from "node:assert/strict";
import { Bench, heard } from "../providers/support";
import { AnswerRecorder } from "./answers";
import { Case, casesOf } from "./cases";
import { isRequired, refusals, ruleFor } from "./expected";
import { demandAsExpected } from "./judge";
import { ofReads } from "./known-failures";
import { outcomeOfRead, ReadState } from "./outcome";
import { Row, tableOf } from "./report";
import { makeAll, readAgain, Stored } from "./resources";
import { withoutPauses } from "./without-pauses";

describe("a resource's read with answers that lack something", () => {
    const rows: Row[] = [];

    it("ends as expected whichever field is missing, for every type of resource", async function () {
        this.timeout(300_000);
        const recorder = new AnswerRecorder();
        const bench = await Bench.start("estate", recorder.onAnswer);
        bench.config.requestsPerMinute = "6000";
        try {
            for (const resource of await makeAll(bench)) {
                await heard(() => withoutPauses(async () => rows.push(...(await tryAll(resource, bench, recorder)))));
            }
        } finally {
            await bench.close();
        }
        demandAsExpected(rows, ofReads);
    });

    it("refuses no more often than it is written down", () => {
        const found = rows.filter((row) => row.found.outcome === "refuses").length;
        assert.equal(found, refusals.reads, "if there are fewer, write that down in expected.ts");
    });

    after(() => console.log(tableOf("reads", rows)));
});

async function tryAll(resource: Stored, bench: Bench, recorder: AnswerRecorder): Promise<Row[]> {
    const { control } = bench;
    await control.faults([]);
    recorder.restart();
    const genuine: ReadState = await readAgain(bench, resource);
    // How one logs in is tried with planning.
    const types = recorder.end().filter(({ name }) => !name.startsWith("entra "));
    const rows: Row[] = [];
    const tryOne = async ({ answer, field, faults, ofFirst }: Case): Promise<void> => {
        await control.faults(faults);
        const ending = await readAgain(bench, resource).catch((error) => ({ error }));
        const hits = (await control.listFaults()).reduce((sum, fault) => sum + fault.hits, 0);
        assert.ok(hits > 0, `${answer}: ${field} was asked for`);
        const found = outcomeOfRead(genuine, ending);
        const expected = ruleFor(answer, field, "reads").later;
        rows.push({ scene: resource.name, answer, field, expected, found });
        if (ofFirst && found.outcome !== "converges") {
            await tryOne(ofFirst);
        }
    };
    for (const item of types.flatMap((type) => casesOf(type, isRequired))) {
        await tryOne(item);
    }
    return rows;
}
