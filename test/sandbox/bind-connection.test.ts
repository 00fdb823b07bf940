import assert from "node:assert/strict";
import {
    type ApplicationName,
    ConnectionsScene,
    httpPath,
    modelId,
    personalId,
    plantSourceId,
    sharedId,
    source,
    workspaceId,
} from "./connections-world";

const bindPath = `/workspaces/${workspaceId}/semanticModels/${modelId}/bindConnection`;
const itemPath = `/workspaces/${workspaceId}/items/${modelId}/connections`;

describe("the sandbox's bindConnection", () => {
    let scene: ConnectionsScene;
    beforeEach(async () => {
        scene = await ConnectionsScene.start();
    });
    afterEach(() => scene.close());

    const bind = (connectivityType: string, id?: string, as: ApplicationName = "maker", path = "") =>
        scene.fabric[as].post(bindPath, {
            connectionBinding: {
                id,
                connectivityType,
                connectionDetails: { type: "Databricks", path: path || `${scene.host};${httpPath}` },
            },
        });
    const mapping = async () => (await scene.fabric.maker.get(itemPath)).data.value[0];

    it("maps a source to a connection, which its owner sees and a report reads through", async () => {
        await scene.control.edit(({ powerBi }) => {
            powerBi.datasources[0].credential.password = "wrong";
        });
        assert.equal((await bind("PersonalCloud", personalId)).status, 200);
        assert.equal((await mapping()).id, personalId);
        assert.equal(await scene.failure(), undefined);
        assert.equal((await bind("ShareableCloud", sharedId)).status, 200);
        const { id, connectivityType, displayName } = await mapping();
        assert.deepEqual([id, connectivityType, displayName], [sharedId, "ShareableCloud", "dbx-shared"]);
        assert.equal(await scene.failure(), "DM_GWPipeline_Gateway_InvalidConnectionCredentials");
    });

    it("is the owner's alone, and says so with 400", async () => {
        await scene.give("sp2", "Owner");
        const refused = await bind("ShareableCloud", sharedId, "sp2");
        assert.deepEqual([refused.status, refused.data.errorCode], [400, "BindNotModelOwner"]);
        assert.equal((await bind("ShareableCloud", sharedId, "stranger")).status, 403);
    });

    it("leaves a source without a connection for None: nothing is shown and nothing can be read", async () => {
        assert.equal((await bind("None")).status, 200);
        assert.deepEqual(await mapping(), {
            connectivityType: "None",
            connectionDetails: { type: "Databricks", path: `${scene.host};${httpPath}` },
        });
        assert.equal(await scene.failure(), "DMTS_MonikerWithUnboundDataSources");
        const refreshes = `/groups/${workspaceId}/datasets/${modelId}/refreshes`;
        await scene.powerBi.maker.post(refreshes);
        let refresh;
        do {
            [refresh] = (await scene.powerBi.maker.get(refreshes)).data.value;
        } while (refresh.status === "Unknown");
        assert.match(refresh.serviceExceptionJson, /ModelRefreshFailed_CredentialsNotSpecified/);
    });

    it("goes back to the owner's own connection for Automatic", async () => {
        assert.equal((await bind("Automatic")).status, 200);
        assert.equal((await mapping()).id, personalId);
        assert.equal(await scene.failure(), undefined);
    });

    it("refuses what it cannot map", async () => {
        const refusals = [
            await bind("ShareableCloud", "50000000-0000-4000-8000-00000000ffff"),
            await bind("ShareableCloud"),
            await bind("ShareableCloud", personalId),
            // A gateway's connection that the model's owner is no user of.
            await bind("OnPremisesGateway", plantSourceId),
            await bind("None", sharedId),
            await bind("Automatic", sharedId),
            await bind("ShareableCloud", sharedId, "maker", `${scene.host};/sql/1.0/warehouses/a1b2c3d4e5f60718`),
            await bind("ShareableCloud", sharedId, "maker", `${scene.host.toUpperCase()}/;${httpPath}`),
        ];
        assert.deepEqual(
            refusals.map(({ status, data }) => [status, data.errorCode]),
            refusals.map(() => [400, "InvalidRequest"]),
        );
        assert.equal((await mapping()).id, sharedId);
        const nowhere = bindPath.replace(modelId, "d0000000-0000-4000-8000-00000000ffff");
        const toNothing = { connectionBinding: { connectivityType: "None", connectionDetails: { path: "" } } };
        assert.equal((await scene.fabric.maker.post(nowhere, toNothing)).data.errorCode, "ItemNotFound");
    });

    it("maps one source at a time, the others stay", async () => {
        await scene.control.edit(({ powerBi }) => {
            const other = "/sql/1.0/warehouses/a1b2c3d4e5f60718";
            const { host } = powerBi.datasources[0];
            powerBi.workspaces[0].datasets[0].sources.push(source({ host, httpPath: other, table: undefined }));
        });
        const before = (await scene.fabric.maker.get(itemPath)).data.value[1];
        await bind("PersonalCloud", personalId);
        const after = (await scene.fabric.maker.get(itemPath)).data.value;
        assert.deepEqual([after[0].id, after[1]], [personalId, before]);
    });

    it("shows mappings to contributors of the workspace, not to viewers", async () => {
        assert.equal((await scene.fabric.sp2.get(itemPath)).status, 200);
        assert.equal((await scene.fabric.stranger.get(itemPath)).status, 403);
    });
});
