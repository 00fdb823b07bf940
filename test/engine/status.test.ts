import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { Printed } from "../../commands/pulumi-cli";
import { StatusReport } from "../../commands/status/report";
import { isMutation } from "../../sandbox/control-client";
import { runCommand } from "./run-command";
import * as support from "./support";
import { setEstate, trouble, troubles } from "./troubled-estate";

describe("status on an estate of three service principals and thirty datasets", function () {
    this.timeout(support.engineTimeoutInMs);

    let scene: support.Scene;
    const printed: string[] = [];

    const status = async (...args: string[]): Promise<Printed> => {
        const result = await runCommand(scene.stack, "status", ...args);
        printed.push(result.stdout, result.stderr);
        return result;
    };
    const reportOf = ({ stdout }: Printed) => JSON.parse(stdout) as StatusReport;

    before(async () => {
        scene = await setEstate();
    });
    after(() => scene?.close());

    it("exits 0 when all is well, and finds the selected stack by itself", async () => {
        const result = await status("--json");
        assert.equal(result.exitCode, 0, result.stdout + result.stderr);
        const { verdict, stack, attention, untold } = reportOf(result);
        assert.deepEqual(
            { verdict, stack, attention, untold },
            { verdict: "well", stack: "test", attention: [], untold: [] },
        );
        assert.match(result.stderr, /^asking the services about 29 datasets and /m, "long work shows progress");
    });

    it("shows drift, a near end, an unknown secret and a failed refresh as tables, writes the page, and exits 7", async () => {
        await trouble(scene);
        await scene.control.forgetRequests();
        const page = path.join(scene.stack.folder, "status.html");
        const result = await status("--stack", "test", "--html", page);
        assert.equal(result.exitCode, 7, result.stdout + result.stderr);
        const { stdout } = result;
        assert.match(stdout, /^Stack test {2}\d+ things to look at\nrotation key 2026-12/);
        assert.match(stdout, /2026-12 {2}current .* 81 days +20\d\d-\d\d-\d\d {2}8 days\n/);
        assert.match(stdout, /2026-11 {2}retained .* ACTIVE .* 120 days/);
        assert.match(stdout, new RegExp(`- +unknown +${troubles.unknownSecret}`));
        assert.match(stdout, /VNET +Azure VNET +dbx-finance-vnet +2026-12 {2}OAuth2 +3 +none +1\n/);
        assert.match(stdout, /on-premises {2}HQ cluster {2}dbx-sales +2026-12 {2}Basic +4 +1 failed, 3 completed/);
        assert.match(
            stdout,
            /1 new secret, 2 datasources \(read by 10 datasets\), 2 scope entries, 9 refreshes; 3 of 5 places/,
        );
        assert.match(stdout, /rotation key 2026-12\) expires in 8 days/);
        assert.match(stdout, /the owner of dataset "Budget" in workspace "Finance EMEA" is now ben@example\.com, not/);
        assert.match(
            stdout,
            /Sales \/ Store stock failed on .*: DM_GWPipeline_Client_GatewayUnreachable: The gateway HQ/,
        );
        assert.match(stdout, /Secret powerbi-sales-client-id is gone/);
        assert.match(stdout, /would make 1 change: create Secret powerbi-sales-client-id/);
        assert.ok(!stdout.includes("\u001b"), "no colours where there is no terminal");
        const text = fs.readFileSync(page, "utf8");
        printed.push(text);
        for (const words of [troubles.unknownSecret, troubles.failedRefresh, troubles.takenOver, "dbx-finance-vnet"]) {
            assert.ok(text.includes(words), words);
        }
    });

    it("gives machines the same in its place, and exits 7", async () => {
        const result = await status("--stack", "test", "--json");
        assert.equal(result.exitCode, 7, result.stderr);
        const { credentials, attention, verdict } = reportOf(result);
        assert.equal(verdict, "attention");
        assert.deepEqual(
            attention.map(({ kind, credential }) => [kind, credential]),
            [
                ["expiry", "powerbi-sales"],
                // An entry of the secret scope, which is the databricks provider's.
                ["drift", "powerbi-sales"],
                ["drift", "powerbi-finance"],
                ["drift", "powerbi-finance"],
                ["failed refresh", "powerbi-sales"],
                ["unknown secret", "powerbi-finance"],
                ["change", "powerbi-sales"],
                ["change", "powerbi-finance"],
            ],
        );
        assert.deepEqual(
            credentials.map(({ name, datasources }) => [name, datasources.length]),
            [
                ["powerbi-sales", 2],
                ["powerbi-finance", 5],
                ["powerbi-ops", 1],
            ],
        );
        const finance = credentials[1];
        const drifted = finance.datasources
            .filter(({ drift }) => drift.length > 0)
            .map(({ kind, name }) => [kind, name]);
        assert.deepEqual(drifted.sort(), [
            ["NoGateway", ""],
            ["VNET", "dbx-finance-vnet"],
        ]);
        const { servicePrincipals } = (await scene.control.world()).databricks;
        const { applicationId, secrets } = servicePrincipals.find(
            ({ displayName }: { displayName: string }) => displayName === "powerbi-finance",
        );
        assert.equal(finance.principal.applicationId, applicationId);
        assert.deepEqual(
            finance.generations.map(({ secretId }) => secretId).sort(),
            secrets.map(({ id }: { id: string }) => id).sort(),
        );
        const owners = finance.datasources.flatMap(({ datasets }) => datasets).map(({ owner }) => owner);
        assert.ok(owners.includes(troubles.takenOver));
    });

    it("says first that a rotation is declared and not done, and which credentials wait for it", async () => {
        support.configure(scene.stack, { rotationKey: "2027-01" });
        const result = await status("--stack", "test", "--json");
        support.configure(scene.stack, { rotationKey: "2026-12" });
        assert.equal(result.exitCode, 7, result.stdout + result.stderr);
        const { attention, toRotate, credentials } = reportOf(result);
        const [first] = attention.filter(({ kind }) => kind === "rotation");
        assert.equal(attention[0], first);
        assert.match(first.words, /^rotation key 2027-01 is declared, but not in use: .*powerbi-sales.* use 2026-12\./);
        assert.deepEqual(
            toRotate,
            credentials.map(({ name }) => name),
        );
    });

    it("exits 1 when something cannot be read, says what, and shows the rest", async () => {
        await scene.control.faults([
            {
                service: "databricks",
                method: "GET",
                path: "/credentials/secrets",
                status: 403,
                body: { error_code: "PERMISSION_DENIED", message: "Only account admins may." },
            },
        ]);
        const result = await status("--stack", "test", "--json");
        await scene.control.faults([]);
        assert.equal(result.exitCode, 1, result.stdout + result.stderr);
        const { verdict, untold, credentials } = reportOf(result);
        assert.equal(verdict, "untold");
        assert.ok(
            untold.some((words) => /^secrets of powerbi-\w+: Databricks: .* PERMISSION_DENIED/.test(words)),
            untold.join(),
        );
        assert.ok(
            untold.some((words) => /^drift, because the preview failed: /.test(words)),
            untold.join(),
        );
        const [{ datasources }] = credentials;
        assert.ok(
            datasources.some(({ datasets }) => datasets.some(({ lastRefresh }) => lastRefresh?.status === "Failed")),
        );
    });

    it("exits 1 and says so when there is no such stack", async () => {
        const result = await status("--stack", "nope");
        assert.equal(result.exitCode, 1);
        assert.equal(result.stdout, "");
        assert.match(result.stderr, /no stack named 'nope' found/);
    });

    it("has changed nothing in all this", async () => {
        assert.deepEqual((await scene.control.requests()).filter(isMutation), []);
    });

    it("has shown no secret", async () => {
        const { databricks, databricks2, entra } = await scene.control.world();
        const secrets: string[] = [databricks, databricks2].flatMap(({ servicePrincipals, tokens }) => [
            ...servicePrincipals.flatMap((principal: { secrets: { secret: string }[] }) =>
                principal.secrets.map(({ secret }) => secret),
            ),
            ...tokens.map(({ token }: { token: string }) => token),
        ]);
        for (const { applications } of entra.tenants) {
            for (const application of applications) {
                secrets.push(...application.secrets.map(({ value }: { value: string }) => value));
            }
        }
        assert.ok(secrets.length >= 10, `${secrets.length} secrets are looked for`);
        assert.deepEqual(
            secrets.filter((secret) => printed.some((text) => text.includes(secret))),
            [],
        );
    });
});
