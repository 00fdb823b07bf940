import assert from "node:assert/strict";
import { checksFor } from "../../commands/doctor/checks";
import { Outcome } from "../../commands/doctor/check";
import { Examination } from "../../commands/doctor/examination";
import { runChecks } from "../../commands/doctor/run-checks";
import { StateResource } from "../../commands/state-resource";
import { parseSettings, Settings } from "../../settings";
import { isMutation } from "../../sandbox/control-client";
import { Bench, datasetId, legacy, workspaceId } from "./support";

const sales = {
    servicePrincipal: "powerbi-sales",
    warehouse: "Sales warehouse",
    grants: [{ catalog: "main", schema: "sales" }],
    secretScope: { name: "powerbi" },
    bindings: [{ workspace: "Sales", dataset: "Sales model", gatewayType: "NoGateway" }],
};

const adopting = { ...sales, servicePrincipal: undefined, applicationId: legacy.applicationId };

/** An examination of what a test configures, without an engine. */
class BenchExamination extends Examination {
    constructor(
        private readonly configured: Settings,
        private readonly made: StateResource[] = [],
    ) {
        super("test", ".");
    }

    override async settings() {
        return this.configured;
    }

    override async state() {
        return this.made;
    }
}

describe("the doctor's checks of the services", () => {
    let bench: Bench;
    beforeEach(async () => (bench = await Bench.start()));
    afterEach(() => bench.close());

    /** Makes the checks that ask services. */
    async function examine(changes: Record<string, unknown> = {}, credential: object = sales, state?: StateResource[]) {
        const values: Record<string, unknown> = {
            ...bench.config,
            rotationKey: "2026-11",
            credentials: [credential],
            ...changes,
        };
        const read = (key: string) => {
            const value = values[key];
            return value === undefined || typeof value === "string" ? value : JSON.stringify(value);
        };
        const settings = parseSettings(["rotationKey", "credentials"], read, () => true);
        const examination = new BenchExamination(settings, state);
        // Engine, backend, configuration and preview are none of a service's.
        const checks = checksFor(settings).slice(4, -1);
        const needless = ["Configuration"];
        const free = checks.map((check) => ({
            ...check,
            needs: check.needs?.filter((title) => !needless.includes(title)),
        }));
        const outcomes = await runChecks(free, examination);
        return Object.fromEntries(outcomes.map((outcome) => [outcome.title, outcome]));
    }

    const reasons = ({ problems }: Outcome) => problems.map(({ reason, remedy }) => `${reason} → ${remedy}`).join("\n");

    it("pass on a world that is well, and change nothing", async () => {
        const outcomes = await examine();
        assert.deepEqual(
            Object.values(outcomes).map(({ title, status }) => `${title}: ${status}`),
            [
                "Databricks login: passed",
                "Databricks rights: passed",
                "Warehouses: passed",
                "Service principals: passed",
                "Free secret slots: skipped",
                "Grants: passed",
                "Secret scopes: passed",
                "SP2's login: passed",
                "Tenant setting: passed",
                "Workspaces: passed",
                "Gateways: passed",
                "Scanner: skipped",
                "Discovery: passed",
            ],
        );
        assert.deepEqual((await bench.control.requests()).filter(isMutation), []);
    });

    it("tell a refused login to Databricks, and try nothing more there", async () => {
        const outcomes = await examine({ "databricks:token": "dapi-of-nobody" });
        const { problems } = outcomes["Databricks login"];
        assert.match(problems[0].reason, /GET \/api\/2\.0\/preview\/scim\/v2\/Me answered 401 UNAUTHENTICATED/);
        assert.match(problems[0].remedy, /log in anew, or correct the values of the login \(token\)/);
        assert.equal(outcomes.Grants.says, 'not tried: "Databricks login" failed');
        assert.equal(outcomes.Discovery.says, 'not tried: "Databricks login" failed');
        assert.equal(outcomes.Workspaces.status, "passed");
        assert.doesNotMatch(JSON.stringify(outcomes), /dapi-of-nobody/);
    });

    it("tell what a login that is no admin may not do", async () => {
        await bench.control.edit((world) => (world.databricks.tokens[0].workspaceAdmin = false));
        const outcomes = await examine();
        assert.equal(outcomes["Databricks login"].status, "passed");
        assert.match(reasons(outcomes["Databricks rights"]), /not in the group admins.*applicationId/);
        assert.match(
            reasons(outcomes.Warehouses),
            /may not give CAN USE on the warehouse "Sales warehouse".*CAN MANAGE/,
        );
        assert.equal(outcomes.Grants.status, "warning");
        assert.match(reasons(outcomes.Grants), /owns schema main\.sales.*GRANT MANAGE ON SCHEMA main\.sales TO/);
        await bench.control.edit((world) =>
            world.databricks.securables
                .find(({ fullName }: { fullName: string }) => fullName === "main")
                .grants.push({ principal: "deployer@example.com", privileges: ["MANAGE"] }),
        );
        assert.equal((await examine()).Grants.status, "passed");
    });

    it("tell a warehouse, a securable and a scope that are not there", async () => {
        const credential = {
            ...sales,
            warehouse: "Sale",
            grants: [{ catalog: "main", schema: "sold" }],
            secretScope: { name: "none", create: false },
        };
        const outcomes = await examine({}, credential);
        assert.match(reasons(outcomes.Warehouses), /credentials\[0\]\.warehouse: there is no SQL warehouse "Sale"/);
        assert.match(
            reasons(outcomes.Grants),
            /grants\[0\]: there is no schema main\.sold that deployer@example\.com sees/,
        );
        assert.match(reasons(outcomes["Secret scopes"]), /there is no scope "none"/);
        // What one check says is not said again.
        assert.equal(outcomes.Discovery.status, "skipped");
        assert.match(outcomes.Discovery.says, /nothing more is missing than what is said above/);
    });

    it("warn of a service principal to make that is granted nothing; one to adopt has its rights already", async () => {
        const bare = await examine({}, { ...sales, grants: [] });
        assert.equal(bare.Grants.status, "warning");
        assert.match(reasons(bare.Grants), /grants it nothing: .*permission error.* → .*grants: /);
        const adopted = await examine({}, { ...adopting, grants: [] });
        assert.equal(adopted.Grants.says, "not needed: no grants are configured");
        const mixed = await examine({ credentials: [sales, { ...adopting, grants: [], bindings: [] }] });
        assert.equal(mixed.Grants.status, "passed");
        assert.equal(mixed.Grants.says, "main.sales");
    });

    it("let a workspace pass that was renamed, and warn of one that SP2 lost: what was bound stops no run", async () => {
        const datasets = [{ workspaceId, workspace: "Sales", datasetId, dataset: "Sales model" }];
        const place = { gatewayId: "g", gateway: "", kind: "NoGateway", datasourceId: "s", ...bench.target, datasets };
        const last = { rotationKey: "2026-11", datasources: [place], datasets };
        const root = {
            urn: "urn:pulumi:test::p::pulumi:pulumi:Stack::p-test",
            type: "pulumi:pulumi:Stack",
            outputs: { credentials: { "powerbi-sales": last } },
        };
        await bench.control.edit((world) => (world.powerBi.workspaces[0].name = "Sales EMEA"));
        assert.equal((await examine()).Workspaces.status, "failed", "what was never bound is only a name");
        const renamed = await examine({}, sales, [root]);
        assert.equal(renamed.Workspaces.status, "passed");
        assert.match(reasons(renamed.Discovery), /workspace "Sales" is called "Sales EMEA" now/);
        await bench.control.edit((world) => (world.powerBi.workspaces[0].members = []));
        const lost = await examine({}, sales, [root]);
        assert.equal(lost.Workspaces.status, "warning");
        assert.equal(lost.Discovery.status, "warning");
        assert.match(
            reasons(lost.Discovery),
            /SP2 does not see workspace "Sales".* → give the Power BI service principal/,
        );
    });

    it("tell a name that is taken, and adopt by application id with room for a secret", async () => {
        const named = await examine({}, { ...sales, servicePrincipal: "powerbi-legacy" });
        assert.match(
            reasons(named["Service principals"]),
            new RegExp(`called "powerbi-legacy" already → to adopt one, write applicationId: ${legacy.applicationId}`),
        );
        assert.equal(
            (await examine({}, adopting))["Free secret slots"].says,
            `${legacy.applicationId} has 1 of 5 secrets`,
        );
        await bench.control.edit((world) => {
            const { secrets } = world.databricks.servicePrincipals[0];
            while (secrets.length < 5) {
                secrets.push({ ...secrets[0], id: `5ec7e000-0000-4000-8000-00000000010${secrets.length}` });
            }
        });
        const full = await examine({}, adopting);
        assert.match(reasons(full["Free secret slots"]), /has 5 secrets, and 5 is Databricks' limit.*→ delete those/s);
        const secretOf = (key: string) => ({
            urn: `urn:pulumi:test::p::t::${legacy.applicationId}-${key}`,
            type: "databricks:index/servicePrincipalSecret:ServicePrincipalSecret",
        });
        const rerun = await examine({}, adopting, [secretOf("2026-11")]);
        assert.equal(rerun["Free secret slots"].status, "passed");
    });

    it("tell a service principal to adopt that is gone, inactive or may not query", async () => {
        await bench.control.edit((world) => (world.databricks.servicePrincipals[0].entitlements = []));
        const bare = await examine({}, adopting);
        assert.equal(bare["Service principals"].status, "warning");
        assert.match(reasons(bare["Service principals"]), /databricks-sql-access/);
        await bench.control.edit((world) => (world.databricks.servicePrincipals[0].active = false));
        assert.match(
            reasons((await examine({}, adopting))["Service principals"]),
            /is not active: none of its secrets logs in → activate it yourself/,
        );
        await bench.control.edit((world) => (world.databricks.servicePrincipals = []));
        assert.match(
            reasons((await examine({}, adopting))["Service principals"]),
            /there is no service principal 0dd5/,
        );
    });

    it("tell SP2's refused login in words, whatever refuses it", async () => {
        const powerBi = JSON.parse(bench.config.powerBi);
        const refused = async (changes: object) => {
            const outcomes = await examine({ powerBi: { ...powerBi, ...changes } });
            assert.equal(outcomes["Tenant setting"].says, `not tried: "SP2's login" failed`);
            assert.doesNotMatch(JSON.stringify(outcomes), /a-wrong-secret|sandbox-sp2-secret/);
            return reasons(outcomes["SP2's login"]);
        };
        assert.match(await refused({ clientSecret: "a-wrong-secret" }), /the client secret is wrong/);
        assert.match(await refused({ clientId: "c11e47aa-0000-4000-8000-00000000000f" }), /no such application/);
        assert.match(await refused({ tenantId: "7e4a47aa-0000-4000-8000-00000000000f" }), /there is no such tenant/);
    });

    it("tell the tenant's refusal with the name of the setting", async () => {
        await bench.control.edit((world) => (world.powerBi.servicePrincipalsAllowed = false));
        const outcomes = await examine();
        assert.match(
            reasons(outcomes["Tenant setting"]),
            /refuses SP2.*"Service principals can call Fabric public APIs"/,
        );
        assert.equal(outcomes.Discovery.says, 'not tried: "Tenant setting" failed');
    });

    it("tell workspaces that SP2 does not see, and a role that is too little", async () => {
        const edit = (change: (members: { principal: string; role: string }[]) => unknown[]) =>
            bench.control.edit(
                (world) => (world.powerBi.workspaces[0].members = change(world.powerBi.workspaces[0].members)),
            );
        await edit((members) => members.map((member) => ({ ...member, role: "Viewer" })));
        assert.match(reasons((await examine()).Workspaces), /SP2 is a Viewer of the workspace "Sales"/);
        await edit((members) => members.filter(({ principal }) => !principal.startsWith("c11e")));
        const outcomes = await examine();
        assert.match(
            reasons(outcomes.Workspaces),
            /no workspace "Sales" that SP2 sees.*→ correct the name, or make SP2/,
        );
        assert.match(outcomes.Discovery.says, /what is said above/);
    });

    it("tell datasets that are not there, and a scanner that is closed, in one go", async () => {
        const bindings = [
            { discover: "warehouse", via: "scanner" },
            { workspace: "Sales", dataset: "Sold model" },
        ];
        const outcomes = await examine({}, { ...sales, bindings });
        assert.match(reasons(outcomes.Scanner), /the scanner API is not open to SP2.*read-only admin APIs/s);
        assert.match(
            reasons(outcomes.Discovery),
            /credentials\[0\]\.bindings\[1\]\.dataset: there is no dataset "Sold model" in workspace "Sales"/,
        );
    });

    it("tell a gateway that SP2 does not administer, and Fabric's refusal", async () => {
        await bench.control.edit((world) => (world.powerBi.fabricApisAllowed = false));
        const bindings = [{ gateway: "HQ cluster", datasource: "dbx-sales" }];
        const { Gateways } = await examine({}, { ...sales, bindings });
        assert.match(reasons(Gateways), /SP2 administers no gateway "HQ cluster".*VNET gateways were not looked for/);
        assert.match(reasons(Gateways), /Fabric does not let SP2 list its gateways/);
    });

    it("need no Power BI where nothing is bound", async () => {
        const outcomes = await examine({ powerBi: undefined }, { ...sales, bindings: [] });
        assert.equal(outcomes["SP2's login"].says, "not needed: nothing is bound in Power BI");
        assert.equal(outcomes.Discovery.says, "not needed: nothing is bound in Power BI");
    });
});
