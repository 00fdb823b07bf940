import assert from "node:assert/strict";
import { type gatewayDoubts } from "../../../sandbox/doubts/power-bi/gateway-doubts";
import { modelPath, sp1, PowerBiBench } from "../power-bi-bench";
import { forecast, hq, liveStock, model, sales, takeOver, vnet, Proofs } from "./support";

const cloudDatasource = (status: number) => async (bench: PowerBiBench) => {
    await takeOver(bench);
    const [key] = await bench.sources(model);
    const path = `/gateways/${key.gatewayId}/datasources/${key.datasourceId}`;
    assert.equal((await bench.patch(key)).status, 200, "the owner may write it");
    assert.equal((await bench.powerBi.get(path)).status, status);
    assert.equal((await bench.powerBi.get(`${path}/status`)).status, status);
    const behind = await bench.powerBi.get(`/gateways/${hq.gatewayId}/datasources/${hq.datasourceId}`);
    assert.equal(behind.status, 200, "one of a gateway is read by its admin");
};

/** Live stock reads by DirectQuery, Forecast by Import, both through ben's datasource, which becomes SP2's. */
const basicTogether = (isRefused: boolean) => async (bench: PowerBiBench) => {
    for (const datasetId of [liveStock, forecast]) {
        await takeOver(bench, modelPath(sales, datasetId));
    }
    const [key] = await bench.sources(modelPath(sales, liveStock));
    assert.equal((await bench.patch(key)).status, 200);
    assert.equal((await bench.control.query(sales, liveStock)).ok, true);
    const both = await bench.patch(key, { useEndUserOAuth2Credentials: "True" });
    assert.equal(both.status, isRefused ? 400 : 200);
    const report = await bench.control.query(sales, liveStock);
    assert.equal(report.ok, isRefused, "as long as single sign-on is off");
    assert.match(report.ok ? "" : report.error.message, isRefused ? /^$/ : /viewer/);
    assert.equal((await bench.control.query(sales, forecast)).ok, true, "Import reads with what is stored");
    const connection = (await bench.fabric.get(`/connections/${vnet.datasourceId}`)).data;
    const credentials = { credentialType: "Basic", username: sp1.applicationId, password: sp1.secret };
    const update = {
        connectivityType: connection.connectivityType,
        credentialDetails: { singleSignOnType: "MicrosoftEntraID", credentials },
    };
    assert.equal((await bench.fabric.patch(`/connections/${vnet.datasourceId}`, update)).status, isRefused ? 400 : 200);
};

/** A proof for each behaviour of each doubt about a gateway or a datasource. */
export const gatewayProofs: Proofs<typeof gatewayDoubts> = {
    cloudDatasource: {
        readable: cloudDatasource(200),
        forbidden: cloudDatasource(403),
        notFound: cloudDatasource(404),
    },
    basicWithSingleSignOn: { readsAsViewer: basicTogether(false), refused: basicTogether(true) },
    virtualNetworkOnPowerBi: {
        accepted: async (bench) => assert.equal((await bench.patch(vnet)).status, 200),
        refused: async (bench) => {
            assert.equal((await bench.patch(vnet)).status, 404);
            assert.equal((await bench.fabric.get(`/connections/${vnet.datasourceId}`)).status, 200);
        },
    },
    publicKey: {
        told: async ({ powerBi }) => {
            const { data } = await powerBi.get(`/gateways/${hq.gatewayId}`);
            assert.equal(data.publicKey.exponent, "AQAB");
        },
        absent: async ({ powerBi }) => {
            const answers = [
                (await powerBi.get(`/gateways/${hq.gatewayId}`)).data,
                (await powerBi.get("/gateways")).data.value[0],
            ];
            assert.deepEqual(
                answers.map((answer) => [answer.id, "publicKey" in answer]),
                [
                    [hq.gatewayId, false],
                    [hq.gatewayId, false],
                ],
            );
        },
    },
    gatewayAdmin: {
        all: async ({ powerBi }) => {
            assert.equal((await powerBi.get("/gateways")).data.value.length, 3);
            assert.equal((await powerBi.get(`/gateways/${hq.gatewayId}/datasources`)).data.value.length, 2);
        },
        noDatasources: async (bench) => {
            assert.equal((await bench.powerBi.get("/gateways")).data.value.length, 3);
            const path = `/gateways/${hq.gatewayId}/datasources`;
            assert.deepEqual((await bench.powerBi.get(path)).data.value, []);
            assert.equal((await bench.powerBi.get(`${path}/${hq.datasourceId}`)).status, 200);
        },
        gatewayByIdOnly: async ({ powerBi }) => {
            assert.deepEqual((await powerBi.get("/gateways")).data.value, []);
            assert.equal((await powerBi.get(`/gateways/${hq.gatewayId}`)).data.id, hq.gatewayId);
        },
    },
    gatewayConnectionDetails: {
        text: async ({ powerBi }) => {
            const [{ connectionDetails }] = (await powerBi.get(`/gateways/${hq.gatewayId}/datasources`)).data.value;
            assert.match(JSON.parse(connectionDetails).extensionDataSourcePath, /\\\/sql\\\/1\.0/);
        },
        object: async ({ powerBi }) => {
            const [{ connectionDetails }] = (await powerBi.get(`/gateways/${hq.gatewayId}/datasources`)).data.value;
            assert.match(JSON.parse(connectionDetails.extensionDataSourcePath).httpPath, /^\/sql\/1\.0/);
        },
    },
    testConnection: {
        longRunning: async ({ fabric }) => {
            const { status, headers } = await fabric.post(`/connections/${vnet.datasourceId}/testConnection`);
            assert.deepEqual([status, headers["retry-after"]], [202, "1"]);
            assert.match(headers.location, /\/v1\/operations\//);
        },
        atOnce: async ({ fabric }) => {
            const { status, data } = await fabric.post(`/connections/${vnet.datasourceId}/testConnection`);
            assert.deepEqual([status, data], [200, { status: "Online", errors: [] }]);
        },
    },
};
