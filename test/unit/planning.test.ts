import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { parseConnectionDetails, sameTarget, targetOf } from "../../clients/connection-details";
import { distinctDatasources } from "../../components/power-bi-bindings";
import { demandTold, lifetimeOf } from "../../components/rotating-service-principal";
import { mergeUses } from "../../components/secret-scopes";
import { driftOfDatasources, matchingDatasources, objectionsTo } from "../../dynamic-providers/dataset-sources";
import { usingLevelOf } from "../../dynamic-providers/warehouse-permission";
import { engineVersion, projectRoot } from "../../engine/home";
import { planGrants } from "../../planning/grants";

const target = targetOf("adb-1.azuredatabricks.net", "44ff");
const source = (host: string, warehouse: string, datasourceId = "d") => ({
    datasourceType: "Extension",
    connectionDetails: {
        kind: "Databricks",
        path: JSON.stringify({ host, httpPath: `/sql/1.0/warehouses/${warehouse}` }),
    },
    datasourceId,
    gatewayId: "g",
});

describe("connection details", () => {
    it("are read in the shape of the dataset API and in the doubly encoded one of the gateway API", () => {
        const doubled =
            '{"extensionDataSourceKind":"Databricks","extensionDataSourcePath":"{\\"host\\":\\"ADB-1.azuredatabricks.net\\",\\"httpPath\\":\\"\\\\/sql\\\\/1.0\\\\/warehouses\\\\/44ff\\"}"}';
        assert.deepEqual(parseConnectionDetails(doubled), target);
        assert.deepEqual(
            parseConnectionDetails(source("adb-1.azuredatabricks.net", "44ff/").connectionDetails),
            target,
        );
    });

    it("are read of both Databricks connectors and of no other", () => {
        const { path: details } = source("h", "w").connectionDetails;
        assert.ok(parseConnectionDetails({ kind: "DatabricksMultiCloud", path: details }));
        assert.equal(parseConnectionDetails({ kind: "Snowflake", path: details }), undefined);
        assert.equal(parseConnectionDetails("{not json"), undefined);
        assert.equal(parseConnectionDetails(undefined), undefined);
    });

    it("are the same only when host and path are, old spelling of the path or new", () => {
        assert.ok(
            sameTarget(target, { host: "https://ADB-1.azuredatabricks.net/", httpPath: "sql/1.0/endpoints/44ff" }),
        );
        assert.ok(!sameTarget(target, targetOf("adb-2.azuredatabricks.net", "44ff")));
        assert.ok(!sameTarget(target, targetOf("adb-1.azuredatabricks.net", "55ff")));
    });
});

describe("the planning", () => {
    it("gives SELECT where it was asked for and USE on the way there, once for each securable", () => {
        assert.deepEqual(
            planGrants([
                { catalog: "main", schema: "a" },
                { catalog: "main", schema: "b", table: "t" },
            ]),
            [
                { securable: "catalog", fullName: "main", privileges: ["USE_CATALOG"] },
                { securable: "schema", fullName: "main.a", privileges: ["SELECT", "USE_SCHEMA"] },
                { securable: "schema", fullName: "main.b", privileges: ["USE_SCHEMA"] },
                { securable: "table", fullName: "main.b.t", privileges: ["SELECT"] },
            ],
        );
    });

    it("knows one securable in whichever case it is written: two grants on it would take turns", () => {
        assert.deepEqual(planGrants([{ catalog: "Main", schema: "Sales" }, { catalog: "main" }]), [
            { securable: "catalog", fullName: "main", privileges: ["SELECT", "USE_CATALOG", "USE_SCHEMA"] },
            { securable: "schema", fullName: "main.sales", privileges: ["SELECT", "USE_SCHEMA"] },
        ]);
    });

    it("makes a scope once with all its readers", () => {
        const uses = [
            { name: "s", create: false, readers: ["a"] },
            { name: "s", create: true, readers: ["b", "a"] },
        ];
        assert.deepEqual(mergeUses(uses), [{ name: "s", create: true, readers: ["a", "b"] }]);
    });

    it("grants nothing while Databricks has not said to whom", () => {
        assert.equal(demandTold("powerbi-sales", "0dd5ec7e"), "0dd5ec7e");
        for (const untold of ["", undefined]) {
            assert.throws(() => demandTold("powerbi-sales", untold), /powerbi-sales: Databricks did not say which/);
        }
    });

    it("writes each datasource once, in a stable order", () => {
        const [one, two] = ["1", "2"].map((datasourceId) => ({ gatewayId: "g", datasourceId }));
        assert.deepEqual(distinctDatasources([[two], [one, two], [one]]), [one, two]);
    });

    it("gives lifetimes in seconds", () => assert.equal(lifetimeOf(90), "7776000s"));

    it("sees a permission that a service principal has by an entry of its own, and the highest", () => {
        const entry = (name: string, level: string) => ({
            service_principal_name: name,
            all_permissions: [{ permission_level: level }],
        });
        assert.equal(usingLevelOf([entry("APP", "CAN_USE"), entry("app", "CAN_MANAGE")], "app"), "CAN_MANAGE");
        assert.equal(usingLevelOf([entry("other", "CAN_USE"), entry("app", "CAN_VIEW")], "app"), undefined);
    });
});

