import assert from "node:assert/strict";
import { AzureLogin, describeLogin } from "../../clients/azure-login";
import { Check, failure, Finding, NotMade, Outcome, Problem, problemOf, warning } from "../../commands/doctor/check";
import { judgeBackend } from "../../commands/doctor/checks/backend";
import { judgeRights } from "../../commands/doctor/checks/databricks-rights";
import { judgeDiscovery } from "../../commands/doctor/checks/discovery";
import { judgeEngine } from "../../commands/doctor/checks/engine";
import { judgeGateways } from "../../commands/doctor/checks/gateways";
import { judgeMissing, mayGrant, securableOf } from "../../commands/doctor/checks/grants";
import { missingPlugin, pluginsFor } from "../../commands/doctor/checks/plugins";
import { judgePreview } from "../../commands/doctor/checks/preview";
import { judgeScopes } from "../../commands/doctor/checks/secret-scopes";
import { judgeSlots, newKeys } from "../../commands/doctor/checks/secret-slots";
import { ownPrincipal } from "../../commands/doctor/checks/service-principals";
import { explainLogin } from "../../commands/doctor/checks/sp2-login";
import { judgeAcl, judgeState } from "../../commands/doctor/checks/warehouses";
import { judgeRole, roleOf } from "../../commands/doctor/checks/workspaces";
import { explain } from "../../commands/doctor/explain";
import { describeOutcome, reportOf, summarize } from "../../commands/doctor/report";
import { runChecks } from "../../commands/doctor/run-checks";
import { ServiceError } from "../../clients/service-error";
import { readPreview } from "../../commands/status/preview";
import { History } from "../../planning/history";
import { engineVersion } from "../../engine/home";
import { CredentialOutputs } from "../../outputs";
import { Settings } from "../../settings";
import { cleanPreview, driftingPreview } from "../status-facts";
import { bound, lastUpOf } from "./discovery-stub";
import { invalid } from "../../clients/config-reader";
import { notice } from "../../diagnostics/diagnostic";

const reasons = (problems: Problem[]) => problems.map(({ severity, reason }) => `${severity}: ${reason}`);

describe("the doctor's run", () => {
    const check = (title: string, run: () => Finding | NotMade, more: Partial<Check<undefined>> = {}) => ({
        title,
        ...more,
        run: async () => run(),
    });
    const fine = () => ({ says: "fine", problems: [] });
    const broken = () => ({ says: "", problems: [failure("it is broken", "mend it")] });

    it("makes every check, and says of those that need a failed one that they were not tried", async () => {
        const shown: string[] = [];
        const outcomes = await runChecks<undefined>(
            [
                check("a", broken),
                check("b", fine, { needs: ["a"] }),
                check("c", fine, { needs: ["b"] }),
                check("d", fine),
                check("e", () => ({ notMade: "not needed: nothing asks for it" })),
                check("f", fine, { needs: ["e"] }),
                check("g", fine, { follows: ["a"] }),
            ],
            undefined,
            ({ title }) => void shown.push(title),
        );
        assert.deepEqual(
            outcomes.map(({ title, status, says }) => `${title} ${status} ${says}`),
            [
                "a failed ",
                'b skipped not tried: "a" failed',
                'c skipped not tried: "a" failed',
                "d passed fine",
                "e skipped not needed: nothing asks for it",
                "f skipped not needed: nothing asks for it",
                "g passed fine",
            ],
        );
        assert.deepEqual(shown, ["a", "b", "c", "d", "e", "f", "g"]);
    });

    it("takes what a check throws for a failure, with a remedy", async () => {
        const details = { service: "Power BI", method: "GET", path: "/groups" };
        const thrown = (error: Error) => check("a", () => assert.fail(error));
        const [outcome] = await runChecks(
            [thrown(new ServiceError({ ...details, reason: "ECONNREFUSED" }))],
            undefined,
        );
        assert.equal(outcome.status, "failed");
        assert.match(outcome.problems[0].reason, /Power BI: GET \/groups got no answer: ECONNREFUSED/);
        assert.match(outcome.problems[0].remedy, /network, proxy and firewall/);
        assert.match(explain(new ServiceError({ ...details, status: 503 })).remedy, /again later/);
        assert.match(explain(new ServiceError({ ...details, status: 403 })).remedy, /right/);
    });

    it("tells a later check what earlier ones found", async () => {
        let told: Outcome[] = [];
        const last: Check<undefined> = {
            title: "last",
            follows: ["first"],
            run: async (_, earlier) => ((told = earlier), fine()),
        };
        await runChecks([check("first", broken), last], undefined);
        assert.deepEqual(
            told.map(({ title, status }) => [title, status]),
            [["first", "failed"]],
        );
    });
});

