import assert from "node:assert/strict";
import { type takeOverDoubts } from "../../../sandbox/doubts/power-bi/take-over-doubts";
import { modelPath, sp2, tenantId, PowerBiBench } from "../power-bi-bench";
import { forecast, hq, liveStock, model, ownerOf, sales, schedule, storeSales, takeOver, Proofs } from "./support";

const sharedId = "50000000-0000-4000-8000-0000000000ff";

const rightAfterTakeOver = async (bench: PowerBiBench) => {
    const [before] = await bench.sources(model);
    assert.equal(await takeOver(bench), 200);
    return { before };
};

/** What `configuredBy` says of a model that SP2 took over, whoever asks and wherever. */
const owned = (expected: string | undefined | RegExp) => async (bench: PowerBiBench) => {
    await takeOver(bench);
    const { data } = await bench.powerBi.post("/admin/workspaces/getInfo", { workspaces: [sales] });
    const scan = (await bench.powerBi.get(`/admin/workspaces/scanResult/${data.id}`)).data;
    for (const shown of [await ownerOf(bench), scan.workspaces[0].datasets[0].configuredBy]) {
        if (expected instanceof RegExp) {
            assert.match(shown, expected);
            assert.ok(!Object.values(sp2).includes(shown));
        } else {
            assert.equal(shown, expected);
        }
    }
    const other = (await bench.powerBi.get(modelPath(sales, forecast))).data;
    assert.equal(other.configuredBy, "ben@example.com", "users are named as ever");
};

/** A model that also reads through the cloud, beside its source behind the HQ gateway. */
const mixed = (isKept: boolean) => async (bench: PowerBiBench) => {
    const path = modelPath(sales, storeSales);
    await bench.edit(({ workspaces }) => {
        const { sources } = workspaces[0].datasets.find(({ id }) => id === storeSales)!;
        sources.push({ ...sources[0], datasourceId: undefined });
    });
    await takeOver(bench, path);
    const ids = (await bench.sources(path)).map(({ datasourceId }) => datasourceId);
    assert.equal(ids.includes(hq.datasourceId), isKept);
    const pure = modelPath(sales, "d0000000-0000-4000-8000-000000000008");
    await takeOver(bench, pure);
    assert.equal((await bench.sources(pure))[0].datasourceId, hq.datasourceId, "one that is all behind it stays");
};

/** A model that is mapped to somebody's shared connection. */
const mapped = (isKept: boolean) => async (bench: PowerBiBench) => {
    await bench.edit(({ workspaces, datasources }) => {
        const [template] = datasources;
        const shared = { gatewayId: "6a7e0000-0000-4000-8000-0000000000ff", datasourceId: sharedId, cloud: true };
        datasources.push({ ...template, ...shared, shareable: true, owner: "" });
        workspaces[0].datasets[0].sources[0].datasourceId = sharedId;
    });
    assert.equal((await bench.sources(model))[0].datasourceId, sharedId);
    await takeOver(bench);
    assert.equal((await bench.sources(model))[0].datasourceId === sharedId, isKept);
};

const scheduled = (isOn: boolean) => async (bench: PowerBiBench) => {
    await bench.edit(({ workspaces }) => Object.assign(workspaces[0].datasets[0].refreshSchedule, schedule));
    await takeOver(bench);
    assert.equal((await bench.powerBi.get(`${model}/refreshSchedule`)).data.enabled, isOn);
};

