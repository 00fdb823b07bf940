import assert from "node:assert/strict";
import { estateWorldFile, RunningSandbox, startSandbox } from "../../sandbox";
import { ControlClient } from "../../sandbox/control-client";

const workspaceId = "90000000-0000-4000-8000-0000000000a1";
const datasetId = "d0000000-0000-4000-8000-000000000001";

describe("the sandbox's Power BI reaches a warehouse", () => {
    let sandbox: RunningSandbox;
    let control: ControlClient;
    beforeEach(async () => {
        sandbox = await startSandbox({ world: estateWorldFile });
        control = new ControlClient(sandbox.urls.control);
    });
    afterEach(() => sandbox.close());

    /** Opens a report whose connection and model name the warehouse in these words. */
    const openReport = async (change: { host?: (own: string) => string; httpPath?: (own: string) => string }) => {
        await control.edit((world) => {
            world.databricks.hosts = ["sales.databricks.com", "adb-1.2.azuredatabricks.net"];
            world.databricks2.hosts = ["ops.databricks.com"];
            const [source] = world.powerBi.workspaces[0].datasets[0].sources;
            const before = { ...source };
            source.host = change.host?.(source.host) ?? source.host;
            source.httpPath = change.httpPath?.(source.httpPath) ?? source.httpPath;
            for (const datasource of world.powerBi.datasources) {
                if (datasource.host === before.host && datasource.httpPath === before.httpPath) {
                    Object.assign(datasource, { host: source.host, httpPath: source.httpPath });
                }
            }
        });
        return control.query(workspaceId, datasetId);
    };

    const hosts: Record<string, (own: string) => string> = {
        "its own host": (own) => own,
        "a custom host": () => "sales.databricks.com",
        "the other one": () => "adb-1.2.azuredatabricks.net",
        "a host in capitals": () => "ADB-1.2.azuredatabricks.NET",
        "a host with the usual port": () => "sales.databricks.com:443",
        "a host with a slash behind it": (own) => `${own}/`,
        "the browser's address": () => "https://sales.databricks.com/?o=1234567890123456",
    };
    for (const [words, host] of Object.entries(hosts)) {
        it(`by ${words}`, async () => {
            const result = await openReport({ host });
            assert.ok(result.ok, JSON.stringify(result));
        });
    }

    const paths: Record<string, (own: string) => string> = {
        "the workspace's id behind it": (own) => `${own}?o=1234567890123456`,
        "its id in capitals": (own) => own.toUpperCase(),
        "the former name, endpoints": (own) => own.replace("/warehouses/", "/endpoints/"),
        "no slash before it": (own) => own.slice(1),
        "a slash behind it": (own) => `${own}/`,
    };
    for (const [words, httpPath] of Object.entries(paths)) {
        it(`by its HTTP path with ${words}`, async () => {
            const result = await openReport({ httpPath });
            assert.ok(result.ok, JSON.stringify(result));
        });
    }

    it("not by a host that no workspace has, nor by another workspace's", async () => {
        const nowhere = await openReport({ host: () => "nowhere.databricks.com" });
        assert.ok(!nowhere.ok && /cannot be reached/.test(nowhere.error.message));
        const elsewhere = await openReport({ host: () => "ops.databricks.com" });
        assert.ok(!elsewhere.ok && /credentials provided .* are invalid/.test(elsewhere.error.message));
    });

    it("not by the path of a cluster", async () => {
        const result = await openReport({ httpPath: () => "sql/protocolv1/o/1234567890123456/0123-456789-abcdefgh" });
        assert.ok(!result.ok && /does not exist/.test(result.error.message), JSON.stringify(result));
    });
});