describe("the doctor's report", () => {
    const outcome = (status: Outcome["status"], problems: Problem[] = []): Outcome => ({
        title: "Warehouses",
        status,
        says: "",
        problems,
    });

    it("has a line for each check, with reason and remedy of what is not well", () => {
        assert.equal(describeOutcome({ ...outcome("passed"), says: "two" }), "✓ Warehouses: two");
        assert.equal(
            describeOutcome(outcome("failed", [failure("it is gone\nfor good", "make it")])),
            "✗ Warehouses\n    it is gone\n      for good\n    → make it",
        );
        assert.equal(
            describeOutcome(outcome("failed", [failure("a", "b"), warning("c", "d")])),
            "✗ Warehouses\n    failed: a\n    → b\n    warning: c\n    → d",
        );
        assert.match(describeOutcome(outcome("warning"), true), /\u001b\[33m!/);
        assert.equal(describeOutcome({ ...outcome("skipped"), says: "not needed" }), "– Warehouses: not needed");
    });

    it("is well when nothing failed, whatever the warnings", () => {
        const outcomes = [outcome("passed"), outcome("warning"), outcome("skipped")];
        assert.deepEqual(reportOf("prod", outcomes), { stack: "prod", ok: true, checks: outcomes });
        assert.equal(reportOf("prod", [...outcomes, outcome("failed")]).ok, false);
        assert.equal(summarize(outcomes), "3 checks: 1 passed, 1 with warnings, 0 failed, 1 not needed or not tried.");
    });
});

describe("the doctor judges", () => {
    it("the engine: versions of Node and pulumi", () => {
        const judge = (node: string, pulumi: string) => reasons(judgeEngine(node, pulumi).problems);
        assert.deepEqual(judge("22.1.0", engineVersion), []);
        assert.deepEqual(judge("18.20.0", engineVersion), ["failure: Node 18.20.0 is too old"]);
        assert.match(judge("22.1.0", "3.100.1")[0], /^warning: pulumi 3.100.1 is older/);
        assert.deepEqual(judge("22.1.0", "4.0.0"), []);
    });

    it("plugins: whether they are there, with what installs them", () => {
        const plugin = (version: string, kind = "resource") => ({ name: "databricks", kind, version });
        const judge = (installed: object, mayFetch = false) =>
            missingPlugin([installed as ReturnType<typeof plugin>], "databricks", "1.2.3", mayFetch);
        assert.deepEqual(judge(plugin("1.2.3")), []);
        const [missing] = judge(plugin("1.0.0"));
        assert.equal(missing.severity, "failure");
        assert.match(
            missing.reason,
            /databricks 1.2.3 is not installed \(there is 1.0.0\), and pulumi may not fetch it/,
        );
        assert.match(missing.remedy, /pulumi plugin install resource databricks v1.2.3/);
        assert.equal(judge(plugin("1.2.3", "analyzer"), true)[0].severity, "warning");
    });

    it("which optional plugins the configuration needs, and because of what", () => {
        const bare = { credentials: [{}], connection: { databricks: { databricks: {} } } } as unknown as Settings;
        assert.deepEqual(pluginsFor(bare), []);
        const all = {
            credentials: [{}, { keyVault: {}, afterRotation: "./notify.sh" }],
            connection: { databricks: {} },
            powerBiServicePrincipal: {},
        } as unknown as Settings;
        assert.deepEqual(
            pluginsFor(all).map(({ packageName, key }) => `${packageName} ${key}`),
            [
                "@pulumi/azuread powerBiServicePrincipal",
                "@pulumi/azure-native credentials[1].keyVault",
                "@pulumi/command credentials[1].afterRotation",
            ],
        );
        const learnt = { ...bare, connection: { databricks: { germany: { azureResourceId: "/subscriptions/…" } } } };
        assert.equal(
            pluginsFor(learnt as unknown as Settings)[0].key,
            "databricksWorkspaces.germany.azureWorkspaceResourceId",
        );
    });

    it("the backend: what serves one person, and what is not safe", () => {
        const judge = (url: string, secretsProvider?: string) =>
            reasons(judgeBackend({ user: "ana", url, secretsProvider }).problems);
        assert.deepEqual(judge("https://app.pulumi.com/ana"), []);
        assert.deepEqual(judge("azblob://state?storage_account=x", "azurekeyvault://kv/keys/k"), []);
        assert.match(judge("s3://state")[0], /^failure: .*no secrets provider/);
        assert.match(judge("s3://state", "passphrase")[0], /^warning: .*passphrase: for one person/);
        assert.match(
            judge("file:///home/ana/state", "awskms://alias/k")[0],
            /^warning: .*on this machine: for one person/,
        );
        assert.match(judge("http://backend.example.com", "awskms://alias/k")[0], /^failure: .*not https/);
        assert.deepEqual(judge("http://127.0.0.1:8080", "awskms://alias/k"), []);
        const { says } = judgeBackend({ user: "ana", url: "https://ana:secret@backend.example.com?token=1" });
        assert.equal(says, "ana at https://backend.example.com, encrypted with the backend's own key");
    });

    it("rights in Databricks: admins may all, others neither service principals nor secrets", () => {
        assert.deepEqual(judgeRights({ userName: "ana", groups: ["admins"] }, true).problems, []);
        const [problem] = judgeRights({ userName: "ana", groups: ["users"] }, true).problems;
        assert.match(`${problem.severity} ${problem.reason} ${problem.remedy}`, /failure ana is not in.*applicationId/);
        const [adopted] = judgeRights({ userName: "ana", groups: [] }, false).problems;
        assert.equal(adopted.severity, "warning");
        // Databricks lets no manager of a service principal make secrets of it.
        assert.match(adopted.reason, /secrets of service principals are made by admins alone/);
        assert.equal(adopted.remedy, "make it an admin of the workspace");
    });

    it("warehouses: whether they are alive, and whether CAN USE may be given there", () => {
        const warehouse = { id: "44ff", name: "Sales", state: "STOPPED" };
        assert.deepEqual(judgeState(warehouse), []);
        assert.match(judgeState({ ...warehouse, state: "DELETING" })[0].reason, /"Sales" \(44ff\) is being deleted/);
        const ana = { userName: "ana", groups: ["engineers"] };
        const entry = (names: object, permission_level: string) => ({
            ...names,
            all_permissions: [{ permission_level }],
        });
        const judge = (...acl: object[]) => judgeAcl(warehouse, acl, ana).length;
        assert.equal(judge(), 1);
        assert.equal(judge(entry({ user_name: "ana" }, "CAN_USE"), entry({ user_name: "ben" }, "CAN_MANAGE")), 1);
        assert.equal(judge(entry({ user_name: "ana" }, "IS_OWNER")), 0);
        assert.equal(judge(entry({ group_name: "engineers" }, "CAN_MANAGE")), 0);
        assert.deepEqual(judgeAcl(warehouse, [], { userName: "ana", groups: ["admins"] }), []);
        assert.match(judgeAcl(warehouse, [], ana)[0].remedy, /give ana CAN MANAGE on it/);
    });

    it("free slots by the keys that have no secret yet", () => {
        const secrets = [1, 2, 3, 4, 5].map((id) => ({
            id: `s${id}`,
            status: "ACTIVE",
            create_time: "2026-10-01T00:00:00Z",
        }));
        const now = new Date("2026-11-01T00:00:00Z");
        const [full] = judgeSlots("powerbi-sales", "77", secrets, ["2026-11"], now);
        assert.match(
            full.reason,
            /has 5 secrets, and 5 is.*no room for 1 more \(rotation key 2026-11\)\. It has:\n {2}s1/s,
        );
        assert.match(full.reason, /s5 \(ACTIVE, 31 days old\)$/);
        assert.match(full.remedy, /^delete those that nobody uses.*service-principal-secrets-proxy delete 77/);
        assert.deepEqual(judgeSlots("powerbi-sales", "77", secrets, []), []);
        assert.deepEqual(judgeSlots("powerbi-sales", "77", secrets.slice(1), ["2026-11"]), []);

        const resource = (type: string, name: string) => ({
            urn: `urn:pulumi:test::project::component$${type}::${name}`,
            type,
            id: `id of ${name}`,
        });
        const state = [
            resource("databricks:index/servicePrincipalSecret:ServicePrincipalSecret", "powerbi-sales-2026-10"),
            resource("databricks:index/servicePrincipal:ServicePrincipal", "powerbi-sales"),
        ];
        assert.deepEqual(newKeys(state, { name: "powerbi-sales" }, ["2026-11", "2026-10"]), ["2026-11"]);
        assert.equal(ownPrincipal(state, { name: "powerbi-sales" })?.id, "id of powerbi-sales");
        assert.equal(ownPrincipal(state, { name: "powerbi" }), undefined);
    });

    it("grants: by the owners, the metastore's admin and MANAGE", () => {
        assert.deepEqual(securableOf({ catalog: "main" }), { type: "catalog", fullName: "main" });
        assert.deepEqual(securableOf({ catalog: "main", schema: "sales", table: "orders" }), {
            type: "table",
            fullName: "main.sales.orders",
        });
        const user = { userName: "ana", groups: ["engineers"] };
        assert.equal(mayGrant({ user, owners: ["olga"], privileges: ["SELECT", "ALL_PRIVILEGES"] }), false);
        assert.equal(mayGrant({ user, owners: ["olga", "engineers"], privileges: [] }), true);
        assert.equal(mayGrant({ user, owners: [], privileges: ["MANAGE"] }), true);
    });

    it("a service principal that the stack makes and that is granted nothing, but not one that it adopts", () => {
        const judge = (credential: object) =>
            judgeMissing("credentials[0]", { name: "powerbi-sales", grants: [], ...credential });
        const [missing] = judge({});
        assert.equal(missing.severity, "warning");
        assert.match(
            missing.reason,
            /^credentials\[0\]: the stack makes powerbi-sales and grants it nothing: .* fail with a permission error/,
        );
        assert.match(missing.remedy, /grants: \[\{ catalog: \S+, schema: \S+ \}\].*group/);
        assert.deepEqual(judge({ grants: [{ catalog: "main" }] }), []);
        assert.deepEqual(judge({ applicationId: "0dd5ec7e-0000-4000-8000-000000000001" }), []);
    });

    it("secret scopes that are to be made, and those that are to be there", () => {
        const use = (name: string, create: boolean) => ({ name, create, readers: [] });
        assert.deepEqual(judgeScopes([use("a", true), use("b", false)], ["b"], []), []);
        assert.deepEqual(judgeScopes([use("a", true)], ["a"], ["a"]), []);
        assert.match(judgeScopes([use("a", true)], ["a"], [])[0].remedy, /secretScope\.create: false/);
        assert.match(
            judgeScopes([use("a", false)], ["b"], [])[0].reason,
            /no scope "a" that the login sees.*There are: b/,
        );
    });

    it("SP2's login in words, by Entra's code and by where its secret stands", () => {
        const login: AzureLogin = { login: "clientSecret", tenantId: "t", clientId: "c", clientSecret: "hidden" };
        const explained = (code: string, of: AzureLogin = login) => {
            const { reason, remedy } = explainLogin(
                of,
                `Entra: the login failed: ${code}: …. Check ${describeLogin(of).check}.`,
            );
            assert.doesNotMatch(reason + remedy, /hidden/);
            return `${reason} → ${remedy}`;
        };
        assert.match(explained("AADSTS7000215"), /secret is wrong \(AADSTS7000215\) → .*--path powerBi\.clientSecret/);
        assert.match(explained("AADSTS7000222"), /has expired/);
        assert.match(explained("AADSTS90002"), /no such tenant.* → correct powerBi\.tenantId/);
        assert.match(explained("AADSTS700016"), /no such application.* → correct powerBi\.clientId/);
        const github: AzureLogin = { login: "github", tenantId: "t", clientId: "c" };
        assert.match(explained("AADSTS70021", github), /no federated credential.* → add one in Entra/);
        const scope: AzureLogin = {
            login: "secretScope",
            secretScope: "powerbi_credentials",
            tenantIdKey: "t",
            clientIdKey: "c",
            clientSecretKey: "client-secret",
        };
        assert.match(explained("AADSTS7000215", scope), /in the secret scope powerbi_credentials, entry client-secret/);
        assert.match(explained("AADSTS12345"), /AADSTS12345: … → check its tenantId, clientId and clientSecret$/);
        const { reason, remedy } = explainLogin(login, "Entra: there is no answer. Look whether it can be reached.");
        assert.deepEqual([reason, remedy], ["Entra: there is no answer", "look whether it can be reached"]);
    });

    it("roles in workspaces, by SP2's client id or object id", () => {
        const members = [
            { identifier: "ana@example.com", groupUserAccessRight: "Admin" },
            { identifier: "0B1EC7AA", groupUserAccessRight: "Viewer" },
        ];
        assert.equal(roleOf(["c11e47aa", "0b1ec7aa"], members), "Viewer");
        assert.equal(roleOf(["c11e47aa"], members), undefined);
        const judge = (role?: string) => judgeRole({ id: "1", name: "Sales" }, role).map(({ severity }) => severity);
        assert.deepEqual([judge("Admin"), judge("Member"), judge()], [[], [], []]);
        assert.deepEqual([judge("Viewer"), judge("Contributor")], [["failure"], ["warning"]]);
    });

    it("gateways by name and by pattern, and says when Fabric's cannot be seen", () => {
        const found = {
            administered: [{ id: "1", name: "HQ cluster", kind: "Onpremises" as const }],
            foreign: new Map<string, string>(),
            complete: true,
        };
        const named = (gateway: string) => ({ kind: "datasource" as const, gateway, datasource: "x" });
        const place = (binding: object, last?: CredentialOutputs) =>
            [{ where: "credentials[0].bindings[0]", binding, history: new History(last) }] as never;
        assert.deepEqual(judgeGateways(found, place(named("HQ cluster"))), []);
        const [missing] = judgeGateways(found, place(named("Plant gateway")));
        assert.match(missing.reason, /SP2 administers no gateway "Plant gateway"\. There are: "HQ cluster"/);
        assert.match(missing.remedy, /make SP2 an admin of the gateway \(Manage connections/);
        const pattern = { kind: "discover", via: "gateways", gateways: ["Plant *"], exclude: {} };
        assert.deepEqual(
            judgeGateways(found, place(pattern)).map(({ severity }) => severity),
            ["warning"],
        );
        const held = { ...bound("Onpremises", "9", "x", "aaaa", "d1"), gateway: "Plant gateway", datasource: "x" };
        const [kept] = judgeGateways(found, place(named("Plant gateway"), lastUpOf("k1", held)));
        assert.deepEqual([kept.severity, kept.reason], ["warning", missing.reason], "what was bound stops no run");
        const renamed = { ...held, gatewayId: "1" };
        assert.deepEqual(judgeGateways(found, place(named("Plant gateway"), lastUpOf("k1", renamed))), []);
        assert.match(judgeGateways({ ...found, complete: false }, [])[0].remedy, /can call Fabric public APIs/);
    });

    it("what a preview refuses as a failure, and what it finds to differ as a warning", () => {
        const refused = { failed: true, digest: {}, errors: "error: the owner has left", said: [] };
        const [first] = judgePreview(readPreview(refused, []), false);
        assert.deepEqual([first.severity, first.reason], ["failure", "error: the owner has left"]);
        assert.deepEqual(reasons(judgePreview(driftingPreview, true)), [
            "warning: its type is OAuth2",
            "warning: the owner of it is ben",
            'warning: dataset "Stock" in workspace "Sales" is elsewhere',
            "warning: the warehouse is gone",
        ]);
        const [change] = judgePreview(driftingPreview, false).slice(-1);
        assert.match(change.reason, /^pulumi up would make 2 changes: update GatewayCredential g1-d1, update/);
        assert.deepEqual(judgePreview(cleanPreview, false), []);
    });

    it("what is held as a warning, with the remedy of its own", () => {
        const held = notice("held", {}, "it is not found", "give the right back");
        const found = judgeDiscovery({ problems: [], warnings: [held] }, []);
        assert.deepEqual("problems" in found && found.problems, [
            { code: "held", ...warning("it is not found", "give the right back") },
        ]);
    });

    it("discovery by what no earlier check has said", () => {
        const workspace = invalid("credentials[0].bindings[0].workspace", 'there is no workspace "X" that SP2 sees');
        const dataset = invalid("credentials[0].bindings[1].dataset", 'there is no dataset "Y" in workspace "Z"');
        const problems = [problemOf(workspace)];
        const earlier: Outcome = { title: "Workspaces", status: "failed", says: "", problems };
        assert.ok("notMade" in judgeDiscovery({ problems: [workspace], warnings: [] }, [earlier]));
        const warnings = [notice("renamed", {}, "something to know", "write the new name")];
        const found = judgeDiscovery({ problems: [workspace, dataset], warnings }, [earlier]);
        assert.deepEqual("problems" in found && reasons(found.problems), [
            'failure: credentials[0].bindings[1].dataset: there is no dataset "Y" in workspace "Z"',
            "warning: something to know",
        ]);
    });
});
