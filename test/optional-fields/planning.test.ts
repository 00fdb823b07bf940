import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { RunningSandbox, startSandbox } from "../../sandbox";
import { ControlClient } from "../../sandbox/control-client";
import { AnswerRecorder } from "./answers";
import { Case, casesOf } from "./cases";
import { isRequired, refusals, ruleFor } from "./expected";
import { demandAsExpected } from "./judge";
import { ofPlanning } from "./known-failures";
import { Ending, outcomeOf } from "./outcome";
import { Row, tableOf } from "./report";
import { outputsOf, plan, Scene, scenes } from "./scenes";
import { withoutPauses } from "./without-pauses";

describe("planning with answers that lack something", () => {
    const rows: Row[] = [];

    for (const scene of scenes()) {
        it(`${scene.name}: ends as expected whichever field is missing`, async function () {
            this.timeout(300_000);
            const recorder = new AnswerRecorder();
            const sandbox = await startSandbox({ world: scene.world, onAnswer: recorder.onAnswer });
            try {
                const found = await withoutPauses(() => tryAll(scene, sandbox, recorder));
                rows.push(...found);
                demandAsExpected(
                    found,
                    ofPlanning.filter((failure) => failure.scene === scene.name),
                );
            } finally {
                await sandbox.close();
            }
        });
    }

    it("refuses no more often than it is written down", () => {
        const found = rows.filter((row) => row.found.outcome === "refuses").length;
        assert.equal(found, refusals.planning, "if there are fewer, write that down in expected.ts");
    });

    after(() => console.log(tableOf("planning", rows)));
});

async function tryAll(scene: Scene, sandbox: RunningSandbox, recorder: AnswerRecorder): Promise<Row[]> {
    const { urls } = sandbox;
    const control = new ControlClient(urls.control);
    const lastUp = outputsOf(scene, urls, await plan(scene, urls, {}));
    recorder.restart();
    const genuine = await plan(scene, urls, lastUp);
    const types = recorder.end().filter(({ name }) => scene.answers.test(name));
    const rows: Row[] = [];
    const tryOne = async ({ answer, field, faults, ofFirst }: Case): Promise<void> => {
        await control.faults(faults);
        const ending: Ending = await plan(scene, urls, lastUp).then(
            (discovery) => ({ discovery }),
            (error) => ({ error }),
        );
        const hits = (await control.listFaults()).reduce((sum, fault) => sum + fault.hits, 0);
        assert.ok(hits > 0, `${answer}: ${field} was asked for`);
        const expected = ruleFor(answer, field)[scene.past === "none" ? "first" : "later"];
        rows.push({ scene: scene.name, answer, field, expected, found: outcomeOf(genuine, ending, lastUp) });
        if (ofFirst && !isDeepStrictEqual(ending, { discovery: genuine })) {
            await tryOne(ofFirst);
        }
    };
    for (const item of types.flatMap((type) => casesOf(type, isRequired))) {
        await tryOne(item);
    }
    return rows;
}
