import assert from "node:assert/strict";
import { type Refresh } from "../../sandbox/world/power-bi-world";
import { modelPath, PowerBiBench } from "./power-bi-bench";

const sales = "90000000-0000-4000-8000-0000000000a1";
const salesModel = "d0000000-0000-4000-8000-0000000000a1";
const model = modelPath(sales, salesModel);

describe("the sandbox's Power BI", () => {
    let bench: PowerBiBench;
    beforeEach(async () => (bench = await PowerBiBench.start("dev")));
    afterEach(() => bench.close());

    const get = async (path: string) => {
        const { status, data } = await bench.powerBi.get(path);
        return [status, data.error?.code];
    };
    const pause = (state: "Active" | "Suspended") =>
        bench.edit(({ workspaces }) => {
            workspaces[0].capacity = { id: "ca9ac17e-0000-4000-8000-000000000001", state };
        });

    it("tells nothing of a model on a paused capacity, though it lists it, and refreshes none", async () => {
        await pause("Suspended");
        const paused = [404, "CapacityNotActive"];
        for (const path of ["", "/datasources", "/refreshes", "/refreshSchedule"]) {
            assert.deepEqual(await get(model + path), paused, path);
        }
        for (const path of ["/refreshes", "/Default.TakeOver"]) {
            const { status, data } = await bench.powerBi.post(model + path);
            assert.deepEqual([status, data.error.code], paused, path);
        }
        const report = await bench.control.query(sales, salesModel);
        assert.equal(!report.ok && report.error.code, "CapacityNotActive");
        const [workspace] = (await bench.powerBi.get("/groups")).data.value;
        assert.deepEqual(
            [workspace.isOnDedicatedCapacity, workspace.capacityId],
            [true, "ca9ac17e-0000-4000-8000-000000000001"],
        );
        assert.equal((await bench.powerBi.get(`/groups/${sales}/datasets`)).data.value.length, 2);
        await pause("Active");
        assert.equal((await bench.powerBi.get(model)).status, 200);
        assert.equal((await bench.control.query(sales, salesModel)).ok, true);
    });

    it("does not tell the sources of a model whose owner has left, until somebody takes it over", async () => {
        await bench.edit((powerBi) => powerBi.usersWhoLeft.push("ana@example.com"));
        assert.deepEqual(await get(`${model}/datasources`), [404, "DMTS_UserNotFoundInADGraphError"]);
        assert.equal((await bench.powerBi.get(model)).data.configuredBy, "ana@example.com");
        await bench.powerBi.post(`${model}/Default.TakeOver`);
        assert.equal((await bench.sources(model)).length, 1);
    });

    it("has neither sources nor a schedule for a model that it made itself", async () => {
        await bench.edit(({ workspaces }) => (workspaces[0].datasets[0].isModelBased = false));
        for (const path of ["/datasources", "/refreshSchedule", "/refreshes"]) {
            const { status, data } = await bench.powerBi.get(model + path);
            assert.equal(status, 415, path);
            assert.match(data.Message, /can only be called on a Model-based dataset/);
        }
        assert.equal((await bench.powerBi.get(`/groups/${sales}/datasets`)).data.value.length, 2);
    });

    it("keeps the ids of a world in small letters, as it answers them", async () => {
        await bench.edit(({ workspaces }) => {
            workspaces[0].id = sales.toUpperCase();
            workspaces[0].datasets[0].id = salesModel.toUpperCase();
        });
        assert.equal(
            (await bench.powerBi.get(model.toUpperCase().replace("/GROUPS/", "/groups/"))).data.id,
            salesModel,
        );
    });

    describe("where isRefreshable is as documented", () => {
        const isRefreshable = async () => (await bench.powerBi.get(model)).data.isRefreshable;
        const completed: Refresh = {
            requestId: "e0000000-0000-4000-8000-000000000001",
            refreshType: "ViaApi",
            startTime: "2026-11-01T00:00:00Z",
            endTime: "2026-11-01T00:01:00Z",
            status: "Completed",
        };
        beforeEach(() => bench.edit((_, { doubts }) => (doubts.isRefreshable = "refreshedOrScheduled")));

        it("says false of an Import model that was never refreshed, which can be refreshed all the same", async () => {
            assert.equal(await isRefreshable(), false);
            assert.equal((await bench.powerBi.post(`${model}/refreshes`)).status, 202);
        });

        it("says true once it was refreshed, or has a schedule that is on", async () => {
            await bench.edit(({ workspaces }) => workspaces[0].datasets[0].refreshes.push(completed));
            assert.equal(await isRefreshable(), true);
            await bench.edit(({ workspaces }) => {
                Object.assign(workspaces[0].datasets[0], { refreshes: [] });
                workspaces[0].datasets[0].refreshSchedule.enabled = true;
            });
            assert.equal(await isRefreshable(), true);
        });
    });
});
