import assert from "node:assert/strict";
import { SecretInfo } from "../../clients/databricks";
import { noteBoundSecret } from "../../dynamic-providers/bound-secrets";
import { deletableOf, unknownOf } from "../../dynamic-providers/leftovers";

const secret = (id: string, day?: number): SecretInfo => ({
    id,
    status: "ACTIVE",
    create_time: day === undefined ? undefined : `2026-11-${String(day).padStart(2, "0")}T00:00:00Z`,
});
const ids = (secrets: SecretInfo[]) => secrets.map(({ id }) => id);

describe("secrets that are in no state", () => {
    it("are neither those that the stack keeps nor those that a datasource may hold", () => {
        noteBoundSecret("half bound");
        const all = [secret("in use"), secret("retained"), secret("half bound"), secret("orphan")];
        assert.deepEqual(ids(unknownOf(all, ["in use", "retained"])), ["orphan"]);
    });

    it("may be deleted only when they are older than the one in use: a younger one may be what is bound", () => {
        const all = [secret("old", 1), secret("in use", 10), secret("young", 20), secret("undated")];
        const unknown = unknownOf(all, ["in use"]);
        assert.deepEqual(ids(deletableOf(unknown, all, "in use")), ["old"]);
        assert.deepEqual(deletableOf(unknown, all, undefined), []);
        assert.deepEqual(deletableOf(unknown, all, "gone"), []);
    });
});
