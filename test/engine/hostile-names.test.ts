import assert from "node:assert/strict";
import * as support from "./support";

/** What people may call a service principal, with what shells, addresses, filters, URNs and logs give a meaning to. */
const name = `Power BI "Sales" (営業) it's $x::y/..?#%2e\\ ${"é".repeat(60)}`;

describe("a service principal of a name that nobody thought of", function () {
    this.timeout(support.engineTimeoutInMs);

    let scene: support.Scene;
    before(async () => {
        scene = await support.setScene();
        const [first] = scene.stack.config()[`${support.project}:credentials`] as object[];
        support.configure(scene.stack, { credentials: [{ ...first, servicePrincipal: name }] });
    });
    after(() => scene?.close());

    it("is made under that very name", async () => {
        support.succeeds(await scene.stack.up());
        const { applicationId } = await support.principal(scene.control, name);
        const { credentials } = (await scene.stack.outputs()) as { credentials: Record<string, object> };
        assert.deepEqual(Object.keys(credentials), [name]);
        assert.ok(JSON.stringify(credentials[name]).includes(applicationId));
    });

    it("has entries in the secret scope under keys that Databricks takes", async () => {
        const { databricks } = await scene.control.world();
        const [scope] = databricks.scopes as { entries: { key: string }[] }[];
        const keys = scope.entries.map(({ key }) => key).sort();
        assert.equal(keys.length, 2);
        assert.match(keys[0], /^Power-BI-Sales-it-s-x-y-\.\.-2e-[0-9a-f]{10}-client-id$/);
        assert.equal(keys[1], keys[0].replace(/id$/, "secret"));
    });

    it("is found again by it, rotated and destroyed like any other", async () => {
        const { applicationId } = await support.principal(scene.control, name);
        support.configure(scene.stack, { rotationKey: "2026-12" });
        const { output } = support.succeeds(await scene.stack.up());
        assert.doesNotMatch(output, /drift|warning/);
        const after = await support.principal(scene.control, name);
        assert.deepEqual([after.applicationId, after.secrets.length], [applicationId, 1]);
        support.succeeds(await scene.stack.destroy());
        const { databricks } = await scene.control.world();
        assert.equal(databricks.servicePrincipals.length, 1);
    });
});
