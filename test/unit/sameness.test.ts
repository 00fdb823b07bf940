import assert from "node:assert/strict";
import { ConfigurationError } from "../../clients/config-reader";
import { targetOf } from "../../clients/connection-details";
import { KnownHosts } from "../../planning/known-hosts";
import { findWarehouse } from "../../planning/warehouses";
import { CredentialOutputs } from "../../outputs";
import {
    bound,
    declared,
    discoverIn,
    lastUpOf,
    ownerLeft,
    StubbedSource,
    targetTo,
    world,
    World,
    sp2,
} from "./discovery-stub";
import { toText } from "../../diagnostics/render";

const custom = "sales.databricks.com";
const hosts = [custom];
const inCloud = (datasourceId: string, host?: string): StubbedSource => ({
    gatewayId: "c",
    datasourceId,
    warehouse: "aaaa",
    host,
});
const hq = { id: "g1", name: "HQ" };
const behind = { gatewayId: "g1", datasourceId: "s", warehouse: "aaaa", host: custom };
const onGateway: Partial<World> = {
    datasets: { d1: [behind] },
    onPremises: [hq],
    gatewaySources: { g1: [{ id: "s", name: "dbx", warehouse: "aaaa", host: custom }] },
};

/** What a run plans and says; the mistakes when it refuses. */
async function plan(
    there: Partial<World>,
    rules: object[],
    rotationKey = "k1",
    before?: CredentialOutputs,
    powerBi: object = {},
) {
    try {
        const lastUp: Record<string, CredentialOutputs> = before ? { one: before } : {};
        const { plans, warnings } = await discoverIn(world(there), [declared(rules)], rotationKey, lastUp, powerBi);
        const [{ cloud, datasources, account, warehouseIds }] = plans;
        return { cloud, datasources, account, warehouseIds, warned: warnings.join("\n"), refused: "" };
    } catch (error) {
        assert.ok(error instanceof ConfigurationError, String((error as Error).stack));
        return { cloud: [], datasources: [], account: undefined, warehouseIds: [], warned: "", refused: error.message };
    }
}

/** The scanner's answer of one model. */
const scannerOf = (...sources: StubbedSource[]) => ({
    scanner: {
        listWorkspaces: async () => ({ items: [{ id: "w", name: "Sales" }], unreadable: [] }),
        scan: async () => {
            const datasources = sources.map(({ warehouse, host, ...place }) => ({
                ...place,
                connectionDetails: { kind: "Databricks", path: JSON.stringify(targetTo(warehouse, host)) },
            }));
            const datasets = {
                items: [{ id: "d1", name: "model d1", configuredBy: sp2, datasources }],
                unreadable: [],
            };
            return { items: [{ id: "w", name: "Sales", datasets }], unreadable: [] };
        },
    },
});

