import assert from "node:assert/strict";
import { type serviceDoubts } from "../../../sandbox/doubts/power-bi/service-doubts";
import { PowerBiBench } from "../power-bi-bench";
import { model, schedule, takeOver, Proofs } from "./support";

const patched = (status: number, body: unknown) => async (bench: PowerBiBench) => {
    await takeOver(bench);
    const [key] = await bench.sources(model);
    const schedulePath = `${model}/refreshSchedule`;
    for (const answer of [await bench.patch(key), await bench.powerBi.patch(schedulePath, { value: schedule })]) {
        assert.deepEqual([answer.status, answer.data], [status, body]);
    }
    assert.equal((await bench.powerBi.get(schedulePath)).data.enabled, true, "it is done");
};

const throttled = (status: number, retryAfter: string | undefined) => async (bench: PowerBiBench) => {
    for (let count = 1; count < 20; count += 1) {
        assert.equal((await bench.powerBi.get("/groups")).status, 200);
    }
    const answer = await bench.powerBi.get("/groups");
    assert.deepEqual([answer.status, answer.headers["retry-after"]], [status, retryAfter]);
    assert.equal((await bench.powerBi.get("/groups")).status, 200);
};

const expired = (status: number, code: string | undefined) => async (bench: PowerBiBench) => {
    await bench.control.advanceClock(3600);
    const refused = await bench.powerBi.get("/groups");
    assert.deepEqual([refused.status, refused.data.error?.code], [status, code]);
};

/** A proof for each behaviour of each doubt about how Power BI answers. */
export const serviceProofs: Proofs<typeof serviceDoubts> = {
    answerToPatch: { empty: patched(200, ""), emptyObject: patched(200, {}), accepted: patched(202, "") },
    expiredToken: { forbidden: expired(403, "TokenExpired"), unauthorized: expired(401, undefined) },
    throttling: {
        never: throttled(200, undefined),
        retryAfter: throttled(429, "1"),
        silent: throttled(429, undefined),
    },
};
