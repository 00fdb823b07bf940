import assert from "node:assert/strict";
import { lostSight } from "../../discovery/lost-sight";
import { binding } from "../../settings/binding";

const place = { host: "h", httpPath: "/sql/1.0/warehouses/44ff" };
const used = (datasetId: string, workspace: string) => ({ datasetId, dataset: `model ${datasetId}`, workspace });
const lastUp = {
    datasources: [
        {
            ...place,
            gatewayId: "G1",
            gateway: "HQ",
            kind: "Onpremises" as const,
            datasourceId: "s1",
            datasets: [used("d1", "Sales")],
        },
        {
            ...place,
            gatewayId: "c",
            gateway: "",
            kind: "NoGateway" as const,
            datasourceId: "s2",
            datasets: [used("d2", "Ops")],
        },
    ],
    datasets: [
        { ...used("d1", "Sales"), workspaceId: "w1" },
        { ...used("d2", "Ops"), workspaceId: "w2" },
    ],
};
const hq = { id: "g1", name: "HQ", kind: "Onpremises" as const };
const [sales, ops] = [
    { id: "W1", name: "Sales" },
    { id: "W2", name: "Ops" },
];
const sightOf = (workspaces: { id: string; name: string }[], administered: (typeof hq)[]) => ({
    workspaces: async () => workspaces,
    gateways: async () => ({ administered, foreign: new Map(), complete: true }),
});
const ask = (rule: object, workspaces = [sales, ops], administered = [hq]) =>
    lostSight(
        "credentials[0]",
        [binding.parse({ discover: "warehouse", ...rule })],
        lastUp,
        sightOf(workspaces, administered),
    );

describe("what SP2 no longer sees", () => {
    it("is nothing while it sees all that was bound, or nothing was", async () => {
        assert.deepEqual(await ask({}), []);
        const rules = [binding.parse({ discover: "warehouse" })];
        assert.deepEqual(await lostSight("here", rules, undefined, sightOf([], [])), []);
    });

    for (const via of ["workspaces", "scanner", "gateways"]) {
        it(`is a gateway that it administers no more, via ${via}: the error says what to give back or to exclude`, async () => {
            const [words, ...others] = await ask({ via }, [sales, ops], []);
            assert.deepEqual(others, []);
            assert.match(words, /credentials\[0\]\.bindings\[0\]: SP2 no longer administers gateway "HQ"/);
            assert.match(words, /Make SP2 an admin of the gateway again; .* add exclude: \{ gateways: \["HQ"\] \}/);
        });
    }

    it("is a workspace that it is no member of", async () => {
        assert.match(
            (await ask({}, [sales])).join(),
            /no longer sees workspace "Ops".* add exclude: \{ workspaces: \["Ops"\] \}/,
        );
        assert.match((await ask({}, [ops])).join(), /no longer sees workspace "Sales"/);
    });

    it("is not a workspace whose datasets read through a gateway, where the scanner tells of them", async () => {
        assert.deepEqual(await ask({ via: "scanner" }, [ops]), []);
        assert.equal((await ask({ via: "scanner" }, [sales])).length, 1);
    });

    it("is let go by saying so", async () => {
        assert.deepEqual(await ask({ exclude: { gateways: ["hq"] } }, [sales, ops], []), []);
        assert.deepEqual(await ask({ exclude: { workspaces: ["Ops"] } }, [sales]), []);
        assert.deepEqual(await ask({ workspaces: ["Sales"] }, [sales]), []);
        assert.deepEqual(await ask({ via: "gateways", gateways: ["Plant*"] }, [sales, ops], []), []);
        assert.deepEqual(await ask({ gateways: ["Plant*"] }, [sales, ops], []), []);
        assert.deepEqual(await ask({ gateways: ["Plant*"] }, [ops]), [], "Sales reads through HQ only");
        const named = binding.parse({ workspace: "Sales", dataset: "m" });
        assert.deepEqual(await lostSight("here", [named], lastUp, sightOf([], [])), []);
    });
});