describe("a warehouse that is read at a further host of its workspace", () => {
    const rules = [
        { workspace: "Sales", dataset: "model d1" },
        { discover: "warehouse" },
        { discover: "host" },
        { discover: "warehouse", via: "scanner" },
        { discover: "host", via: "scanner" },
    ];
    for (const rule of rules) {
        it(`is read in the cloud: ${JSON.stringify(rule)}`, async () => {
            const source = inCloud("s1", `https://${custom.toUpperCase()}/?o=1`);
            const there = { hosts, datasets: { d1: [source] } };
            const { cloud, warned, refused } = await plan(there, [rule], "k1", undefined, scannerOf(source));
            assert.equal(refused + warned, "");
            assert.deepEqual(
                cloud.map(({ datasetId, targets, furtherHosts, observed }) => ({
                    datasetId,
                    targets,
                    furtherHosts,
                    observed,
                })),
                [{ datasetId: "d1", targets: [targetTo("aaaa")], furtherHosts: hosts, observed: ["s1 of gateway c"] }],
            );
        });
    }

    const gatewayRules = [
        ...rules,
        { gateway: "HQ", datasource: "dbx" },
        { discover: "warehouse", via: "gateways" },
        { discover: "host", via: "gateways" },
    ];
    for (const rule of gatewayRules) {
        it(`is read through a gateway: ${JSON.stringify(rule)}`, async () => {
            const { datasources, warned, refused } = await plan(
                { ...onGateway, hosts },
                [rule],
                "k1",
                undefined,
                scannerOf(behind),
            );
            assert.equal(refused + warned, "");
            assert.deepEqual(
                datasources.map(({ datasourceId, target, furtherHosts }) => ({ datasourceId, target, furtherHosts })),
                [{ datasourceId: "s", target: targetTo("aaaa"), furtherHosts: hosts }],
            );
        });
    }

    it("makes no difference where a workspace has no further hosts: nothing new is in the state", async () => {
        const own = { ...onGateway, datasets: { d1: [inCloud("s1")], d2: [{ ...behind, host: undefined }] } };
        const { cloud, datasources } = await plan(own, [{ discover: "warehouse" }]);
        assert.deepEqual([cloud.length, datasources.length], [1, 1]);
        assert.ok([...cloud, ...datasources].every((planned) => !("furtherHosts" in planned)));
    });

    it("is planned the same before and after its host is written otherwise: that is no change", async () => {
        const planned = async (host?: string) => {
            const there = {
                ...onGateway,
                hosts,
                datasets: { d1: [inCloud("s1", host)], d2: [{ ...behind, host }] },
                gatewaySources: { g1: [{ id: "s", name: "dbx", warehouse: "aaaa", host }] },
            };
            const { cloud, datasources, warehouseIds } = await plan(there, [{ discover: "host" }]);
            return { cloud, datasources, warehouseIds };
        };
        const before = await planned();
        assert.deepEqual([before.cloud.length, before.datasources.length], [1, 1]);
        for (const host of [custom, `https://${custom}:443`, "https://ADB-1.azuredatabricks.net/?o=1"]) {
            assert.deepEqual(await planned(host), before);
        }
    });

    it("is planned the same before and after a take-over of a model whose owner has left: the second up changes nothing", async () => {
        const rule = { workspace: "Sales", dataset: "model d1", gatewayType: "NoGateway" };
        const before = await plan({ hosts, datasets: { d1: ownerLeft } }, [rule]);
        const after = await plan({ hosts, datasets: { d1: [inCloud("s1", custom)] } }, [rule]);
        const declaredOf = ({ cloud: [{ observed: _, ...inputs }] }: typeof before) => inputs;
        assert.deepEqual(declaredOf(after), declaredOf(before));
    });

    it("gives CAN USE on the warehouse once", async () => {
        const there = { hosts, datasets: { d1: [inCloud("s1", custom), inCloud("s2")] } };
        const { cloud, warehouseIds, warned } = await plan(there, [{ discover: "host" }]);
        assert.deepEqual([cloud[0].targets, warehouseIds, warned], [[targetTo("aaaa")], ["aaaa"], ""]);
        assert.deepEqual(cloud[0].observed, ["s1 of gateway c", "s2 of gateway c"]);
    });

    it("is claimed twice by two credentials, at whichever hosts their models read it", async () => {
        const there = world({ hosts, datasets: { d1: [inCloud("s1", custom)], d2: [inCloud("s2")] } });
        const one = declared([{ workspace: "Sales", dataset: "model d1" }]);
        const two = declared([{ workspace: "Sales", dataset: "model d2" }], { name: "two", servicePrincipal: "two" });
        await assert.rejects(
            discoverIn(there, [one, two], "k1"),
            /model d1.*sales\.databricks\.com.* and .*model d2.*adb-1\.azuredatabricks\.net.* claimed by one and by two/,
        );
    });

    it("is not another warehouse of the workspace there, nor a cluster", async () => {
        const other = { ...inCloud("s1", custom), warehouse: "bbbb" };
        const there = { hosts, warehouses: ["aaaa", "bbbb"], datasets: { d1: [other] } };
        assert.deepEqual((await plan(there, [{ discover: "warehouse" }])).cloud, []);
        assert.equal((await plan(there, [{ discover: "host" }])).cloud.length, 1);
        // The host may be a whole account's: a warehouse that this workspace has not is another workspace's.
        const foreign = { ...there, warehouses: ["aaaa"] };
        const { cloud, warned } = await plan(foreign, [{ discover: "host" }]);
        assert.deepEqual([cloud, warned], [[], ""]);
    });
});

