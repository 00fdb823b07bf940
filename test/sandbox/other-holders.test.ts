import assert from "node:assert/strict";
import {
    ConnectionsScene,
    connectionsWorld,
    idOf,
    modelId,
    personalId,
    sharedId,
    source,
    workspaceId,
} from "./connections-world";

const dataflowId = "df000000-0000-4000-8000-000000000001";
const paginatedId = "4e000000-0000-4000-8000-000000000001";
const reportId = "4e000000-0000-4000-8000-000000000002";

describe("the sandbox's other holders of a credential", () => {
    let scene: ConnectionsScene;
    beforeEach(async () => {
        const world = connectionsWorld();
        const [workspace] = world.powerBi.workspaces;
        workspace.dataflows = [{ id: dataflowId, name: "Orders", owner: idOf("maker"), sources: [source()] }];
        workspace.reports = [
            {
                id: paginatedId,
                name: "Invoices",
                owner: "ana@example.com",
                sources: [source({ datasourceId: sharedId })],
            },
            { id: reportId, name: "Sales", owner: "ana@example.com", reportType: "PowerBIReport", datasetId: modelId },
        ];
        scene = await ConnectionsScene.start(world);
    });
    afterEach(() => scene.close());

    const group = `/groups/${workspaceId}`;

    it("are dataflows, which read with their owner's own connection", async () => {
        const { sp2 } = scene.powerBi;
        const { value } = (await sp2.get(`${group}/dataflows`)).data;
        assert.deepEqual(value, [{ objectId: dataflowId, name: "Orders", configuredBy: idOf("maker") }]);
        const [shown] = (await sp2.get(`${group}/dataflows/${dataflowId}/datasources`)).data.value;
        assert.equal(shown.datasourceId, personalId);
        assert.equal(await scene.failure(dataflowId), undefined);
        await scene.control.edit(({ powerBi }) => {
            powerBi.datasources[1].credential.password = "wrong";
        });
        assert.equal(await scene.failure(dataflowId), "DM_GWPipeline_Gateway_InvalidConnectionCredentials");
    });

    it("are paginated reports, which have no dataset and sources of their own", async () => {
        const { sp2 } = scene.powerBi;
        const { value } = (await sp2.get(`${group}/reports`)).data;
        assert.deepEqual(
            value.map(({ id, reportType, datasetId }: Record<string, string>) => [id, reportType, datasetId]),
            [
                [paginatedId, "PaginatedReport", undefined],
                [reportId, "PowerBIReport", modelId],
            ],
        );
        const [shown] = (await sp2.get(`${group}/reports/${paginatedId}/datasources`)).data.value;
        assert.equal(shown.datasourceId, sharedId);
        assert.equal(await scene.failure(paginatedId), undefined);
        assert.equal((await sp2.get(`${group}/reports/${paginatedId}`)).data.name, "Invoices");
    });

    it("are not the other reports, whose sources are their dataset's", async () => {
        assert.equal((await scene.powerBi.sp2.get(`${group}/reports/${reportId}/datasources`)).status, 404);
    });

    it("keep their connections when a dataset is taken over", async () => {
        await scene.powerBi.sp2.post(`${group}/datasets/${modelId}/Default.TakeOver`);
        assert.equal(await scene.failure(paginatedId), undefined);
        assert.equal(await scene.failure(dataflowId), undefined);
    });

    it("are told by the scanner: dataflows with the connections they use, reports by name only", async () => {
        await scene.control.edit(({ powerBi }) => {
            powerBi.adminApisAllowed = [idOf("sp2")];
            powerBi.workspaces[0].datasets[0].sources[0].datasourceId = null;
        });
        const { sp2 } = scene.powerBi;
        const scan = await sp2.post(
            "/admin/workspaces/getInfo",
            { workspaces: [workspaceId] },
            { params: { datasourceDetails: true } },
        );
        const { data } = await sp2.get(`/admin/workspaces/scanResult/${scan.data.id}`);
        const [{ datasets, dataflows, reports }] = data.workspaces;
        assert.deepEqual(dataflows[0].datasourceUsages, [{ datasourceInstanceId: personalId }]);
        assert.equal(reports.length, 2);
        assert.deepEqual(datasets[0].datasourceUsages, []);
        assert.deepEqual(datasets[0].misconfiguredDatasourceUsages, [
            { datasourceInstanceId: data.misconfiguredDatasourceInstances[0].datasourceId },
        ]);
    });
});