/** A proof for each behaviour of each doubt about a take-over. */
export const takeOverProofs: Proofs<typeof takeOverDoubts> = {
    configuredBy: {
        applicationId: owned(sp2.clientId),
        objectId: owned(sp2.objectId),
        displayName: owned(sp2.displayName),
        userPrincipalName: owned(`${sp2.clientId}@${tenantId}`),
        someUuid: owned(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
        absent: owned(undefined),
    },
    takeOverByOwner: {
        accepted: async (bench) => {
            await takeOver(bench);
            await bench.powerBi.patch(`${model}/refreshSchedule`, { value: schedule });
            assert.equal(await takeOver(bench), 200);
            assert.equal((await bench.powerBi.get(`${model}/refreshSchedule`)).data.enabled, true);
        },
        notAcceptable: async (bench) => {
            assert.equal(await takeOver(bench), 200);
            assert.equal(await takeOver(bench), 406);
        },
    },
    idsAfterTakeOver: {
        changed: async (bench) => {
            const { before } = await rightAfterTakeOver(bench);
            const [after] = await bench.sources(model);
            assert.notEqual(after.datasourceId, before.datasourceId);
            assert.notEqual(after.gatewayId, before.gatewayId);
        },
        kept: async (bench) => {
            // Others of ana's models use the datasource: it stays hers. Only ben's two are left to use his.
            const { before: shared } = await rightAfterTakeOver(bench);
            assert.notEqual((await bench.sources(model))[0].datasourceId, shared.datasourceId);
            await bench.edit(({ workspaces }) => {
                const [workspace] = workspaces;
                workspace.datasets = workspace.datasets.filter(({ id }) => id !== liveStock);
                workspace.datasets[0].owner = "ana@example.com";
            });
            await bench.edit((powerBi) => {
                powerBi.datasources = powerBi.datasources.filter(({ owner }) => owner !== sp2.clientId);
            });
            const [before] = await bench.sources(modelPath(sales, forecast));
            await takeOver(bench, modelPath(sales, forecast));
            const [after] = await bench.sources(modelPath(sales, forecast));
            assert.deepEqual(after, before);
            assert.equal((await bench.control.query(sales, forecast)).ok, false, "its credential is gone");
            assert.equal((await bench.patch(after)).status, 200, "it is SP2's");
            await bench.edit(({ workspaces }) => (workspaces[0].datasets[1].owner = "ben@example.com"));
            const returns = modelPath(sales, "d0000000-0000-4000-8000-000000000002");
            assert.notEqual((await bench.sources(returns))[0].datasourceId, after.datasourceId, "ben gets another");
        },
    },
    scheduleAfterTakeOver: { switchedOff: scheduled(false), kept: scheduled(true) },
    sharedConnectionAfterTakeOver: { dropped: mapped(false), kept: mapped(true) },
    mixedModelAfterTakeOver: { kept: mixed(true), dropped: mixed(false) },
    newOwner: {
        atOnce: async (bench) => {
            const { before } = await rightAfterTakeOver(bench);
            assert.equal(await ownerOf(bench), sp2.clientId);
            const [key] = await bench.sources(model);
            assert.notDeepEqual(key, before);
            assert.equal((await bench.patch(key)).status, 200);
        },
        shownLater: async (bench) => {
            const { before } = await rightAfterTakeOver(bench);
            assert.equal(await ownerOf(bench), "ana@example.com");
            assert.deepEqual(await bench.sources(model), [before]);
            const listed = (await bench.powerBi.get(`/groups/${sales}/datasets`)).data.value;
            assert.equal(listed[0].configuredBy, "ana@example.com");
            assert.equal(await ownerOf(bench), sp2.clientId);
            assert.notDeepEqual(await bench.sources(model), [before]);
        },
        writesLater: async (bench) => {
            await rightAfterTakeOver(bench);
            assert.equal(await ownerOf(bench), sp2.clientId);
            const [key] = await bench.sources(model);
            const statuses = [];
            for (let count = 0; count < 4; count += 1) {
                statuses.push((await bench.patch(key)).status);
            }
            assert.deepEqual(statuses, [403, 403, 403, 200]);
        },
    },
    newRole: {
        atOnce: async ({ powerBi }) => assert.notEqual((await powerBi.get("/groups")).data.value.length, 0),
        later: async ({ powerBi }) => {
            const lengths = [];
            for (let count = 0; count < 4; count += 1) {
                lengths.push((await powerBi.get("/groups")).data.value.length);
            }
            assert.deepEqual(lengths, [0, 0, 0, 4]);
        },
    },
};