describe("what earlier runs bound, and a further host", () => {
    const rule = [{ discover: "warehouse" }];
    const at = (datasourceId: string, host: string, ...datasets: string[]) => ({
        ...bound("NoGateway", "c", datasourceId, "aaaa", ...datasets),
        host,
    });
    const own = targetTo("aaaa").host;

    it("is known in a rotation: nobody is asked, and nothing is kept", async () => {
        const there = world({ hosts, datasets: { d1: [inCloud("s1", custom)] } });
        const lastUp = { one: lastUpOf("k1", at("s1", custom, "d1")) };
        const { plans, asked, warnings } = await discoverIn(there, [declared(rule)], "k2", lastUp);
        assert.deepEqual([asked, warnings, plans[0].account.keptKeys], [[], [], []]);
        assert.deepEqual(
            plans[0].cloud.map(({ targets }) => targets),
            [[targetTo("aaaa")]],
        );
    });

    it("keeps its secret when the host is taken out of the configuration", async () => {
        const there = { datasets: { d1: [inCloud("s1", custom)] } };
        const { account, warned } = await plan(there, rule, "k2", lastUpOf("k1", at("s1", custom, "d1")));
        assert.deepEqual(account?.keptKeys, ["k1"]);
        assert.match(warned, /hosts: \[sales\.databricks\.com\]/);
    });

    it("is done with when all its models came to read the warehouse at another host", async () => {
        const there = { hosts, datasets: { d1: [inCloud("s2", custom)] } };
        const { account, warned } = await plan(there, rule, "k1", lastUpOf("k1", at("s1", own, "d1")));
        assert.deepEqual([account?.keptKeys, warned], [[], ""]);
        const before = lastUpOf("k1", at("s1", own, "d1", "d2"));
        assert.deepEqual((await plan(there, rule, "k1", before)).account?.keptKeys, ["k1"], "d2 may read it still");
    });

    it("keeps its secret when its model is not mentioned, though a new one reads the warehouse at the further host", async () => {
        const there = { hosts, datasets: { d9: [inCloud("s9", custom)] } };
        const { cloud, account } = await plan(there, rule, "k2", lastUpOf("k1", at("s1", own, "d1")));
        assert.deepEqual([cloud.length, account?.keptKeys], [1, ["k1"]]);
    });

    for (const [words, host] of [
        ["the further host", custom],
        ["the same one in other words", `${own}:443`],
    ]) {
        it(`keeps its secret when its model is not mentioned, though others read the warehouse at ${words}`, async () => {
            const there = { hosts, datasets: { d2: [inCloud("s2", host)] } };
            const second = at("s2", host.replace(/:443$/, ""), "d2");
            const { cloud, account } = await plan(there, rule, "k2", lastUpOf("k1", at("s1", own, "d1"), second));
            assert.deepEqual(
                cloud.map(({ datasetId }) => datasetId),
                ["d2"],
            );
            assert.deepEqual(account?.keptKeys, ["k1"]);
            assert.deepEqual(
                account?.outputs.held?.map(({ datasourceId }) => datasourceId),
                ["s1"],
            );
        });
    }

    it("is bound with all that share it: one model is enough", async () => {
        const there = { hosts, datasets: { d2: [inCloud("s1")] } };
        const { account } = await plan(there, rule, "k2", lastUpOf("k1", at("s1", own, "d1", "d2")));
        assert.deepEqual(account?.keptKeys, []);
    });
});

