import assert from "node:assert/strict";
import { driftOf } from "../../commands/drifted-resources";
import { urnOf } from "../status-facts";

const type = "databricks:index/grant:Grant";
const urn = urnOf(type, "sales");
const stored = (outputs: Record<string, unknown>, more: object = {}) => [{ urn, type, outputs, ...more }];

describe("what differs of the resources of other providers", () => {
    const secret = { ciphertext: "v1:abc" };
    const told = (
        op: string,
        outputs: Record<string, unknown> | undefined,
        state = stored({ privileges: ["SELECT"], secret }),
    ) =>
        driftOf([{ op, urn, ...(outputs && { oldState: { outputs } }) }], state).map(({ reason, subject }) => [
            reason,
            subject.resource,
        ]);

    it("is what a refresh found otherwise than the state has it, and what is gone, with the resource", () => {
        const found = { privileges: [], secret: "[secret]" };
        assert.deepEqual(told("update", found), [["Grant sales was changed: privileges", urn]]);
        assert.deepEqual(told("replace", found), [["Grant sales was changed: privileges", urn]]);
        assert.deepEqual(told("create", undefined), [["Grant sales is gone", urn]]);
    });

    it("is neither a change of the declaration, nor a secret that is written in another way, nor what is new or goes", () => {
        assert.deepEqual(told("update", { privileges: ["SELECT"], secret: "[secret]" }), []);
        assert.deepEqual(told("same", { privileges: [], secret: "[secret]" }), []);
        assert.deepEqual(told("create", undefined, []), []);
        assert.deepEqual(told("create", undefined, stored({}, { delete: true })), []);
    });

    it("leaves our own resources to themselves: they say more", () => {
        const own = [{ urn, type: "pulumi-nodejs:dynamic/power-bi:GatewayCredential", outputs: { a: 1 } }];
        assert.deepEqual(told("update", { a: 2 }, own), []);
    });
});
