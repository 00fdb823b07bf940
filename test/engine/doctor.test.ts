import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { DoctorReport } from "../../commands/doctor/report";
import { isMutation } from "../../sandbox/control-client";
import { runCommand } from "./run-command";
import * as support from "./support";

const legacy = "0dd5ec7e-0000-4000-8000-000000000001";
const secretValues = /dapi-sandbox|sandbox-sp2-secret|dose-legacy|a-wrong-secret/;

describe("npm run doctor", function () {
    this.timeout(support.engineTimeoutInMs);

    let scene: support.Scene;
    before(async () => (scene = await support.setScene({ base: "estate" })));
    after(() => scene?.close());

    const stackFile = () => fs.readFileSync(path.join(scene.stack.folder, "Pulumi.test.yaml"), "utf8");
    const examine = async (...args: string[]) => {
        const before = stackFile();
        const result = await runCommand(scene.stack, "doctor", "--stack", "test", ...args);
        assert.doesNotMatch(result.stdout + result.stderr, secretValues);
        assert.equal(stackFile(), before);
        return result;
    };
    const credentials = () => scene.stack.config()[`${support.project}:credentials`] as Record<string, unknown>[];

    it("finds a healthy estate well, changes nothing, and warns of what serves one person only", async () => {
        const { exitCode, stdout } = await examine();
        assert.equal(exitCode, 0, stdout);
        assert.doesNotMatch(stdout, /^✗/m);
        assert.match(stdout, /^✓ Engine: Node \S+, pulumi 3\.\d+\.\d+$/m);
        assert.match(stdout, /^✓ Plugins: databricks 1\.\d+\.\d+$/m);
        assert.match(stdout, /^! Backend: .*file:\/\/.*passphrase\n.*for one person/m);
        assert.match(stdout, /^✓ Configuration: rotation key 2026-11, 3 credentials, 8 bindings, on the sandbox$/m);
        assert.match(stdout, /^✓ Warehouses \(ops\): Ops warehouse \(running\)$/m);
        assert.match(stdout, /^✓ Discovery: 29 datasets, 5 datasources of gateways$/m);
        assert.match(stdout, /^✓ Preview: pulumi up would make \d+ changes: create /m);
        assert.match(stdout, /^25 checks: 21 passed, 1 with warnings, 0 failed, 3 not needed or not tried\.$/m);
        assert.deepEqual((await scene.control.requests()).filter(isMutation), []);
    });

    it("names all that is broken at once, with reason and remedy, and exits with 1", async () => {
        const [sales, finance, ops] = credentials();
        support.configure(scene.stack, {
            credentials: [sales, { ...finance, servicePrincipal: undefined, applicationId: legacy }, ops],
        });
        await scene.control.edit((world) => {
            const { databricks, powerBi } = world;
            databricks.warehouses = databricks.warehouses.filter(({ name }: { name: string }) => !/^Sales/.test(name));
            const { secrets } = databricks.servicePrincipals[0];
            while (secrets.length < 5) {
                secrets.push({ ...secrets[0], id: `5ec7e000-0000-4000-8000-00000000010${secrets.length}` });
            }
            databricks.scopes.push({ name: "powerbi", entries: [], acls: [] });
            powerBi.gateways[0].admins = [];
            powerBi.adminApisAllowed = [];
            powerBi.workspaces[0].members.find(
                ({ principal }: { principal: string }) => principal === support.sp2,
            ).role = "Viewer";
        });
        const { exitCode, stdout } = await examine();
        assert.equal(exitCode, 1);
        for (const expected of [
            /^✗ Warehouses \(databricks\): Finance.*\n +credentials\[0\]\.warehouse: there is no SQL warehouse "Sales.*\n +→ correct/m,
            /^✗ Free secret slots \(databricks\): .*\n.* has 5 secrets, and 5 is Databricks' limit.*(\n +5ec7e000-\S+ \(ACTIVE.*){5}\n +→ delete/m,
            /^✗ Secret scopes \(databricks\): powerbi\n.*\n +→ use the one that is there: secretScope\.create: false/m,
            /^✗ Workspaces: Sales \(Viewer\), .*\n.*may not take datasets over\n +→ make SP2 a Member or an Admin/m,
            /^✗ Gateways: .*\n.*SP2 administers no gateway "HQ cluster".*\n +→ correct the name, or make SP2 an admin/m,
            /^✗ Scanner\n.*not open to SP2.*\n +→ enable the tenant setting "Service principals can access read-only/m,
            /^✓ Warehouses \(ops\)/m,
            /^– Discovery: nothing more is missing than what is said above$/m,
            /^25 checks: .* 6 failed/m,
        ]) {
            assert.match(stdout, expected);
        }
    });

    it("tells machines that the tenant refuses SP2, and what could not be tried because of that", async () => {
        await scene.control.edit((world) => (world.powerBi.servicePrincipalsAllowed = false));
        const { exitCode, stdout } = await examine("--json");
        assert.equal(exitCode, 1);
        const report: DoctorReport = JSON.parse(stdout);
        assert.equal(report.ok, false);
        const of = (title: string) => report.checks.find((check) => check.title === title)!;
        assert.equal(of("SP2's login").status, "passed");
        assert.match(of("Tenant setting").problems[0].remedy, /"Service principals can call Fabric public APIs"/);
        assert.deepEqual(
            [of("Gateways").status, of("Gateways").says],
            ["skipped", 'not tried: "Tenant setting" failed'],
        );
    });

    it("puts a refused login of SP2 in words", async () => {
        const powerBi = scene.stack.config()[`${support.project}:powerBi`] as object;
        support.configure(scene.stack, { powerBi: { ...powerBi, clientSecret: "a-wrong-secret" } });
        const { exitCode, stdout } = await examine();
        assert.equal(exitCode, 1);
        assert.match(
            stdout,
            /^✗ SP2's login\n.*cannot log in: the client secret is wrong \(AADSTS7000215\)\n +→ store/m,
        );
        assert.match(stdout, /^– Tenant setting: not tried: "SP2's login" failed$/m);
    });

    it("lists the mistakes of the configuration, and tells a stack that is not there", async () => {
        support.configure(scene.stack, { rotationKey: "a b", credentials: [] });
        const { exitCode, stdout } = await examine();
        assert.equal(exitCode, 1);
        assert.match(
            stdout,
            /^✗ Configuration: Pulumi\.test\.yaml\n +rotationKey: "a b" is no.*\n +→ .*\n +credentials: /m,
        );
        assert.match(stdout, /^– Databricks login: not tried: "Configuration" failed$/m);

        const missing = await runCommand(scene.stack, "doctor", "--stack", "nowhere");
        assert.equal(missing.exitCode, 1);
        assert.match(missing.stdout, /^✗ Backend: .*\n.*no stack named 'nowhere'.*\n +→ .*pulumi stack init nowhere/m);
        assert.equal((await runCommand(scene.stack, "doctor")).exitCode, 2);
    });
});
