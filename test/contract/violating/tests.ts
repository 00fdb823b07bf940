import assert from "node:assert/strict";
import axios from "axios";
import { RunningSandbox, startSandbox } from "../../../sandbox";
import { ControlClient } from "../../../sandbox/control-client";
import { wrongOnPurpose } from "../../hooks/wrong-on-purpose";

/** Tests that break a contract, for the test of what becomes of them. */
describe("tests", () => {
    let sandbox: RunningSandbox;
    beforeEach(async () => {
        sandbox = await startSandbox();
    });
    afterEach(() => sandbox.close());
    const ask = async (path: string) =>
        (await axios.get(sandbox.urls.databricks + path, { validateStatus: () => true })).status;

    it("that break no contract", async () => {
        assert.equal(await ask("/.well-known/databricks-config"), 200);
    });

    it("that ask what there is not", async () => {
        assert.equal(await ask("/api/2.0/nothing"), 404);
    });

    it("that fail by themselves as well", async () => {
        assert.equal(await ask("/api/2.0/nothing-more"), 200);
    });

    it("that do so on purpose", async () => {
        assert.equal(await wrongOnPurpose(() => ask("/api/2.0/nothing")), 404);
    });

    it("that only say that they do so on purpose", async () => {
        assert.equal(await wrongOnPurpose(() => ask("/.well-known/databricks-config")), 200);
    });

    it("that let a fault answer what no contract allows", async () => {
        await new ControlClient(sandbox.urls.control).faults([{ service: "databricks", status: 299, body: "odd" }]);
        assert.equal(await ask("/.well-known/databricks-config"), 299);
    });

    it("that let a fault answer in the place of what they ask wrongly", async () => {
        await new ControlClient(sandbox.urls.control).faults([{ service: "databricks", status: 200, body: "{}" }]);
        assert.equal(await ask("/api/2.0/nothing"), 200);
    });
});
