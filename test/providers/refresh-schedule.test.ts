import assert from "node:assert/strict";
import { DatasetRefreshProvider } from "../../dynamic-providers/dataset-refresh";
import { RefreshScheduleProvider } from "../../dynamic-providers/refresh-schedule";
import * as support from "./support";

const { workspaceId, datasetId } = support;

describe("what is looked up beside the credential", () => {
    let bench: support.Bench;
    beforeEach(async () => (bench = await support.Bench.start()));
    afterEach(() => bench.close());

    const names = { workspaceId, datasetId, workspaceName: "Sales", datasetName: "Sales model", drift: [] };
    const schedule = () => bench.configured(new RefreshScheduleProvider());
    const refresh = () => bench.configured(new DatasetRefreshProvider());
    const answers = (path: string, status: number, body: unknown) =>
        bench.control.faults([{ service: "powerBi", method: "GET", path, status, body }]);
    const odd: [number, unknown, RegExp][] = [
        [404, { error: { code: "SomethingNew" } }, /not looked at: Power BI: GET \S+ answered 404 SomethingNew/],
        [404, { error: { code: "CapacityNotActive" } }, /not looked at: the capacity of workspace "Sales" is paused/],
        [200, {}, /not looked at: Power BI: GET \S+ answered 200: unexpected answer/],
        [415, {}, /^$/],
    ];

    it("fails no preview: a schedule that cannot be read is told, and stays as it was", async () => {
        for (const [status, body, words] of odd) {
            await answers("/refreshSchedule$", status, body);
            const said = await support.heard(async () => {
                const { id, props } = await schedule().read("id", { ...names, restore: "", keep: true, enabled: true });
                assert.deepEqual([id, props!.enabled, props!.drift], ["id", true, []]);
            });
            assert.match(said, words);
        }
        await answers("/refreshSchedule$", 404, { error: { code: "PowerBIEntityNotFound" } });
        assert.equal((await schedule().read("id", { ...names, restore: "", keep: true, enabled: true })).id, "");
    });

    it("fails no preview: refreshes that cannot be read are told, and stay as they were", async () => {
        const state = { ...names, secretId: "s", mode: "start" as const, requestedAt: "then", status: "Completed" };
        for (const [status, body, words] of odd) {
            await answers("/refreshes", status, body);
            const said = await support.heard(async () => {
                const { id, props } = await refresh().read("id", state);
                assert.deepEqual([id, props!.status, props!.drift], ["id", "Completed", []]);
            });
            assert.match(said, words);
        }
    });

    it("keeps no refresh from being started", async () => {
        await answers("/refreshes", 404, { error: { code: "SomethingNew" } });
        const said = await support.heard(async () => {
            const { outs } = await refresh().create({ ...names, secretId: "s", mode: "start" });
            assert.equal(outs.status, "Unknown");
        });
        assert.match(said, /earlier refreshes of dataset "Sales model" .* were not looked at/);
    });

    it("is no failure where a model has no schedule that could be switched on", async () => {
        await answers("/refreshSchedule$", 415, {});
        const said = await support.heard(async () => {
            const { outs } = await schedule().create({ ...names, restore: "then", keep: false });
            assert.equal(outs.enabled, false);
        });
        assert.match(said, /has no refresh schedule to switch on: Power BI: GET \S+ answered 415/);
    });
});