describe("a warehouse's id at a host that no workspace has", () => {
    const stray = { d1: [inCloud("s1", "unknown.databricks.com")] };
    const remedy = /Declare the host, if it is another one of that workspace: hosts: \[unknown\.databricks\.com\]/;

    for (const rule of [{ discover: "warehouse" }, { discover: "host" }, { discover: "warehouse", via: "scanner" }]) {
        it(`is told, not left out in silence: ${JSON.stringify(rule)}`, async () => {
            const { cloud, warned, refused } = await plan(
                { datasets: stray },
                [rule],
                "k1",
                undefined,
                scannerOf(...stray.d1),
            );
            assert.deepEqual([cloud, refused], [[], ""]);
            assert.match(
                warned,
                /^credentials\[0\]\.bindings\[0\]: dataset "model d1" in workspace "Sales" reads warehouse aaaa of adb-1\.azuredatabricks\.net by its id, but at unknown\.databricks\.com, a host that no configured workspace has/,
            );
            assert.match(warned, remedy);
        });
    }

    it("is told of a gateway's datasource", async () => {
        const gatewaySources = { g1: [{ id: "s", name: "dbx", warehouse: "aaaa", host: "unknown.databricks.com" }] };
        const rule = { discover: "host", via: "gateways" };
        const { datasources, warned } = await plan({ onPremises: [hq], gatewaySources }, [rule]);
        assert.deepEqual(datasources, []);
        assert.match(warned, /datasource "dbx" of gateway "HQ" reads warehouse aaaa .* at unknown\.databricks\.com/);
        assert.match(warned, remedy);
        const excluded = { ...rule, exclude: { gateways: ["HQ"] } };
        assert.equal((await plan({ onPremises: [hq], gatewaySources }, [excluded])).warned, "");
    });

    it("is refused where it is named, with the same remedy", async () => {
        const rule = { workspace: "Sales", dataset: "model d1" };
        const { refused } = await plan({ datasets: stray }, [rule]);
        assert.match(refused, /dataset "model d1" .* reads warehouse aaaa .* its credential is not set\./);
        assert.match(refused, remedy);
        const gatewaySources = { g1: [{ id: "s", name: "dbx", warehouse: "aaaa", host: "unknown.databricks.com" }] };
        const named = { gateway: "HQ", datasource: "dbx" };
        assert.match((await plan({ onPremises: [hq], gatewaySources }, [named])).refused, remedy);
    });

    it("is told of a named dataset that reads the warehouse at a known host too", async () => {
        const datasets = { d1: [inCloud("s2"), ...stray.d1] };
        const { cloud, warned } = await plan({ datasets }, [{ workspace: "Sales", dataset: "model d1" }]);
        assert.deepEqual(cloud[0].observed, ["s2 of gateway c"]);
        assert.match(warned, remedy);
    });

    it("is nothing to be told where it is not what is looked for", async () => {
        const other = { d1: [{ ...inCloud("s1", "unknown.databricks.com"), warehouse: "bbbb" }] };
        const there = { warehouses: ["aaaa", "bbbb"], datasets: other };
        assert.equal((await plan(there, [{ discover: "warehouse" }])).warned, "");
        assert.match((await plan(there, [{ discover: "host" }])).warned, /reads warehouse bbbb/);
        assert.equal((await plan({ datasets: other }, [{ discover: "host" }])).warned, "");
    });
});

