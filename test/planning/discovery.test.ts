import assert from "node:assert/strict";
import { Bench } from "../providers/support";
import { planAlone } from "./plan-alone";

const sp2 = "c11e47aa-0000-4000-8000-000000000002";

/** What nothing contradicts is in the cloud. */
const tenant = { discover: "warehouse", takeOver: true };
const finance = { servicePrincipal: "powerbi-finance", warehouse: "Finance warehouse" };

describe("discovery by warehouse or by host, three ways", () => {
    let bench: Bench;
    before(async () => (bench = await Bench.start("estate")));
    after(() => bench?.close());

    const plan = async (binding: object, credential: object = finance) => {
        await bench.control.forgetRequests();
        return planAlone(bench, { credentials: [{ ...credential, bindings: [binding] }] });
    };
    const goesOn = async (binding: object, credential?: object) => {
        const { refusal, output } = await plan(binding, credential);
        assert.equal(refusal, "");
        return output;
    };
    const found = async (binding: object, credential?: object) => {
        const output = await goesOn(binding, credential);
        return output.split("\n").flatMap((line) => /^ +((?:cloud|Onpremises|VNET) .*)$/.exec(line)?.[1] ?? []);
    };
    const sources = (lines: string[]) =>
        lines.map((line) => line.replace(/ <- .*/, "").replace(/127\.0\.0\.1:\d+/, "HOST"));

    const onGateways = [
        'Onpremises gateway "HQ cluster" datasource dbx-finance',
        'Onpremises gateway "Plant gateway" datasource dbx-finance-plant',
        'Onpremises gateway "Vault gateway" datasource dbx-finance-vault',
        'VNET gateway "Azure VNET" datasource dbx-finance-vnet',
    ];
    const inCloud = "cloud HOST/sql/1.0/warehouses/a1b2c3d4e5f60718";

    it("via workspaces finds cloud and gateways, with the datasets that use them", async () => {
        const lines = await found(tenant);
        assert.deepEqual(sources(lines), [inCloud, ...onGateways]);
        assert.match(lines[4], /<- Finance Americas \/ Cash Americas, Finance EMEA \/ Cash, Finance EMEA \/ Treasury/);
    });

    it("via the scanner finds the same, in a few requests whatever the number of datasets", async () => {
        const lines = await found({ ...tenant, via: "scanner" });
        assert.deepEqual(sources(lines), [inCloud, ...onGateways]);
        const asked = (await bench.control.requests()).filter(({ path }) =>
            /\/datasets\/[^/]+\/datasources/.test(path),
        );
        assert.deepEqual(asked, []);
    });

    it("via gateways finds their datasources, over all pages of Fabric's connections", async () => {
        const lines = await found({ discover: "warehouse", via: "gateways" });
        assert.deepEqual(sources(lines), onGateways);
        const pages = (await bench.control.requests()).filter(({ path }) => path.startsWith("/v1/connections"));
        assert.equal(pages.length, 3);
    });

    it("by host finds every warehouse of the workspace", async () => {
        const lines = await found({ ...tenant, discover: "host" });
        assert.deepEqual(
            sources(lines).filter((line) => line.startsWith("cloud")),
            ["a1b2c3d4e5f60718", "44ff20e73e461e56", "c0ffee00c0ffee01"]
                .sort()
                .map((id) => `cloud HOST/sql/1.0/warehouses/${id}`),
        );
        assert.ok(sources(lines).includes('Onpremises gateway "HQ cluster" datasource dbx-sales'));
    });

    it("keeps to the patterns of workspaces and leaves out what is excluded", async () => {
        const exclude = { datasets: ["Cash*", "Plant *"], gateways: ["Vault *"] };
        const lines = await found({ ...tenant, workspaces: ["finance am*"], exclude });
        assert.deepEqual(lines, []);
        const emea = await found({
            ...tenant,
            workspaces: ["Finance *"],
            exclude: { workspaces: ["* Americas"] },
        });
        assert.deepEqual(sources(emea), [inCloud, onGateways[0], onGateways[3]]);
        const some = await found({
            discover: "warehouse",
            via: "gateways",
            gateways: ["*gateway"],
            exclude: { gateways: ["Plant*"] },
        });
        assert.deepEqual(sources(some), [onGateways[2]]);
    });

    it("of kind DatabricksMultiCloud finds datasources of AWS and GCP too", async () => {
        const ops = { servicePrincipal: "powerbi-ops", databricks: "ops", warehouse: "Ops warehouse" };
        const lines = await found({ ...tenant, via: "scanner" }, ops);
        assert.match(lines.join(), /cloud \S+0dd0ba110dd0ba11 <- Operations \/ Clicks, /);
    });

    it("via the scanner says what is missing when SP2 may not use it", async () => {
        await bench.control.edit((world) => (world.powerBi.adminApisAllowed = []));
        const { refusal } = await plan({ ...tenant, via: "scanner" });
        assert.match(refusal, /the scanner API is not open to SP2.*read-only admin APIs.*via: workspaces/s);
    });

    it("tells of a dataset that it may not own: SP2 is not a member of its workspace", async () => {
        await bench.control.edit((world) => {
            world.powerBi.adminApisAllowed = [sp2];
            const emea = world.powerBi.workspaces[1];
            emea.members = emea.members.filter(({ principal }: { principal: string }) => principal !== sp2);
        });
        const output = await goesOn({ ...tenant, via: "scanner" });
        assert.match(
            output,
            /warning: credentials\[0\]\.bindings\[0\]: dataset "Budget" in workspace "Finance EMEA" reads the warehouse, but SP2 is not a member/,
        );
        assert.match(output, /datasource dbx-finance <- .*Ledger/);
    });

    it("goes on without Fabric where the tenant does not let SP2 use it, and says so for a VNET gateway", async () => {
        await bench.control.edit((world) => (world.powerBi.fabricApisAllowed = false));
        const { refusal } = await plan({ gateway: "Azure VNET", datasource: "dbx-finance-vnet" });
        assert.match(
            refusal,
            /administers no gateway "Azure VNET".*VNET gateways were not looked for: Fabric does not let SP2/,
        );
        const lines = await found({ gateway: "HQ cluster", datasource: "dbx-finance" });
        assert.deepEqual(sources(lines), [onGateways[0]]);
        const named = { workspace: "Finance Americas", dataset: "Cash Americas", gatewayType: "NoGateway" };
        assert.match(
            await goesOn(named),
            /warning: Fabric does not let SP2 list its gateways: a dataset behind a VNET gateway/,
        );
    });
});
