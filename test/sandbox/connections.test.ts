import assert from "node:assert/strict";
import {
    ConnectionsScene,
    connectionsWorld,
    httpPath,
    legacy,
    modelId,
    ownGatewaySourceId,
    personalId,
    plantSourceId,
    sharedId,
    source,
    streamSourceId,
    workspaceId,
} from "./connections-world";

const datasetPath = `/groups/${workspaceId}/datasets/${modelId}`;

describe("the sandbox's connections", () => {
    let scene: ConnectionsScene;
    beforeEach(async () => {
        scene = await ConnectionsScene.start();
    });
    afterEach(() => scene.close());

    const listed = async (name: "sp2" | "maker" | "stranger") =>
        (await scene.fabric[name].get("/connections")).data.value.map(({ id }: { id: string }) => id);
    const basic = { credentialType: "Basic", ...legacy };
    const wrong = { credentialType: "Basic", username: legacy.username, password: "wrong" };
    const creation = (changes: object = {}, credentials: object = basic) => ({
        connectivityType: "ShareableCloud",
        displayName: "dbx-new",
        connectionDetails: {
            type: "Databricks",
            creationMethod: "Databricks.Catalogs",
            parameters: [
                { dataType: "Text", name: "host", value: scene.host },
                { dataType: "Text", name: "httpPath", value: httpPath },
            ],
        },
        credentialDetails: { singleSignOnType: "None", connectionEncryption: "NotEncrypted", credentials },
        ...changes,
    });

    it("are listed to who has a role on them; a gateway's admin without a role finds none of its connections", async () => {
        assert.deepEqual(await listed("sp2"), [streamSourceId]);
        assert.deepEqual(await listed("maker"), [sharedId, personalId, ownGatewaySourceId]);
        assert.deepEqual(await listed("stranger"), []);
        assert.equal((await scene.fabric.sp2.get(`/connections/${plantSourceId}`)).status, 200);
    });

    it("say what kind they are, and have virtual gateways in the cloud", async () => {
        const { value } = (await scene.fabric.maker.get("/connections")).data;
        assert.deepEqual(
            value.map(({ connectivityType }: { connectivityType: string }) => connectivityType),
            ["ShareableCloud", "PersonalCloud", "OnPremisesGatewayPersonal"],
        );
        const [shared, personal] = value;
        assert.equal(shared.displayName, "dbx-shared");
        assert.ok(!("displayName" in personal));
        for (const { gatewayId } of [shared, personal]) {
            assert.equal((await scene.powerBi.maker.get(`/gateways/${gatewayId}`)).status, 404);
            assert.equal((await scene.fabric.maker.get(`/gateways/${gatewayId}`)).status, 404);
        }
    });

    it("that are shareable lend their credential to each model that is mapped to them, whoever owns the model", async () => {
        await scene.control.edit(({ powerBi }) => {
            powerBi.workspaces[0].datasets[0].owner = "ana@example.com";
        });
        assert.equal(await scene.failure(), undefined);
        const [shown] = (await scene.powerBi.sp2.get(`${datasetPath}/datasources`)).data.value;
        assert.equal(shown.datasourceId, sharedId);
        await scene.control.edit(({ powerBi }) => {
            powerBi.datasources[0].credential.password = "wrong";
        });
        assert.equal(await scene.failure(), "DM_GWPipeline_Gateway_InvalidConnectionCredentials");
    });

    it("are tested while they are changed: a credential that does not log in changes nothing", async () => {
        await scene.control.edit(({ powerBi }) => {
            powerBi.datasources[0].credential.password = "of old";
        });
        const update = (credentials: object) =>
            scene.fabric.maker.patch(`/connections/${sharedId}`, {
                connectivityType: "ShareableCloud",
                credentialDetails: { singleSignOnType: "None", connectionEncryption: "NotEncrypted", credentials },
            });
        const refused = await update(wrong);
        assert.deepEqual([refused.status, refused.data.errorCode], [400, "IncorrectCredentials"]);
        assert.equal(scene.stored(sharedId)?.credential?.password, "of old");
        const updated = await update(basic);
        assert.deepEqual([updated.status, updated.data.displayName], [200, "dbx-shared"]);
        assert.equal(await scene.failure(), undefined);
    });

    it("are changed in what is sent and nothing else", async () => {
        const before = scene.stored(sharedId)?.credential;
        const patch = (id: string, body: object) => scene.fabric.maker.patch(`/connections/${id}`, body);
        const renamed = await patch(sharedId, { connectivityType: "ShareableCloud", displayName: "dbx-renamed" });
        assert.equal(renamed.data.displayName, "dbx-renamed");
        assert.deepEqual(scene.stored(sharedId)?.credential, before);
        assert.equal((await patch(personalId, { connectivityType: "ShareableCloud" })).status, 400);
        const taken = await patch(sharedId, { connectivityType: "ShareableCloud", displayName: "dbx-plant" });
        assert.deepEqual([taken.status, taken.data.errorCode], [409, "DuplicateConnectionName"]);
    });

    it("are made by who may, tested, under a name that nobody else uses, and belong to their maker", async () => {
        const made = await scene.fabric.stranger.post("/connections", creation());
        assert.equal(made.status, 201);
        assert.equal(made.data.connectivityType, "ShareableCloud");
        assert.deepEqual(await listed("stranger"), [made.data.id]);
        assert.deepEqual(await scene.tested(made.data.id, "stranger"), { status: "Online", errors: [] });
        const codeOf = async (body: object) => (await scene.fabric.sp2.post("/connections", body)).data.errorCode;
        assert.equal(await codeOf(creation()), "DuplicateConnectionName");
        assert.equal(await codeOf(creation({ displayName: "b" }, wrong)), "IncorrectCredentials");
        const details = { type: "Databricks", creationMethod: "Databricks.Catalogs", parameters: [] };
        assert.equal(
            await codeOf(creation({ displayName: "c", connectionDetails: details })),
            "InvalidConnectionDetails",
        );
        assert.equal(await codeOf(creation({ displayName: "d", connectivityType: "PersonalCloud" })), "InvalidInput");
        await scene.control.edit(({ powerBi }) => (powerBi.connectionCreationAllowed = false));
        const forbidden = await scene.fabric.sp2.post("/connections", creation({ displayName: "e" }));
        assert.equal(forbidden.status, 403);
    });

    it("cannot be shareable and somebody's own in a world", async () => {
        const world = connectionsWorld();
        world.powerBi.datasources[0].owner = "ana@example.com";
        await assert.rejects(
            ConnectionsScene.start(world),
            /powerBi\.datasources\[0\]: a shareable connection is nobody's own/,
        );
    });

    it("tell how they are made", async () => {
        const { value } = (await scene.fabric.sp2.get("/connections/supportedConnectionTypes")).data;
        assert.deepEqual(
            value.map(({ type }: { type: string }) => type),
            ["Databricks", "DatabricksMultiCloud"],
        );
        assert.equal(value[0].creationMethods[0].name, "Databricks.Catalogs");
    });

    it("that are deleted leave the models that were mapped to them without any", async () => {
        assert.equal((await scene.fabric.maker.delete(`/connections/${sharedId}`)).status, 200);
        assert.equal(await scene.failure(), "DMTS_MonikerWithUnboundDataSources");
        const [shown] = (await scene.powerBi.sp2.get(`${datasetPath}/datasources`)).data.value;
        assert.deepEqual([shown.gatewayId, shown.datasourceId], [undefined, undefined]);
    });

    it("are lost by a take-over: the model goes to its new owner's personal connection, which has no credential", async () => {
        assert.equal((await scene.powerBi.sp2.post(`${datasetPath}/Default.TakeOver`)).status, 200);
        const [shown] = (await scene.powerBi.sp2.get(`${datasetPath}/datasources`)).data.value;
        assert.notEqual(shown.datasourceId, sharedId);
        assert.equal(await scene.failure(), "DMTS_DatasourceHasNoCredentialError");
        assert.ok((await listed("sp2")).includes(shown.datasourceId));
    });

    it("behind a gateway are kept by a take-over", async () => {
        await scene.control.edit(({ powerBi }) => {
            powerBi.workspaces[0].datasets[0].sources[0].datasourceId = plantSourceId;
        });
        await scene.powerBi.sp2.post(`${datasetPath}/Default.TakeOver`);
        const [shown] = (await scene.powerBi.sp2.get(`${datasetPath}/datasources`)).data.value;
        assert.equal(shown.datasourceId, plantSourceId);
        assert.equal(await scene.failure(), undefined);
    });
});

describe("a source of the sandbox's models", () => {
    for (const [shownIds, expected] of [
        ["both", ["gatewayId", "datasourceId"]],
        ["gatewayId", ["gatewayId"]],
        ["datasourceId", ["datasourceId"]],
        ["none", []],
    ] as const) {
        it(`shows ${expected.join(" and ") || "neither id"} where the world says so, and reads all the same`, async () => {
            const world = connectionsWorld();
            world.powerBi.workspaces[0].datasets[0].sources = [source({ datasourceId: sharedId, shownIds })];
            const scene = await ConnectionsScene.start(world);
            try {
                const [shown] = (await scene.powerBi.sp2.get(`${datasetPath}/datasources`)).data.value;
                assert.deepEqual(
                    ["gatewayId", "datasourceId"].filter((key) => key in shown),
                    expected,
                );
                assert.equal(await scene.failure(), undefined);
            } finally {
                await scene.close();
            }
        });
    }
});
