import assert from "node:assert/strict";
import { unfinishedRotation } from "../../dynamic-providers/rotation-order";

const ask = (keys: string[], lastKeys?: string[], finishedKey = "k1") =>
    unfinishedRotation({ servicePrincipalName: "powerbi-sales", lastKeys, finishedKey, keys });

describe("the order of rotations", () => {
    it("is free while none is under way: the first one, the next one, and one more retained key", () => {
        assert.equal(ask(["k1"], undefined, ""), undefined);
        assert.equal(ask(["k2"], ["k1"]), undefined);
        assert.equal(ask(["k2", "k1"], ["k1", "k0"]), undefined);
        assert.equal(ask(["k1", "k0"], ["k1"]), undefined);
    });

    it("lets one that is under way go on, or be given up, also with keys retained: neither makes a secret", () => {
        assert.equal(ask(["k2"], ["k2"]), undefined);
        assert.equal(ask(["k1"], ["k2"]), undefined);
        assert.equal(ask(["k2", "k1"], ["k2"]), undefined);
        assert.equal(ask(["k1"], ["k3", "k2", "k1"]), undefined);
    });

    it("refuses a further one while one is under way, and says how to go on and how to give it up", () => {
        const words = ask(["k3"], ["k2"])!;
        assert.match(words, /the last rotation, to rotation key k2, has not come to its end/);
        assert.match(words, /no further secret \(rotation key k3\) is made/);
        assert.match(words, /`pulumi config set rotationKey k2` and `pulumi up`/);
        assert.match(words, /`pulumi config set rotationKey k1` instead gives that rotation up/);
        assert.match(ask(["k3", "k2"], ["k2"])!, /rotation key k3/);
    });

    it("refuses it also before the first up has come to its end, when there is nothing to go back to", () => {
        const words = ask(["k2"], ["k1"], "")!;
        assert.match(words, /rotation key k1, has not come to its end/);
        assert.doesNotMatch(words, /gives that rotation up/);
    });
});
