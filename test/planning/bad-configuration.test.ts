import assert from "node:assert/strict";
import { StackConfig } from "../../engine/stack";
import { Bench } from "../providers/support";
import { mutations, planAlone } from "./plan-alone";

const binding = { workspace: "Sales", dataset: "Sales model", gatewayType: "NoGateway" };
const credential = { servicePrincipal: "powerbi-sales", warehouse: "44ff20e73e461e56", bindings: [binding] };

describe("a configuration that cannot be used", () => {
    let bench: Bench;
    before(async () => {
        bench = await Bench.start();
        await bench.control.edit((world) => {
            const [, returns] = world.powerBi.workspaces[0].datasets;
            world.powerBi.workspaces[0].datasets.push(
                { ...returns, id: "d0000000-0000-4000-8000-0000000000e1", name: "Twin" },
                { ...returns, id: "d0000000-0000-4000-8000-0000000000e2", name: "Twin" },
            );
        });
    });
    after(() => bench?.close());

    const cases: { mistake: string; config: StackConfig; host?: string; error: RegExp }[] = [
        {
            mistake: "a key that does not exist",
            config: { rotatonKey: "2026-12" },
            error: /rotatonKey: unknown key\. The keys are rotationKey, /,
        },
        {
            mistake: "an unknown key within a credential",
            config: { credentials: [{ ...credential, warehouseId: "x" }] },
            error: /credentials\[0\]\.warehouseId: unknown key/,
        },
        {
            mistake: "a credential without its warehouse",
            config: { credentials: [{ servicePrincipal: "powerbi-sales", bindings: [binding] }] },
            error: /credentials\[0\]\.warehouse: expected a name or an id\./,
        },
        {
            mistake: "a warehouse that does not exist",
            config: { credentials: [{ ...credential, warehouse: "Sales warehous" }] },
            error: /credentials\[0\]\.warehouse: there is no SQL warehouse "Sales warehous" .* There are: "Sales warehouse"/,
        },
        {
            mistake: "only known hosts receive secrets: a foreign one for Power BI",
            config: { endpoints: { powerBi: "https://api.powerbi.com.example.org" } },
            error: /endpoints\.powerBi: "https:\/\/api\.powerbi\.com\.example\.org" is none of Microsoft's services; secrets are sent there/,
        },
        {
            mistake: "a cloud that is none",
            config: { cloud: "moon" },
            error: /cloud: expected one of public, usgov, usgovhigh, dod, china/,
        },
        {
            mistake: "a lifetime of 3000 days",
            config: { credentials: [{ ...credential, lifetimeDays: 3000 }] },
            error: /credentials\[0\]\.lifetimeDays: 3000 days cannot be; Databricks accepts secrets that live 1 to 730 days/,
        },
        {
            mistake: "a workspace that does not exist",
            config: { credentials: [{ ...credential, bindings: [{ ...binding, workspace: "Sale" }] }] },
            error: /credentials\[0\]\.bindings\[0\]\.workspace: there is no workspace "Sale" that SP2 sees\..*There are: "Sales"/,
        },
        {
            mistake: "a name that two datasets have",
            config: { credentials: [{ ...credential, bindings: [{ ...binding, dataset: "Twin" }] }] },
            error: /2 datasets of workspace "Sales" are called "Twin"\. Write the id: d0000000-\S+e1 or d0000000-\S+e2\./,
        },
        {
            mistake: "a dataset that reads another warehouse than declared",
            config: { credentials: [{ ...credential, warehouse: "a1b2c3d4e5f60718" }] },
            error: /dataset "Sales model" in workspace "Sales" reads \S+44ff20e73e461e56, not the declared warehouse \S+a1b2c3d4e5f60718/,
        },
        {
            mistake: "a host without https",
            config: {},
            host: "http://adb-1.2.azuredatabricks.net",
            error: /databricks:host: "http:\/\/adb-1\.2\.azuredatabricks\.net" is not https/,
        },
    ];

    for (const { mistake, config, host, error } of cases) {
        it(`is refused with one clear error: ${mistake}`, async () => {
            await bench.control.forgetRequests();
            const values = { credentials: [credential], ...config, ...(host ? { "databricks:host": host } : {}) };
            const { refusal } = await planAlone(bench, values);
            assert.match(refusal, error);
            assert.deepEqual(await mutations(bench), []);
        });
    }
});
