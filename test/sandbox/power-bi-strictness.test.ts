import assert from "node:assert/strict";
import * as crypto from "node:crypto";
import { modelPath, plainCredentials, PowerBiBench, sp1 } from "./power-bi-bench";
import { wrongOnPurpose } from "../hooks/wrong-on-purpose";

const sales = "90000000-0000-4000-8000-0000000000a1";
const orders = "d0000000-0000-4000-8000-000000000001";
const model = modelPath(sales, orders);
const plant = {
    gatewayId: "6a7e0000-0000-4000-8000-0000000000b0",
    datasourceId: "50000000-0000-4000-8000-000000000003",
};
const vault = {
    gatewayId: "6a7e0000-0000-4000-8000-0000000000c0",
    datasourceId: "50000000-0000-4000-8000-000000000004",
};

describe("the sandbox's Power BI, strict both ways,", () => {
    let bench: PowerBiBench;
    before(async () => {
        bench = await PowerBiBench.start("estate");
        await bench.powerBi.post(`${model}/Default.TakeOver`);
    });
    after(() => bench.close());

    /** The credential that a datasource of SP2's holds. */
    const stored = async () => {
        const [{ datasourceId }] = await bench.sources(model);
        return bench.sandbox.world.powerBi.datasources.find((item) => item.datasourceId === datasourceId)?.credential;
    };
    const forget = () =>
        bench.edit((powerBi) =>
            powerBi.datasources.forEach((item) => (item.credential = item.cloud ? null : item.credential)),
        );

    describe("accepts", () => {
        it("credentialData in single quotes, as Microsoft's own Python sample serializes it", async () => {
            await forget();
            const [key] = await bench.sources(model);
            const credentials =
                `{'credentialData':[{'name':'username','value':'${sp1.applicationId}'},` +
                `{'name':'password','value':'${sp1.secret}'}]}`;
            const { status, data } = await bench.patch(key, { credentials });
            assert.equal(status, 200, JSON.stringify(data));
            assert.equal((await stored())?.password, sp1.secret);
            assert.equal((await bench.control.query(sales, orders)).ok, true);
        });

        it("single quotes around double ones and escapes, and takes each text for what it says", async () => {
            await bench.edit((_, { databricks }) => {
                const [{ secrets }] = databricks.servicePrincipals;
                secrets.push({ ...secrets[0], id: "odd", secret: `it's "odd" \\ {'x':1}` });
            });
            const [key] = await bench.sources(model);
            const credentials =
                `{'credentialData':[{'name':'username',"value":"${sp1.applicationId}"},` +
                String.raw`{'name':'password','value':'it\'s "odd" \\ {\'x\':1}'}]}`;
            const { status, data } = await bench.patch(key, { credentials });
            assert.equal(status, 200, JSON.stringify(data));
            assert.equal((await stored())?.password, `it's "odd" \\ {'x':1}`);
        });

        for (const [text, expected] of [
            ["False", false],
            ["True", true],
            ["false", false],
        ] as const) {
            it(`useEndUserOAuth2Credentials as the text "${text}", as the contract's own examples write it`, async () => {
                const [key] = await bench.sources(model);
                assert.equal((await bench.patch(key, { useEndUserOAuth2Credentials: text })).status, 200);
                assert.equal((await stored())?.useEndUserOAuth2Credentials, expected);
            });
        }

        for (const [filter, names] of [
            ["name eq 'Sales'", ["Sales"]],
            ["tolower(name) eq 'sales'", ["Sales"]],
            ["startswith(name,'Finance')", ["Finance EMEA", "Finance Americas"]],
            ["startswith(tolower(name), 'finance') and contains(name,'EMEA')", ["Finance EMEA"]],
            ["name eq 'Sales' or name eq 'Operations'", ["Sales", "Operations"]],
            ["contains(name,'a') and (name eq 'Sales' or name eq 'Operations')", ["Sales", "Operations"]],
            ["name eq 'Sales' or name eq 'Operations' and name eq 'Nowhere'", ["Sales"]],
            ["not startswith(name,'Finance')", ["Sales", "Operations"]],
            ["name eq 'O''Brien''s'", ["O'Brien's"]],
            [`id eq '${sales}'`, ["Sales"]],
            ["isOnDedicatedCapacity eq true", []],
            ["endswith(name,'EMEA')", ["Finance EMEA"]],
        ] as const) {
            it(`$filter=${filter}`, async () => {
                const world = await bench.control.world();
                if (filter.includes("''")) {
                    await bench.edit(({ workspaces }) => (workspaces[0].name = "O'Brien's"));
                }
                const { data } = await bench.powerBi.get("/groups", { params: { $filter: filter } });
                await bench.control.restore(world);
                assert.deepEqual(
                    data.value.map(({ name }: { name: string }) => name),
                    names,
                );
            });
        }

        it("GUIDs in capitals, in paths and in bodies, of Power BI and of Fabric", async () => {
            const [key] = await bench.sources(model);
            const capitals = { gatewayId: key.gatewayId.toUpperCase(), datasourceId: key.datasourceId.toUpperCase() };
            assert.equal((await bench.patch(capitals)).status, 200);
            const upper = (id: string) => id.toUpperCase();
            const scan = { workspaces: [upper(sales)] };
            const { data } = await bench.powerBi.post("/admin/workspaces/getInfo?datasourceDetails=true", scan);
            const scanned = await bench.powerBi.get(`/admin/workspaces/scanResult/${upper(data.id)}`);
            assert.equal(scanned.data.workspaces[0].id, sales);
            const { powerBi, fabric } = bench;
            for (const { status } of [
                await powerBi.get(`/groups/${upper(sales)}`),
                await powerBi.get(`/groups/${upper(sales)}/datasets`),
                await powerBi.get(`${modelPath(upper(sales), upper(orders))}/datasources`),
                await powerBi.get(`${modelPath(upper(sales), upper(orders))}/refreshSchedule`),
                await powerBi.get(`/gateways/${upper(plant.gatewayId)}/datasources/${upper(plant.datasourceId)}`),
                await fabric.get(`/connections/${upper(plant.datasourceId)}`),
                await fabric.get(`/gateways/${upper(plant.gatewayId)}/members`),
            ]) {
                assert.equal(status, 200);
            }
        });

        it("a POST without a body as application/json", async () => {
            const headers = { "Content-Type": "application/json" };
            const send = (path: string) => bench.powerBi.request({ method: "POST", url: path, headers });
            const takenOver = await send(`${model}/Default.TakeOver`);
            assert.equal(takenOver.status, 200);
            assert.equal(takenOver.config.headers["Content-Type"], "application/json");
            assert.equal((await send(`${model}/refreshes`)).status, 202);
        });
    });

    describe("refuses", () => {
        const sealed = (key: crypto.KeyObject, padding: number, oaepHash?: string) => {
            const data = Buffer.from(plainCredentials());
            const size = 60;
            const blocks = Array.from({ length: Math.ceil(data.length / size) }, (_, at) =>
                crypto.publicEncrypt({ key, padding, oaepHash }, data.subarray(at * size, (at + 1) * size)),
            );
            return Buffer.concat(blocks).toString("base64");
        };
        const keyOf = async (gatewayId: string) => {
            const { modulus, exponent } = (await bench.powerBi.get(`/gateways/${gatewayId}`)).data.publicKey;
            const base64url = (text: string) => Buffer.from(text, "base64").toString("base64url");
            const jwk = { kty: "RSA", n: base64url(modulus), e: base64url(exponent) };
            return crypto.createPublicKey({ key: jwk, format: "jwk" });
        };
        const { RSA_PKCS1_OAEP_PADDING: oaep, RSA_PKCS1_PADDING: pkcs1 } = crypto.constants;

        for (const encryptionAlgorithm of ["RSA1_5", "rsa-oaep-256", ""]) {
            it(`the unknown encryption algorithm "${encryptionAlgorithm}"`, async () => {
                const refused = await bench.patch(plant, { encryptionAlgorithm });
                assert.equal(refused.status, 400);
                assert.match(refused.data.error.message, /encryptionAlgorithm/);
            });
        }

        it("RSA-OAEP for a source in the cloud", async () => {
            const [key] = await bench.sources(model);
            assert.equal((await bench.patch(key, { encryptionAlgorithm: "RSA-OAEP" })).status, 400);
        });

        for (const [what, where, padding, hash] of [
            ["SHA-256 for a key of 1024 bits", plant, oaep, "sha256"],
            ["PKCS #1 1.5 for a key of 1024 bits", plant, pkcs1, undefined],
            ["blocks of SHA-1 for a key of 4096 bits", vault, oaep, "sha1"],
            ["blocks of SHA-256 for a key of 4096 bits", vault, oaep, "sha256"],
            ["PKCS #1 1.5 for a key of 4096 bits", vault, pkcs1, undefined],
        ] as const) {
            it(`the wrong padding for the key's size: ${what}`, async () => {
                const credentials = sealed(await keyOf(where.gatewayId), padding, hash);
                const refused = await bench.patch(where, { credentials, encryptionAlgorithm: "RSA-OAEP" });
                assert.equal(refused.status, 400);
                assert.equal(refused.data.error.code, "DM_GWPipeline_Client_AsymmetricDecryptionError");
            });
        }

        /** The contract says the same of these. */
        const against = ["/groups?$top=many", "/admin/groups", "/admin/groups?$top=5001", `${model}/refreshes?$top=0`];
        for (const path of [
            "/groups?$top=5001",
            "/groups?$top=0",
            "/groups?$top=many",
            "/groups?$skip=-1",
            "/admin/groups",
            "/admin/groups?$top=5001",
            `${model}/refreshes?$top=0`,
            "/groups?$filter=name like 'Sales'",
            "/groups?$filter=name eq 'Sales",
            "/groups?$filter=name eq 'O'Brien'",
            "/groups?$filter=colour eq 'red'",
            "/groups?$filter=tolower(name",
            "/groups?$filter=toString(name) eq 'x'",
        ]) {
            it(path, async () => {
                const get = () => bench.powerBi.get(path);
                const refused = against.includes(path) ? await wrongOnPurpose(get) : await get();
                assert.deepEqual([refused.status, refused.data.error.code], [400, "InvalidRequest"]);
            });
        }

        it("credentials that are an object, or whose names are not as they should be", async () => {
            const [key] = await bench.sources(model);
            const credentials = JSON.parse(plainCredentials());
            assert.equal((await wrongOnPurpose(() => bench.patch(key, { credentials }))).status, 400);
            assert.equal((await bench.patch(key, { credentials: JSON.stringify({ data: [] }) })).status, 400);
            assert.equal((await bench.patch(key, { credentials: "{'credentialData':[{'name':'x'}]" })).status, 400);
        });

        for (const [what, value, words] of [
            ["without days that is switched on", { enabled: true }, /at least one day/],
            ["with an empty list of days", { days: [] }, /at least one day/],
            ["for an unknown day", { days: ["Mondays"] }, /days/],
            ["for a day in small letters", { days: ["monday"] }, /days/],
            ["at a quarter past", { days: ["Monday"], times: ["06:15"] }, /times/],
            ["at 24 o'clock", { times: ["24:00"] }, /times/],
            ["at a time without a leading zero", { times: ["6:00"] }, /times/],
            ["that is switched off and changed at once", { enabled: false, times: ["06:00"] }, /nothing else: times/],
            ["that tells somebody by mail", { notifyOption: "MailOnFailure" }, /NoNotification/],
            ["that is none", undefined, /value/],
        ] as const) {
            it(`a schedule ${what}`, async () => {
                await bench.edit(({ workspaces }) =>
                    Object.assign(workspaces[0].datasets[0].refreshSchedule, { enabled: false, days: [], times: [] }),
                );
                const patch = () => bench.powerBi.patch(`${model}/refreshSchedule`, { value });
                const refused = value === undefined ? await wrongOnPurpose(patch) : await patch();
                assert.equal(refused.status, 400);
                assert.match(refused.data.error.message, words);
                assert.equal(bench.sandbox.world.powerBi.workspaces[0].datasets[0].refreshSchedule.enabled, false);
            });
        }
    });

    it("gives a schedule without times one a day, and switches one off that is asked for nothing else", async () => {
        await bench.edit(({ workspaces }) => (workspaces[0].datasets[0].refreshSchedule.times = []));
        const change = (value: object) => bench.powerBi.patch(`${model}/refreshSchedule`, { value });
        assert.equal((await change({ enabled: true, days: ["Monday"], NotifyOption: "NoNotification" })).status, 200);
        const { data } = await bench.powerBi.get(`${model}/refreshSchedule`);
        assert.deepEqual([data.enabled, data.days, data.times], [true, ["Monday"], ["00:00"]]);
        assert.equal((await change({ enabled: false, notifyOption: "NoNotification" })).status, 200);
        assert.equal((await bench.powerBi.get(`${model}/refreshSchedule`)).data.enabled, false);
    });
});
