import assert from "node:assert/strict";
import { until } from "../until";

describe("the wait for a fact", () => {
    it("looks until it is so", async () => {
        let looks = 0;
        await until(() => ++looks === 3);
        assert.equal(looks, 3);
    });

    it("looks once more when its source has ended, and then fails with what that came to", async () => {
        await until(() => true, Promise.resolve("over"));
        await assert.rejects(
            until(() => false, Promise.resolve({ exitCode: 255 })),
            /did not come about: \{"exitCode":255\}/,
        );
        await assert.rejects(
            until(() => false, Promise.reject(new Error("broken"))),
            /did not come about: broken/,
        );
    });
});
