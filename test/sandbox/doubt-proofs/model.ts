import assert from "node:assert/strict";
import { type modelDoubts } from "../../../sandbox/doubts/power-bi/model-doubts";
import { modelPath, PowerBiBench } from "../power-bi-bench";
import { forecast, liveStock, model, sales, storeSales, takeOver, Proofs } from "./support";

const odd = (status: number, code: string | undefined) => async (bench: PowerBiBench) => {
    await bench.edit(({ workspaces }) => (workspaces[0].datasets[0].odd = true));
    const { status: found, data } = await bench.powerBi.get(`${model}/datasources`);
    assert.deepEqual([found, data.error?.code], [status, code]);
    assert.equal((await bench.powerBi.get(`${modelPath(sales, forecast)}/datasources`)).status, 200, "others are told");
    assert.equal((await bench.powerBi.get(model)).status, 200, "the model itself is there");
};

const ids = (gateway: boolean, datasource: boolean) => async (bench: PowerBiBench) => {
    const shown = (key: object) => ["gatewayId" in key, "datasourceId" in key];
    assert.deepEqual(shown((await bench.sources(model))[0]), [gateway, datasource]);
    assert.deepEqual(shown((await bench.sources(modelPath(sales, storeSales)))[0]), [true, true], "behind a gateway");
    await takeOver(bench);
    assert.deepEqual(shown((await bench.sources(model))[0]), [true, true], "to its owner");
};

/** A proof for each behaviour of each doubt about a model. */
export const modelProofs: Proofs<typeof modelDoubts> = {
    oddModel: {
        readable: odd(200, undefined),
        ownerLeft: async (bench) => {
            await odd(404, "DMTS_UserNotFoundInADGraphError")(bench);
            await takeOver(bench);
            assert.equal((await bench.sources(model)).length, 1);
        },
        capacityPaused: odd(404, "CapacityNotActive"),
        stray404: odd(404, "PowerBIEntityNotFound"),
        stray415: odd(415, undefined),
        stray403: odd(403, undefined),
        stray500: odd(500, "InternalServerError"),
    },
    modelsOnPausedCapacity: {
        listed: async (bench) => {
            await bench.edit(({ workspaces }) => (workspaces[0].capacity = { id: "c", state: "Suspended" }));
            assert.equal((await bench.powerBi.get(`/groups/${sales}/datasets`)).status, 200);
        },
        notListed: async (bench) => {
            await bench.edit(({ workspaces }) => (workspaces[0].capacity = { id: "c", state: "Suspended" }));
            const { status, data } = await bench.powerBi.get(`/groups/${sales}/datasets`);
            assert.deepEqual([status, data.error.code], [404, "CapacityNotActive"]);
        },
    },
    isRefreshable: {
        everyImportModel: async ({ powerBi }) => {
            const never = (await powerBi.get(modelPath(sales, forecast))).data;
            assert.equal(never.isRefreshable, true);
        },
        refreshedOrScheduled: async ({ powerBi }) => {
            const paths = [model, modelPath(sales, forecast), modelPath(sales, liveStock)];
            const found = await Promise.all(paths.map(async (path) => (await powerBi.get(path)).data.isRefreshable));
            assert.deepEqual(found, [true, false, false]);
        },
        absent: async ({ powerBi }) => assert.ok(!("isRefreshable" in (await powerBi.get(model)).data)),
    },
    isOnPremGatewayRequired: {
        told: async ({ powerBi }) => {
            const found = (await powerBi.get(modelPath(sales, storeSales))).data;
            assert.equal(found.isOnPremGatewayRequired, true);
        },
        absent: async ({ powerBi }) => {
            const found = (await powerBi.get(modelPath(sales, storeSales))).data;
            assert.ok(!("isOnPremGatewayRequired" in found));
        },
    },
    idsOfCloudSource: { both: ids(true, true), gatewayOnly: ids(true, false), none: ids(false, false) },
    modelConnectionDetails: {
        object: async ({ powerBi }) => {
            const [{ connectionDetails }] = (await powerBi.get(`${model}/datasources`)).data.value;
            assert.equal(JSON.parse(connectionDetails.path).httpPath, "/sql/1.0/warehouses/44ff20e73e461e56");
        },
        text: async ({ powerBi }) => {
            const [{ connectionDetails }] = (await powerBi.get(`${model}/datasources`)).data.value;
            assert.equal(
                JSON.parse(JSON.parse(connectionDetails).path).httpPath,
                "/sql/1.0/warehouses/44ff20e73e461e56",
            );
        },
    },
};
