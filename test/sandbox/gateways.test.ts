import assert from "node:assert/strict";
import * as crypto from "node:crypto";
import axios, { AxiosInstance } from "axios";
import { encryptForGateway } from "../../clients/gateway-encryption";
import { estateWorldFile, RunningSandbox, startSandbox } from "../../sandbox";
import { ControlClient } from "../../sandbox/control-client";

const tenantId = "7e4a47aa-0000-4000-8000-000000000001";
const clientId = "c11e47aa-0000-4000-8000-000000000002";
const plant = "6a7e0000-0000-4000-8000-0000000000b0";
const vault = "6a7e0000-0000-4000-8000-0000000000c0";
const vnet = "6a7e0000-0000-4000-8000-0000000000d0";
const plantSource = "50000000-0000-4000-8000-000000000003";
const vaultSource = "50000000-0000-4000-8000-000000000004";

describe("the sandbox's gateways", () => {
    let sandbox: RunningSandbox;
    let control: ControlClient;
    let powerBi: AxiosInstance;
    let fabric: AxiosInstance;
    beforeEach(async () => {
        sandbox = await startSandbox({ world: estateWorldFile });
        control = new ControlClient(sandbox.urls.control);
        const client = async (baseURL: string, scope: string) => {
            const form = {
                grant_type: "client_credentials",
                client_id: clientId,
                client_secret: "sandbox-sp2-secret",
                scope,
            };
            const token = await axios.post(
                `${sandbox.urls.entra}/${tenantId}/oauth2/v2.0/token`,
                new URLSearchParams(form).toString(),
            );
            const headers = { Authorization: `Bearer ${token.data.access_token}` };
            return axios.create({ baseURL, headers, validateStatus: () => true });
        };
        powerBi = await client(
            `${sandbox.urls.powerBi}/v1.0/myorg`,
            "https://analysis.windows.net/powerbi/api/.default",
        );
        fabric = await client(`${sandbox.urls.fabric}/v1`, "https://api.fabric.microsoft.com/.default");
    });
    afterEach(() => sandbox.close());

    const plain = JSON.stringify({
        credentialData: [
            { name: "username", value: "0dd5ec7e-0000-4000-8000-000000000001" },
            { name: "password", value: "dose-legacy-sandbox-secret" },
        ],
    });
    const patch = (gateway: string, source: string, credentials: string, encryptionAlgorithm = "RSA-OAEP") =>
        powerBi.patch(`/gateways/${gateway}/datasources/${source}`, {
            credentialDetails: {
                credentialType: "Basic",
                credentials,
                encryptedConnection: "Encrypted",
                encryptionAlgorithm,
                privacyLevel: "Private",
            },
        });
    const keyOf = async (gateway: string) => {
        const { modulus, exponent } = (await powerBi.get(`/gateways/${gateway}`)).data.publicKey;
        const base64url = (text: string) => Buffer.from(text, "base64").toString("base64url");
        return crypto.createPublicKey({
            key: { kty: "RSA", n: base64url(modulus), e: base64url(exponent) },
            format: "jwk",
        });
    };
    const blocks = (key: crypto.KeyObject, oaepHash: string, size: number) => {
        const data = Buffer.from(plain);
        const sealed = [];
        for (let start = 0; start < data.length; start += size) {
            const block = data.subarray(start, start + size);
            sealed.push(
                crypto.publicEncrypt({ key, padding: crypto.constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, block),
            );
        }
        return Buffer.concat(sealed).toString("base64");
    };

    it("with 1024 bit open SHA-1 segments of 85 bytes, and not the SHA-256 ones of the reference scripts", async () => {
        const key = await keyOf(plant);
        assert.equal((await patch(plant, plantSource, blocks(key, "sha1", 85))).status, 200);
        const refused = await patch(plant, plantSource, blocks(key, "sha256", 60));
        assert.equal(refused.status, 400);
        assert.equal(refused.data.error.code, "DM_GWPipeline_Client_AsymmetricDecryptionError");
    });

    it("refuse plain text, a ciphertext that was tampered with, and one for another gateway", async () => {
        const { publicKey } = (await powerBi.get(`/gateways/${vault}`)).data;
        const sealed = encryptForGateway(plain, publicKey);
        assert.equal((await patch(vault, vaultSource, sealed)).status, 200);
        const last = sealed.at(-6) === "A" ? "B" : "A";
        for (const wrong of [
            plain,
            `${sealed.slice(0, -6)}${last}${sealed.slice(-5)}`,
            blocks(await keyOf(plant), "sha1", 85),
        ]) {
            assert.equal((await patch(vault, vaultSource, wrong)).status, 400);
        }
        assert.equal((await patch(vault, vaultSource, plain, "None")).status, 400);
    });

    it("of a virtual network are known to Fabric and not to Power BI", async () => {
        const listed = async (client: AxiosInstance) =>
            (await client.get("/gateways")).data.value.map(({ id }: { id: string }) => id);
        assert.ok(!(await listed(powerBi)).includes(vnet));
        assert.ok((await listed(fabric)).includes(vnet));
        assert.equal((await powerBi.get(`/gateways/${vnet}`)).status, 404);
    });

    it("are not listed for who does not administer them", async () => {
        await control.edit(({ powerBi }) => {
            powerBi.gateways.forEach((gateway: { admins: string[] }) => (gateway.admins = []));
            powerBi.datasources.forEach((connection: { roles: unknown[] }) => (connection.roles = []));
        });
        assert.deepEqual((await powerBi.get("/gateways")).data.value, []);
        assert.equal((await powerBi.get(`/gateways/${plant}/datasources/${plantSource}`)).status, 401);
        assert.equal((await fabric.get(`/connections/${plantSource}`)).status, 404);
    });

    it("that are offline fail reports, tests and patches", async () => {
        await control.edit((world) => (world.powerBi.gateways[1].online = false));
        const status = await powerBi.get(`/gateways/${plant}/datasources/${plantSource}/status`);
        assert.equal(status.data.error.code, "DM_GWPipeline_Client_GatewayUnreachable");
        const report = await control.query(
            "90000000-0000-4000-8000-0000000000b2",
            "d0000000-0000-4000-8000-000000000014",
        );
        assert.equal(!report.ok && report.error.code, "DM_GWPipeline_Client_GatewayUnreachable");
    });

    it("want from Fabric a ciphertext for every member of the cluster", async () => {
        const hqSource = "50000000-0000-4000-8000-000000000001";
        const connection = (await fabric.get(`/connections/${hqSource}`)).data;
        const update = {
            connectivityType: connection.connectivityType,
            credentialDetails: { credentials: { credentialType: "Basic", values: [] } },
        };
        const refused = await fabric.patch(`/connections/${hqSource}`, update);
        assert.equal(refused.status, 400);
        assert.match(refused.data.message, /There is no value for the gateway member/);
    });

    it("keep their keys when the world is taken out and put back", async () => {
        const before = (await powerBi.get(`/gateways/${plant}`)).data.publicKey;
        await control.edit(() => {});
        assert.deepEqual((await powerBi.get(`/gateways/${plant}`)).data.publicKey, before);
    });
});
