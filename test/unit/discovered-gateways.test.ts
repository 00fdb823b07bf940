import assert from "node:assert/strict";
import { declared, discoverIn, world } from "./discovery-stub";

const there = world({
    datasets: {
        d1: [{ gatewayId: "g1", datasourceId: "s1", warehouse: "aaaa" }],
        d2: [{ gatewayId: "g2", datasourceId: "s2", warehouse: "aaaa" }],
        d3: [{ gatewayId: "c", datasourceId: "s3", warehouse: "aaaa" }],
    },
    onPremises: [
        { id: "g1", name: "HQ" },
        { id: "g2", name: "Nord 1" },
    ],
});
const boundBy = async (rule: object) => {
    const [{ datasources, cloud }] = (await discoverIn(there, [declared([{ discover: "warehouse", ...rule }])], "k1"))
        .plans;
    return {
        gateways: datasources.map(({ gatewayName }) => gatewayName),
        cloud: cloud.map(({ datasetId }) => datasetId),
    };
};

describe("a discovery of some gateways", () => {
    it("binds nothing on others, whether it looks in workspaces or on gateways; the cloud is behind no gateway", async () => {
        assert.deepEqual(await boundBy({}), { gateways: ["HQ", "Nord 1"], cloud: ["d3"] });
        assert.deepEqual(await boundBy({ gateways: ["nord*"] }), { gateways: ["Nord 1"], cloud: ["d3"] });
        assert.deepEqual(await boundBy({ exclude: { gateways: ["Nord*"] } }), { gateways: ["HQ"], cloud: ["d3"] });
        assert.deepEqual(await boundBy({ gateways: [] }), { gateways: [], cloud: ["d3"] });
    });
});
