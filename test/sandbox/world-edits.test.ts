import assert from "node:assert/strict";
import axios from "axios";
import fc from "fast-check";
import { changesBetween, ConflictError, patched } from "../../sandbox/control/json-patch";
import { ControlClient } from "../../sandbox/control-client";
import { RunningSandbox, startSandbox } from "../../sandbox";

describe("an edit of the sandbox's world", () => {
    let sandbox: RunningSandbox;
    let control: ControlClient;
    beforeEach(async () => {
        sandbox = await startSandbox();
        control = new ControlClient(sandbox.urls.control);
    });
    afterEach(() => sandbox.close());

    it("takes nothing back that a service did since the world was read", async () => {
        const { url, method } = { url: `${sandbox.urls.control}/world`, method: "patch" };
        const before = await control.world();
        const after = structuredClone(before);
        after.databricks.warehouses[0].name = "Renamed warehouse";
        await control.query(before.powerBi.workspaces[0].id, before.powerBi.workspaces[0].datasets[0].id);
        const answer = await axios.request({ url, method, data: changesBetween(before, after) });
        const [{ tokenRequests }] = answer.data.databricks.servicePrincipals[0].secrets;
        assert.equal(answer.data.databricks.warehouses[0].name, "Renamed warehouse");
        assert.equal(tokenRequests, before.databricks.servicePrincipals[0].secrets[0].tokenRequests + 1);
    });

    it("is made again when somebody else changed the same: both are there in the end", async () => {
        const append = (text: string) => control.edit(({ databricks: { warehouses } }) => (warehouses[0].name += text));
        await Promise.all(["a", "b", "c", "d"].map((letter) => append(letter)));
        const [{ name }] = (await control.world()).databricks.warehouses;
        assert.match(name, /^Sales warehouse[abcd]{4}$/);
        assert.equal(new Set(name.slice(-4)).size, 4);
    });

    it("is refused when it is no valid world, and then changes nothing", async () => {
        const nonsense = control.edit((world) => (world.databricks.warehouses[0].state = "ASLEEP"));
        await assert.rejects(nonsense, /400/);
        assert.equal((await control.world()).databricks.warehouses[0].state, "RUNNING");
    });
});

describe("changes between two documents", () => {
    const anything = fc.jsonValue().filter((value) => !JSON.stringify(value).includes("__proto__"));
    // With names as elements have them.
    const element = fc.record({ id: fc.constantFrom("1", "2", "3"), value: anything });
    const document = fc.record({ list: fc.array(element), rest: anything });
    const asJson = (value: unknown) => JSON.parse(JSON.stringify(value));

    it("make the second of the first", () => {
        fc.assert(
            fc.property(document.map(asJson), document.map(asJson), (before, after) => {
                assert.deepEqual(patched(before, asJson(changesBetween(before, after))), after);
            }),
        );
    });

    it("conflict with an element that took the place of the one that they mean", () => {
        const [one, two, three] = ["1", "2", "3"].map((id) => ({ id, on: true }));
        const changes = changesBetween({ list: [one, two] }, { list: [one, { ...two, on: false }] });
        assert.deepEqual(patched({ list: [one, two, three] }, changes), { list: [one, { ...two, on: false }, three] });
        assert.throws(() => patched({ list: [three, one, two] }, changes), ConflictError);
    });
});
