import assert from "node:assert/strict";
import { observe } from "../../clients/observation";
import { ServiceError } from "../../clients/service-error";
import { Services } from "../../clients/services";
import { resolveBinding } from "../../planning/bindings";
import { describePlan } from "../../planning/describe";
import { unseenGateways } from "../../planning/discover";
import { sortGateways } from "../../planning/gateways";
import { findDataset } from "../../planning/datasets";
import { History } from "../../planning/history";
import { KnownHosts } from "../../planning/known-hosts";
import { Inventory } from "../../planning/inventory";
import { Memory } from "../../planning/memory";
import { fits } from "../../planning/patterns";
import {
    CloudDataset,
    claimedTwice,
    CredentialPlan,
    Finding,
    GatewayDatasourcePlan,
    mergeFindings,
    noteOtherCredentials,
} from "../../planning/plan";
import { binding } from "../../settings/binding";
import { toText } from "../../diagnostics/render";
import { Diagnostic } from "../../diagnostics/diagnostic";

const target = { host: "adb-1.azuredatabricks.net", httpPath: "/sql/1.0/warehouses/44ff" };
const other = { host: "adb-1.azuredatabricks.net", httpPath: "/sql/1.0/warehouses/55ff" };
const cloud = (id: string, changes: Partial<CloudDataset> = {}): CloudDataset => ({
    workspaceId: "w",
    workspaceName: "Sales",
    datasetId: id,
    datasetName: `model ${id}`,
    refresh: false,
    allowCredentialLoss: false,
    keepSchedule: false,
    switchOffSingleSignOn: false,
    targets: [target],
    gateways: [],
    servedElsewhere: [],
    observed: [],
    ...changes,
});
const datasource = (id: string): GatewayDatasourcePlan => ({
    gatewayId: "G",
    gatewayName: "HQ",
    gatewayKind: "Onpremises",
    datasourceId: id,
    datasourceName: `source ${id}`,
    target,
    api: "powerbi",
    switchOffSingleSignOn: false,
    datasets: [],
});
const found = (finding: Omit<Finding, "where">) => ({ where: "here", ...finding }) as Finding;

