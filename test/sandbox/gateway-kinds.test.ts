import assert from "node:assert/strict";
import { encryptForGateway } from "../../clients/gateway-encryption";
import {
    ConnectionsScene,
    legacy,
    ownGatewayId,
    ownGatewaySourceId,
    plantId,
    plantSourceId,
    streamId,
    streamSourceId,
} from "./connections-world";

const plain = JSON.stringify({
    credentialData: Object.entries(legacy).map(([name, value]) => ({ name, value })),
});

describe("the kinds of the sandbox's gateways", () => {
    let scene: ConnectionsScene;
    beforeEach(async () => {
        scene = await ConnectionsScene.start();
    });
    afterEach(() => scene.close());

    const ids = (answer: { data: { value: { id: string }[] } }) => answer.data.value.map(({ id }) => id);
    const setPlant = (online: boolean) =>
        scene.control.edit(({ powerBi }) => {
            powerBi.gateways[0].online = online;
        });
    const update = (id: string, connectivityType: string, credentials: object, as: "sp2" | "maker", rest = {}) =>
        scene.fabric[as].patch(`/connections/${id}`, { connectivityType, credentialDetails: { credentials, ...rest } });
    const sealedForPlant = async () => {
        const { value } = (await scene.fabric.sp2.get(`/gateways/${plantId}/members`)).data;
        const values = [{ gatewayId: plantId, encryptedCredentials: encryptForGateway(plain, value[0].publicKey) }];
        return { credentialType: "Basic", values };
    };

    it("are told by Fabric: a personal one has a key and no name, a streaming one is of a virtual network", async () => {
        const own = (await scene.fabric.maker.get(`/gateways/${ownGatewayId}`)).data;
        assert.deepEqual(Object.keys(own).sort(), ["id", "publicKey", "type", "version"]);
        assert.equal(own.type, "OnPremisesPersonal");
        const streams = (await scene.fabric.sp2.get(`/gateways/${streamId}`)).data;
        assert.equal(streams.type, "StreamingVirtualNetwork");
        assert.ok(streams.virtualNetworkAzureResource);
        assert.deepEqual(ids(await scene.fabric.sp2.get("/gateways")), [plantId, streamId]);
        assert.deepEqual(ids(await scene.fabric.maker.get("/gateways")), [ownGatewayId]);
    });

    it("are told by Power BI, virtual networks' not at all", async () => {
        assert.deepEqual(ids(await scene.powerBi.sp2.get("/gateways")), [plantId]);
        const [own] = (await scene.powerBi.maker.get("/gateways")).data.value;
        assert.deepEqual([own.id, own.type], [ownGatewayId, "Personal"]);
        assert.equal((await scene.powerBi.sp2.get(`/gateways/${streamId}`)).status, 404);
    });

    it("that are personal take one ciphertext for their own key", async () => {
        const { publicKey } = (await scene.fabric.maker.get(`/gateways/${ownGatewayId}`)).data;
        const kind = "OnPremisesGatewayPersonal";
        const sealed = encryptForGateway(plain, publicKey);
        const send = (encryptedCredentials: string) =>
            update(ownGatewaySourceId, kind, { credentialType: "Basic", encryptedCredentials }, "maker");
        const [forPlant] = (await sealedForPlant()).values;
        for (const unreadable of [plain, forPlant.encryptedCredentials]) {
            assert.equal((await send(unreadable)).data.errorCode, "InvalidCredentialDetails");
        }
        assert.equal((await send(sealed)).status, 200);
        assert.deepEqual(scene.stored(ownGatewaySourceId)?.ciphertexts, [{ memberId: ownGatewayId, value: sealed }]);
        assert.equal((await scene.tested(ownGatewaySourceId)).status, "Online");
    });

    it("that are personal have connections for their owner only", async () => {
        assert.equal((await scene.fabric.sp2.get(`/connections/${ownGatewaySourceId}`)).status, 404);
        const route = `/gateways/${ownGatewayId}/datasources/${ownGatewaySourceId}`;
        assert.equal((await scene.powerBi.sp2.get(route)).status, 401);
        assert.equal((await scene.powerBi.maker.get(route)).status, 200);
    });

    it("that stream have connections that are not tested", async () => {
        const credentials = { credentialType: "Basic", ...legacy };
        assert.equal((await update(streamSourceId, "StreamingVirtualNetworkGateway", credentials, "sp2")).status, 200);
        assert.equal((await scene.fabric.sp2.post(`/connections/${streamSourceId}/testConnection`)).status, 400);
    });

    it("that are offline say so, and are not Live", async () => {
        const statusOf = async () => (await scene.powerBi.sp2.get(`/gateways/${plantId}`)).data.gatewayStatus;
        const checked = async () => (await scene.fabric.sp2.post(`/gateways/${plantId}/checkStatus`)).data.status;
        assert.deepEqual([await statusOf(), await checked()], ["Live", "Online"]);
        await setPlant(false);
        assert.deepEqual([await statusOf(), await checked()], ["NotReachable", "Offline"]);
    });

    it("that are offline fail tests and changes with their codes, and keep the credential that they had", async () => {
        await setPlant(false);
        const { status, errors } = await scene.tested(plantSourceId, "sp2");
        assert.deepEqual([status, errors[0].errorCode], ["Offline", "DM_GWPipeline_Client_GatewayUnreachable"]);
        const before = scene.stored(plantSourceId)?.credential;
        const sealed = await sealedForPlant();
        const refused = await update(plantSourceId, "OnPremisesGateway", sealed, "sp2");
        assert.deepEqual([refused.status, refused.data.errorCode], [400, "UpdateGatewayConnectionFailed"]);
        const byPowerBi = await scene.powerBi.sp2.patch(`/gateways/${plantId}/datasources/${plantSourceId}`, {
            credentialDetails: {
                credentialType: "Basic",
                credentials: sealed.values[0].encryptedCredentials,
                encryptedConnection: "Encrypted",
                encryptionAlgorithm: "RSA-OAEP",
                privacyLevel: "Organizational",
            },
        });
        assert.equal(byPowerBi.status, 400);
        assert.equal(byPowerBi.data.error.code, "DM_GWPipeline_Client_GatewayUnreachable");
        assert.deepEqual(scene.stored(plantSourceId)?.credential, before);
        const untested = { skipTestConnection: true };
        assert.equal((await update(plantSourceId, "OnPremisesGateway", sealed, "sp2", untested)).status, 200);
    });
});
