import assert from "node:assert/strict";
import { isUndocumented } from "../../sandbox/contract/undocumented";
import { parseWorld } from "../../sandbox/world/world";

const hosts = { databricks: "http://127.0.0.1:1", databricks2: "http://127.0.0.1:2" };
const doubtsOf = (doubts: object) => parseWorld({ doubts }, "the world", hosts).doubts;
const violation = {
    side: "answer",
    method: "PATCH",
    path: "/v1.0/myorg/gateways/g/datasources/d",
    where: "status",
    what: "202 is none of 200",
} as const;

describe("an answer that is not as its contract has it", () => {
    it("is taken under the doubt that asks for it, and under no other", () => {
        assert.ok(isUndocumented(violation, doubtsOf({ answerToPatch: "accepted" })));
        assert.ok(!isUndocumented(violation, doubtsOf({})));
        assert.ok(!isUndocumented(violation, doubtsOf({ answerToPatch: "emptyObject" })));
    });

    it("is never taken for a request that is not", () => {
        assert.ok(!isUndocumented({ ...violation, side: "request" }, doubtsOf({ answerToPatch: "accepted" })));
    });

    it("is a violation in any other place", () => {
        assert.ok(
            !isUndocumented({ ...violation, what: "404 is none of 200" }, doubtsOf({ answerToPatch: "accepted" })),
        );
    });
});
