import assert from "node:assert/strict";
import * as support from "./support";

const { failsWith, succeeds } = support;

describe("what interrupted runs leave behind", function () {
    this.timeout(support.engineTimeoutInMs);

    let scene: support.Scene;
    const credentials = (changes: object) => {
        const [sales, ...others] = scene.stack.config()[`${support.project}:credentials`] as object[];
        support.configure(scene.stack, { credentials: [{ ...sales, ...changes }, ...others] });
    };
    const secretIds = async () => (await support.principal(scene.control, "powerbi-sales")).secrets.map(({ id }) => id);

    before(async () => {
        scene = await support.setScene({ config: { retainedRotationKeys: ["2026-10"] } });
        await scene.control.watchInvariants();
        succeeds(await scene.stack.up());
    });
    afterEach(async () => {
        await support.reportsWork(scene.control);
        assert.deepEqual(await scene.control.violations(), []);
    });
    after(() => scene?.close());

    it("is told by the next run, with what to do: a secret in no state, and a second principal of the name", async () => {
        await scene.control.edit((world) => {
            const { servicePrincipals } = world.databricks;
            const sales = servicePrincipals.find(
                ({ displayName }: { displayName: string }) => displayName === "powerbi-sales",
            );
            sales.secrets.push({ id: "orphan-secret", secret: "dose-orphan" });
            const applicationId = "0dd5ec7e-0000-4000-8000-0000000000ff";
            servicePrincipals.push({ id: "4000000000000099", applicationId, displayName: "powerbi-sales" });
        });
        const before = await secretIds();
        const { output } = succeeds(await scene.stack.up("--expect-no-changes"));
        assert.match(
            output,
            /warning: powerbi-sales has a secret that this stack does not know: orphan-secret.*cleanUpUnknownSecrets: true/,
        );
        assert.match(
            output,
            /another service principal called "powerbi-sales": 0dd5ec7e\S+ .*service-principals delete 4000000000000099/,
        );
        assert.deepEqual(await secretIds(), before);
    });

    it("is deleted only when that is asked for: the unknown secret, and neither the one in use nor a retained one", async () => {
        const before = await secretIds();
        credentials({ cleanUpUnknownSecrets: true });
        const preview = await scene.stack.preview();
        assert.match(preview.output, /orphan-secret.*The next up deletes it \(cleanUpUnknownSecrets\)/);
        assert.deepEqual(await secretIds(), before);
        const up = succeeds(await scene.stack.up());
        assert.match(up.output, /deleting secret orphan-secret of powerbi-sales, which is in no state/);
        assert.deepEqual(
            await secretIds(),
            before.filter((id) => id !== "orphan-secret"),
        );
    });

    it("a binding that failed half-way is no unknown secret, and clean-up spares what it may hold", async () => {
        await scene.control.edit((world) => (world.databricks.servicePrincipals.pop(), undefined));
        await scene.control.faults([
            { service: "powerBi", method: "PATCH", path: "/gateways/", when: "after", reset: true, hitsPowerBi: false },
        ]);
        support.configure(scene.stack, { rotationKey: "2026-12" });
        failsWith(await scene.stack.up(), /0 of 1 datasources of powerbi-(sales|finance) were switched to secret/);
        await scene.control.faults([]);
        const during = await secretIds();
        const preview = await scene.stack.preview();
        assert.match(preview.output, /a run failed before it was certain that datasource \S+ holds/);
        assert.doesNotMatch(preview.output, /does not know/);
        assert.deepEqual(await secretIds(), during);
    });

    it("going back to the former key binds its secret again, though the failed run had switched already", async () => {
        support.configure(scene.stack, { rotationKey: "2026-11" });
        await scene.control.forgetRequests();
        succeeds(await scene.stack.up());
        assert.equal(await support.mints(scene.control), 0);
        assert.equal((await secretIds()).length, 2);
        assert.equal((await scene.stack.preview("--expect-no-changes")).exitCode, 0);
    });
});