describe("a dataset's sources", () => {
    const expected = { targets: [target], gateways: [], servedElsewhere: [], allowCredentialLoss: false };
    const matching = source("adb-1.azuredatabricks.net", "44ff");
    const other = source("adb-1.azuredatabricks.net", "55ff", "e");

    it("are refused when none reads the declared warehouse, naming both", () => {
        const [objection] = objectionsTo("dataset X", expected, [other], false);
        assert.match(objection.reason, /dataset X reads .*55ff, not the declared warehouse .*44ff/);
    });

    it("are refused when a take-over would drop other credentials, unless that is allowed", () => {
        assert.match(objectionsTo("dataset X", expected, [matching, other], true)[0].reason, /would drop .*55ff/);
        assert.deepEqual(objectionsTo("dataset X", expected, [matching, other], false), []);
        assert.deepEqual(
            objectionsTo("dataset X", { ...expected, allowCredentialLoss: true }, [matching, other], true),
            [],
        );
    });

    it("are the warehouse's at a further host of its workspace, at which a take-over drops nothing else either", () => {
        const custom = source("Sales.databricks.com:443", "44FF", "c");
        const further = { ...expected, furtherHosts: ["sales.databricks.com"] };
        assert.match(objectionsTo("dataset X", expected, [custom], true)[0].reason, /not the declared warehouse/);
        assert.deepEqual(objectionsTo("dataset X", further, [matching, custom], true), []);
        assert.deepEqual(
            matchingDatasources([matching, custom], further).map(({ datasourceId, target }) => [
                datasourceId,
                target.host,
            ]),
            [
                ["d", "adb-1.azuredatabricks.net"],
                ["c", "sales.databricks.com"],
            ],
        );
        const others = source("sales.databricks.com", "55ff", "e");
        assert.match(objectionsTo("dataset X", further, [matching, others], true)[0].reason, /would drop .*55ff/);
    });

    it("behind a gateway or with a credential of the same stack lose nothing by a take-over", () => {
        const others = { ...expected, servedElsewhere: [targetOf("adb-1.azuredatabricks.net", "55ff")] };
        assert.deepEqual(objectionsTo("dataset X", others, [matching, other], true), []);
        const behind = { ...expected, gateways: ["G"] };
        assert.deepEqual(objectionsTo("dataset X", behind, [{ ...matching, gatewayId: "c" }, other], true), []);
    });

    it("have drifted when they are bound to another datasource, and not while nobody looked", () => {
        const known = [{ gatewayId: "g", datasourceId: "d" }];
        assert.deepEqual(driftOfDatasources("X", known, ["d of gateway g"]), []);
        assert.deepEqual(driftOfDatasources("X", known, []), []);
        assert.match(
            driftOfDatasources("X", known, ["n of gateway g"])[0],
            /X is now bound to datasource n of gateway g, not d/,
        );
    });
});

describe("the engine's versions", () => {
    it("are the same in npm and in Go", () => {
        const module = fs.readFileSync(path.join(projectRoot, "engine", "cli", "go.mod"), "utf8");
        assert.match(module, new RegExp(`github.com/pulumi/pulumi/pkg/v3 v${engineVersion.replaceAll(".", "\\.")}\\b`));
        assert.match(module, /^tool github\.com\/pulumi\/pulumi\/pkg\/v3\/cmd\/pulumi$/m);
    });
});
