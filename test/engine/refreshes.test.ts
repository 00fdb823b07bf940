import assert from "node:assert/strict";
import * as support from "./support";

const { succeeds, sales, datasets } = support;
const credential = {
    servicePrincipal: "powerbi-sales",
    warehouse: "Sales warehouse",
    grants: [{ catalog: "main", schema: "sales" }],
};

describe("refreshes after a rotation", function () {
    this.timeout(support.engineTimeoutInMs);

    let scene: support.Scene;
    beforeEach(async () => (scene = await support.setScene()));
    afterEach(() => scene?.close());

    const declare = (refresh: unknown, more: object = {}) =>
        support.configure(scene.stack, {
            credentials: [
                {
                    ...credential,
                    bindings: [{ workspace: "Sales", dataset: "Sales model", gatewayType: "NoGateway", refresh }],
                },
            ],
            ...more,
        });
    const refreshes = async () => (await scene.control.world()).powerBi.workspaces[0].datasets[0].refreshes;

    it("run once per dataset and rotation, without a notification, and are followed to the end with wait", async () => {
        declare("wait");
        succeeds(await scene.stack.up());
        succeeds(await scene.stack.up());
        assert.equal((await refreshes()).length, 1);
        declare("wait", { rotationKey: "2026-12" });
        succeeds(await scene.stack.up());
        assert.deepEqual(
            (await refreshes()).map(({ status }: { status: string }) => status),
            ["Completed", "Completed"],
        );
    });

    it("wait for one that is running already, and say so", async () => {
        await scene.control.edit((world) => {
            const startTime = new Date().toISOString();
            world.powerBi.workspaces[0].datasets[0].refreshes = [{ requestId: "r0", startTime, status: "Unknown" }];
        });
        declare("wait");
        await scene.control.forgetRequests();
        const running = scene.stack.up();
        // It ends once it was seen running.
        await support.answered(scene.control, running, /\/refreshes\?/);
        await scene.control.edit((world) => {
            world.powerBi.workspaces[0].datasets[0].refreshes[0].status = "Completed";
        });
        const { output } = succeeds(await running);
        assert.match(output, /a refresh of dataset "Sales model" in workspace "Sales" is running already/);
        assert.equal((await refreshes()).length, 2);
    });

    it("beyond the daily limit are a warning with refresh: true, and an error with wait", async () => {
        await scene.control.edit((world) => {
            world.powerBi.refreshesPerDay = 0;
        });
        declare(true);
        const { output } = succeeds(await scene.stack.up());
        assert.match(
            output,
            /warning: the refresh of dataset "Sales model" .* was not started: the daily limit is reached/,
        );
        declare("wait", { rotationKey: "2026-12" });
        const failed = await scene.stack.up();
        assert.notEqual(failed.exitCode, 0);
        assert.match(
            failed.output,
            /exceeded the daily limit of 0 refreshes.*Run `pulumi up` again tomorrow, or set refresh: true/,
        );
        const { ok } = await scene.control.query(sales.workspaceId, datasets[0].datasetId);
        assert.ok(ok, "the credential is bound all the same");
    });

    it("that fail say why in words: the service's exception, not its JSON", async () => {
        declare("wait");
        await scene.control.edit((world) => {
            world.powerBi.workspaces[0].datasets[0].sources[0].table = "main.finance.ledger";
        });
        const failed = await scene.stack.up();
        assert.notEqual(failed.exitCode, 0);
        assert.match(
            failed.output,
            /the refresh of dataset "Sales model" .* ended as Failed: DM_GWPipeline_Gateway_DataSourceAccessError: \[INSUFFICIENT_PERMISSIONS\]/,
        );
    });

    it("by schedule are on again after a take-over, also when the run failed right behind it", async () => {
        const schedule = async () => (await scene.control.world()).powerBi.workspaces[0].datasets[0].refreshSchedule;
        await scene.control.edit((world) => {
            const enabled = { enabled: true, days: ["Monday"], times: ["06:00"] };
            world.powerBi.workspaces[0].datasets[0].refreshSchedule = enabled;
        });
        declare(false);
        await scene.control.faults([
            // What it looks at in the preview and before the take-over is answered.
            { service: "powerBi", method: "POST", path: "/Default.TakeOver", status: 504, when: "after" },
        ]);
        support.failsWith(await scene.stack.up(), /Default\.TakeOver answered 504/);
        assert.equal((await schedule()).enabled, false, "the take-over switched it off");
        await scene.control.faults([]);
        support.showsDrift(
            await scene.stack.preview("--expect-no-changes"),
            /a run failed while it took dataset "Sales model" in workspace "Sales" over/,
        );
        succeeds(await scene.stack.up());
        assert.equal((await schedule()).enabled, true);
        assert.equal((await scene.stack.preview("--expect-no-changes")).exitCode, 0);
    });

    it("by schedule are on again where failures had switched them off, when keepSchedule says so", async () => {
        const bindings = [{ workspace: "Sales", dataset: "Sales model", gatewayType: "NoGateway", keepSchedule: true }];
        support.configure(scene.stack, { credentials: [{ ...credential, bindings }] });
        assert.match(succeeds(await scene.stack.up()).output, /has no refresh schedule to switch on: nobody made one/);
        await scene.control.edit((world) => {
            const off = { enabled: false, days: ["Monday"], times: ["06:00"] };
            world.powerBi.workspaces[0].datasets[0].refreshSchedule = off;
        });
        const preview = await scene.stack.preview("--expect-no-changes");
        assert.equal(preview.exitCode, 7);
        assert.match(
            preview.output,
            /the refresh schedule of dataset "Sales model" in workspace "Sales" is switched off/,
        );
        succeeds(await scene.stack.up());
        const { powerBi } = await scene.control.world();
        assert.equal(powerBi.workspaces[0].datasets[0].refreshSchedule.enabled, true);
    });
});
