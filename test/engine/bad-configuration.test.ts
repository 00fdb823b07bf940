import assert from "node:assert/strict";
import { isMutation } from "../../sandbox/control-client";
import * as support from "./support";

describe("a configuration that cannot be used, on the engine", function () {
    this.timeout(support.engineTimeoutInMs);

    let scene: support.Scene;
    before(async () => (scene = await support.setScene()));
    after(() => scene?.close());

    it("stops preview and up before any change, with the words and no stack trace", async () => {
        support.configure(scene.stack, { rotatonKey: "2026-12" });
        const runs = [await scene.stack.preview(), await scene.stack.up()];
        for (const run of runs) {
            support.failsWith(
                run,
                /configuration of stack test cannot be used/,
                /rotatonKey: unknown key\. The keys are /,
            );
            assert.doesNotMatch(run.output, /\bat .*\.ts:\d+/, "there is no stack trace");
        }
        assert.deepEqual((await scene.control.requests()).filter(isMutation), []);
    });

    it("stops them as well where it names what is not there", async () => {
        const bindings = [{ workspace: "Sale", dataset: "Sales model" }];
        const credentials = [{ servicePrincipal: "powerbi-sales", warehouse: "Sales warehouse", bindings }];
        scene.stack.configure({ [`${support.project}:rotatonKey`]: undefined });
        support.configure(scene.stack, { credentials });
        const refused = support.failsWith(await scene.stack.up(), /there is no workspace "Sale" that SP2 sees/);
        assert.doesNotMatch(refused.output, /\bat .*\.ts:\d+/, "there is no stack trace");
        assert.deepEqual((await scene.control.requests()).filter(isMutation), []);
    });
});