describe("a host that several workspaces share", () => {
    const shared = "company.databricks.com";
    const known = new KnownHosts([
        { name: "databricks", host: "adb-1.azuredatabricks.net", hosts: [shared], warehouseIds: ["AAAA"] },
        {
            name: "ops",
            host: "adb-2.azuredatabricks.net",
            hosts: [shared, "ops.databricks.com"],
            warehouseIds: ["bbbb"],
        },
        { name: "unused", hosts: ["unused.databricks.com"], warehouseIds: [] },
    ]);

    it("means the workspace that has the warehouse", () => {
        assert.deepEqual(known.atHome(targetOf(shared, "aaaa")), targetOf("adb-1.azuredatabricks.net", "aaaa"));
        assert.deepEqual(known.atHome(targetOf(shared, "bbbb")), targetOf("adb-2.azuredatabricks.net", "bbbb"));
        assert.ok(known.same(targetOf(shared, "aaaa"), targetOf("adb-1.azuredatabricks.net", "aaaa")));
        assert.ok(!known.same(targetOf(shared, "bbbb"), targetOf("adb-1.azuredatabricks.net", "bbbb")));
    });

    it("means none of them for what none of them has, or what is no warehouse", () => {
        for (const target of [targetOf(shared, "cccc"), { host: shared, httpPath: "/sql/protocolv1/o/1/x" }]) {
            assert.deepEqual(known.atHome(target), target);
        }
        assert.deepEqual(known.atHome(targetOf("unused.databricks.com", "aaaa")).host, "unused.databricks.com");
    });

    it("leaves what is at a workspace's own host there, whatever its id", () => {
        const target = targetOf("adb-2.azuredatabricks.net", "aaaa");
        assert.deepEqual(known.atHome(target), target);
    });

    it("names the key of the right workspace where a host is missing", () => {
        const found = targetOf("new.databricks.com", "bbbb");
        const looked = { target: targetOf("adb-2.azuredatabricks.net", "bbbb"), serves: () => true };
        assert.match(
            toText(known.explainStray("here", "error", "it", found, looked)!),
            /databricksWorkspaces\.ops\.hosts: \[new\.databricks\.com\]\. \[unknown-host\]$/,
        );
    });
});

describe("the warehouse of a credential", () => {
    const warehouses = [
        { id: "44ff20e73e461e56", name: "Sales warehouse" },
        { id: "55ff20e73e461e56", name: "/sql/1.0/warehouses/44ff20e73e461e56" },
    ];
    const own = "adb-1.7.azuredatabricks.net";
    const find = (wanted: string, listed = warehouses.slice(0, 1)) => {
        const problems: string[] = [];
        const found = findWarehouse("here", wanted, listed, [own, custom], (said) => void problems.push(toText(said)));
        return found?.id ?? problems.join();
    };

    for (const wanted of [
        "Sales warehouse",
        "44ff20e73e461e56",
        "44FF20E73E461E56",
        "/sql/1.0/warehouses/44ff20e73e461e56",
        "sql/1.0/endpoints/44FF20E73E461E56?o=1",
        `https://${own}/sql/warehouses/44ff20e73e461e56?o=1234567890123456`,
        `https://${custom}/sql/warehouses/44ff20e73e461e56/monitoring?o=1`,
    ]) {
        it(`may be given as ${wanted}`, () => assert.equal(find(wanted), "44ff20e73e461e56"));
    }

    it("is the one of a name before that of a path, should one be called like that", () => {
        assert.equal(find("/sql/1.0/warehouses/44ff20e73e461e56", warehouses), "55ff20e73e461e56");
    });

    it("is not one of another workspace", () => {
        assert.match(
            find("https://adb-2.7.azuredatabricks.net/sql/warehouses/44ff20e73e461e56"),
            /^here: "https:\S+" is a warehouse at adb-2\.7\.azuredatabricks\.net, and the credential's workspace is adb-1\.7\S+\. Correct/,
        );
        assert.match(find(`https://x@${own}/sql/warehouses/44ff20e73e461e56`), /is a warehouse at /);
        assert.match(find("/sql/1.0/warehouses/66ff"), /there is no SQL warehouse "\/sql\/1\.0\/warehouses\/66ff"/);
    });
});