describe("discovery", () => {
    it("takes * for anything in names of workspaces, whatever their case, and nothing else for special", () => {
        assert.ok(fits("Finance EMEA", ["finance *"]));
        assert.ok(fits("a (b) [c]", ["a (b) *"]));
        assert.ok(!fits("Finance", ["Finance *"]));
        assert.ok(!fits("Sales", ["S.les"]));
        assert.ok(fits("", ["*"]));
    });

    it("tells gateways that SP2 administers from VNET ones and from those it only sees", () => {
        const publicKey = { modulus: "", exponent: "" };
        const gateways = sortGateways(
            [{ id: "A", name: "HQ", publicKey }],
            [
                { id: "a", type: "OnPremises", displayName: "HQ" },
                { id: "v", type: "VirtualNetwork", displayName: "VNET" },
                { id: "X", type: "OnPremises", displayName: "Theirs" },
            ],
        );
        assert.deepEqual(
            gateways.administered.map(({ id, kind }) => [id, kind]),
            [
                ["A", "Onpremises"],
                ["v", "VNET"],
            ],
        );
        assert.equal(gateways.foreign.get("x"), "Theirs");
        assert.equal(sortGateways([], undefined).complete, false);
    });

    it("takes a streaming VNET gateway for no VNET one: its connections are of another kind", () => {
        const { administered, foreign } = sortGateways(
            [],
            [{ id: "S", type: "StreamingVirtualNetwork", displayName: "Events" }],
        );
        assert.deepEqual(administered, []);
        assert.equal(foreign.get("s"), "Events");
    });

    it("gives advice that can be followed where a cloud has no Fabric", () => {
        const services = new Services(
            (key) =>
                ({
                    "databricks:host": "https://adb-1.7.databricks.azure.cn",
                    "databricks:authType": "azure-cli",
                    cloud: "china",
                })[key],
        );
        assert.equal(services.hasFabric, false);
        assert.match(
            toText(unseenGateways(false)),
            /^no Fabric API.*VNET gateway cannot be told.*Leave such datasets out/,
        );
        assert.match(toText(unseenGateways(true)), /can call Fabric public APIs.*or leave such datasets out\. \[vnet-/);
        assert.throws(
            () => services.fabric,
            /no address of the Fabric API.*Leave api out, or set api: powerbi\. \[invalid-value\]$/,
        );
    });

    it("applies only to distinct combinations: each dataset and datasource once, as the first binding says", () => {
        const named = { ...cloud("d2"), refresh: "wait" as const };
        const merged = mergeFindings([
            found({ cloud: cloud("d1", { refresh: "wait" }) }),
            found({ cloud: cloud("d1", { targets: [other] }) }),
            found({ datasource: { ...datasource("s"), api: "fabric" } }),
            found({ datasource: datasource("S"), dataset: named }),
            found({ datasource: datasource("s"), dataset: named }),
        ]);
        assert.deepEqual(
            merged.cloud.map(({ datasetId, targets }) => [datasetId, targets]),
            [["d1", [target, other]]],
        );
        assert.deepEqual(
            merged.datasources.map(({ api, datasets }) => [api, datasets.map(({ datasetId }) => datasetId)]),
            [["fabric", ["d2"]]],
        );
        assert.deepEqual(
            merged.refreshes.map(({ datasetId, mode }) => [datasetId, mode]),
            [
                ["d1", "wait"],
                ["d2", "wait"],
            ],
        );
    });

    it("says of a datasource that two credentials claim who does, for a gateway's and for the one of a warehouse in the cloud", () => {
        const plans = [
            { cloud: [cloud("d1")], datasources: [datasource("s")] },
            { cloud: [cloud("d2")], datasources: [datasource("S")] },
        ];
        const problems = claimedTwice(plans, ["one", "two"]);
        assert.equal(problems.length, 2);
        assert.match(toText(problems[0]), /dataset "model d1" .* and dataset "model d2" .*: claimed by one and by two/);
        assert.match(toText(problems[1]), /datasource "source s" of gateway "HQ".*: claimed by one and by two/);
        assert.deepEqual(claimedTwice([plans[0]], ["one"]), []);
    });

    it("knows the warehouses of a dataset that other credentials serve", () => {
        const [one] = noteOtherCredentials([{ cloud: [cloud("d1")] }, { cloud: [cloud("d1", { targets: [other] })] }]);
        assert.deepEqual(one.cloud[0].servedElsewhere, [other]);
    });

    it("says of a dataset that was bound and is not found what became of it: published again, or gone", () => {
        const workspace = { id: "w", name: "Sales" };
        const before = { workspaceId: "W", workspace: "Sales", datasetId: "d1", dataset: "Model" };
        const ask = (wanted: string, there: { id: string; name: string }[]) => {
            const said: string[] = [];
            findDataset("here", wanted, workspace, there, before, (diagnostic) => said.push(toText(diagnostic)));
            return said.join();
        };
        const again = [{ id: "d9", name: "Model" }];
        assert.match(ask("d1", again), /"Model" was published again\. .*Write the new id d9, or the name/);
        assert.equal(ask("Model", again), "");
        assert.match(ask("Model", []), /\("Model", d1\) was deleted, or published to another workspace/);
        const said: string[] = [];
        findDataset("here", "Typo", workspace, again, undefined, (diagnostic) => said.push(toText(diagnostic)));
        assert.match(
            said.join(),
            /there is no dataset "Typo" in workspace "Sales"\. There are: "Model"\. Correct the name/,
        );
    });

    it("leaves out a dataset that it may not look at, and says so", async () => {
        const refusal = new ServiceError({ service: "Power BI", method: "GET", path: "/datasources", status: 403 });
        const inventory = {
            workspaces: async () => [{ id: "w", name: "Sales" }],
            datasets: async () => ({ items: [{ id: "d1", name: "Model" }], unreadable: [] }),
            gateways: async () => ({ administered: [], foreign: new Map(), complete: true }),
            sources: () => observe(() => Promise.reject(refusal)),
        } as unknown as Inventory;
        const [reported, warned]: string[][] = [[], []];
        const scope = {
            where: "here",
            target,
            hosts: new KnownHosts([]),
            inventory,
            history: new History(undefined),
            memory: new Memory(),
            tell: (said: Diagnostic) => void (said.severity === "error" ? reported : warned).push(toText(said)),
        };
        assert.deepEqual(await resolveBinding(scope, binding.parse({ discover: "warehouse" })), []);
        assert.deepEqual(reported, []);
        assert.match(
            warned.join(),
            /does not tell the datasources of dataset "Model" in workspace "Sales": SP2 has no right to it .* answered 403/,
        );
    });

    it("lists what was found: which dataset uses which datasource", () => {
        const plan = {
            cloud: [cloud("d1")],
            datasources: [{ ...datasource("s"), datasets: [cloud("d2")] }],
        } as unknown as CredentialPlan;
        assert.equal(
            toText(describePlan("powerbi-sales", plan)),
            [
                "powerbi-sales: 2 datasources, 2 datasets",
                "  cloud adb-1.azuredatabricks.net/sql/1.0/warehouses/44ff <- Sales / model d1",
                '  Onpremises gateway "HQ" datasource source s <- Sales / model d2',
            ].join("\n"),
        );
    });
});
