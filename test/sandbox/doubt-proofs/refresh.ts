import assert from "node:assert/strict";
import { type refreshDoubts } from "../../../sandbox/doubts/power-bi/refresh-doubts";
import { PowerBiBench } from "../power-bi-bench";
import { atWork, model, Proofs } from "./support";

const running = (word: string) => async (bench: PowerBiBench) => {
    await bench.edit(({ workspaces }) => workspaces[0].datasets[0].refreshes.unshift(atWork));
    const [refresh] = (await bench.powerBi.get(`${model}/refreshes?$top=1`)).data.value;
    assert.deepEqual([refresh.status, refresh.endTime], [word, undefined]);
};

const second = (status: number, code: string | undefined) => async (bench: PowerBiBench) => {
    await bench.edit(({ workspaces }) => workspaces[0].datasets[0].refreshes.unshift(atWork));
    const refused = await bench.powerBi.post(`${model}/refreshes`);
    assert.deepEqual([refused.status, refused.data.error?.code], [status, code]);
};

/** A proof for each behaviour of each doubt about refreshes. */
export const refreshProofs: Proofs<typeof refreshDoubts> = {
    runningRefresh: { unknown: running("Unknown"), inProgress: running("InProgress"), newWord: running("Queued") },
    refreshRequestId: {
        told: async ({ powerBi }) => {
            const { headers } = await powerBi.post(`${model}/refreshes`);
            const [latest] = (await powerBi.get(`${model}/refreshes`)).data.value;
            assert.equal(headers["x-ms-request-id"], latest.requestId);
        },
        absent: async ({ powerBi }) => {
            const { status, headers } = await powerBi.post(`${model}/refreshes`);
            assert.deepEqual([status, headers["x-ms-request-id"]], [202, undefined]);
        },
    },
    refreshWhileRunning: {
        invalidRequest: second(400, "InvalidRequest"),
        otherCode: second(400, "RefreshInProgress"),
        conflict: second(409, undefined),
    },
};
