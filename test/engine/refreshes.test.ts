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
    const bindingOf = (dataset: string, more: object) => ({
        workspace: "Sales",
        dataset,
        gatewayType: "NoGateway",
        ...more,
    });
    const declare = (bindings: object[], more: object = {}) =>
        support.configure(scene.stack, { credentials: [{ ...credential, bindings }], ...more });
    const model = async (index: number) => (await scene.control.world()).powerBi.workspaces[0].datasets[index];

    describe("that are followed to their end", () => {
        before(async () => {
            scene = await support.setScene();
            declare([bindingOf("Sales model", { refresh: "wait" })]);
        });
        after(() => scene?.close());

        const rotate = (rotationKey: string) => {
            support.configure(scene.stack, { rotationKey });
            return scene.stack.up();
        };

        it("run once per dataset and rotation, without a notification", async () => {
            succeeds(await scene.stack.up());
            succeeds(await scene.stack.up());
            assert.equal((await model(0)).refreshes.length, 1);
            succeeds(await rotate("2026-12"));
            assert.deepEqual(
                (await model(0)).refreshes.map(({ status }: { status: string }) => status),
                ["Completed", "Completed"],
            );
        });

        it("beyond the daily limit are an error, and the credential is bound all the same", async () => {
            await scene.control.edit((world) => {
                world.powerBi.refreshesPerDay = 2;
            });
            support.failsWith(
                await rotate("2027-01"),
                /exceeded the daily limit of 2 refreshes.*Run `pulumi up` again tomorrow, or set refresh: true/,
            );
            const { ok } = await scene.control.query(sales.workspaceId, datasets[0].datasetId);
            assert.ok(ok);
        });
    });

    describe("by schedule", () => {
        before(async () => {
            scene = await support.setScene();
        });
        after(() => scene?.close());

        /** What was told, and must not be any more. */
        const unfinished = /a run failed while it took dataset "Sales model" in workspace "Sales" over/;

        it("are on again after a take-over, also when the run failed right behind it", async () => {
            await scene.control.edit((world) => {
                const enabled = { enabled: true, days: ["Monday"], times: ["06:00"] };
                world.powerBi.workspaces[0].datasets[0].refreshSchedule = enabled;
            });
            declare([bindingOf("Sales model", {})]);
            await scene.control.faults([
                // What it looks at in the preview and before the take-over is answered.
                { service: "powerBi", method: "POST", path: "/Default.TakeOver", status: 504, when: "after" },
            ]);
            support.failsWith(await scene.stack.up(), /Default\.TakeOver answered 504/);
            assert.equal((await model(0)).refreshSchedule.enabled, false, "the take-over switched it off");
            await scene.control.faults([]);
            support.showsDrift(await scene.stack.preview("--expect-no-changes"), unfinished);
            // The other one is what the test below is about.
            declare([bindingOf("Sales model", {}), bindingOf("Returns model", { keepSchedule: true })]);
            const { output } = succeeds(await scene.stack.up());
            assert.equal((await model(0)).refreshSchedule.enabled, true);
            assert.match(output, /"Returns model".* has no refresh schedule to switch on: nobody made one/);
        });

        it("are on again where failures had switched them off, when keepSchedule says so", async () => {
            await scene.control.edit((world) => {
                const off = { enabled: false, days: ["Monday"], times: ["06:00"] };
                world.powerBi.workspaces[0].datasets[1].refreshSchedule = off;
            });
            const { output } = support.showsDrift(
                await scene.stack.preview("--expect-no-changes"),
                /the refresh schedule of dataset "Returns model" in workspace "Sales" is switched off/,
            );
            assert.doesNotMatch(output, unfinished);
            succeeds(await scene.stack.up());
            assert.equal((await model(1)).refreshSchedule.enabled, true);
        });
    });
});
