import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { commandFor, storeSecret } from "../../commands/init/secrets";
import { configurationOf } from "../../commands/init/configuration";
import { pulumiEnvironment } from "../../engine/environment";
import { runCommand } from "./run-command";
import * as support from "./support";

describe("npm run init", function () {
    this.timeout(support.engineTimeoutInMs);

    let scene: support.Scene;
    before(async () => (scene = await support.setScene()));
    after(() => scene?.close());

    const stackFile = () => path.join(scene.stack.folder, "Pulumi.test.yaml");
    const flags = (overrides: Record<string, string> = {}) =>
        Object.entries({
            stack: "test",
            "databricks-host": scene.sandbox.urls.databricks,
            "databricks-auth": "pat",
            warehouse: "Sales warehouse",
            "service-principal": "powerbi-sales",
            grant: "main.sales",
            workspace: "Sales",
            dataset: "Sales model",
            "take-over": "yes",
            "power-bi-login": "clientSecret",
            "tenant-id": "7e4a47aa-0000-4000-8000-000000000001",
            "client-id": support.sp2,
            ...overrides,
        }).flatMap(([flag, value]) => [`--${flag}`, value]);

    it("without a terminal lists the flags that are missing, and replaces no file unless told to", async () => {
        const before = fs.readFileSync(stackFile(), "utf8");
        const missing = await runCommand(scene.stack, "init", "--stack", "other", "--power-bi-login", "github");
        assert.equal(missing.exitCode, 2);
        assert.match(missing.stderr, /^--databricks-host is missing: .*\n--databricks-auth is missing.*azure-cli \| /m);
        assert.match(missing.stderr, /^--tenant-id is missing/m);
        const refused = await runCommand(scene.stack, "init", ...flags());
        assert.equal(refused.exitCode, 1);
        assert.match(refused.stderr, /Pulumi\.test\.yaml is there already.*--force/);
        assert.equal(fs.readFileSync(stackFile(), "utf8"), before);
    });

    it("writes a stack that, with its secrets, goes up", async () => {
        const { stack } = scene;
        const written = await runCommand(stack, "init", "--force", ...flags(), "--grant", "main.finance");
        assert.equal(written.exitCode, 0, written.stderr);
        assert.doesNotMatch(written.stdout, /is granted nothing/);
        const { secrets } = configurationOf({ "databricks-auth": "pat", "power-bi-login": "clientSecret" }, "any");
        for (const secret of secrets) {
            assert.ok(written.stdout.includes(commandFor(secret, "test")), written.stdout);
        }
        assert.doesNotMatch(written.stdout, /pulumi stack init/);

        const values: Record<string, string> = {
            "databricks:token": "dapi-sandbox-deployer",
            "powerBi.clientSecret": "sandbox-sp2-secret",
        };
        const environment = { ...process.env };
        Object.assign(process.env, pulumiEnvironment(path.join(stack.folder, "state")));
        try {
            for (const secret of secrets) {
                await storeSecret(secret, values[secret.key], "test", stack.folder);
            }
        } finally {
            process.env = environment;
        }
        const text = fs.readFileSync(stackFile(), "utf8");
        assert.doesNotMatch(text, /dapi-sandbox|sandbox-sp2-secret/);
        assert.match(text, /# Change it to rotate/);
        assert.match(text, /^encryptionsalt: /m);

        // What only the sandbox needs.
        const { entra, powerBi, fabric } = scene.sandbox.urls;
        support.configure(stack, { endpoints: { entra, powerBi, fabric } });
        const { output } = support.succeeds(await stack.up());
        assert.match(output, /ServicePrincipalSecret powerbi-sales-\d{4}-\d\d +created/);
        assert.match(output, /powerbi-sales: 1 datasource, 1 dataset/);
        assert.match(output, /Grant powerbi-sales-main\.sales +created/);
        assert.match(output, /Grant powerbi-sales-main\.finance +created/);
    });

    it("writes a stack that the doctor finds well when it is up", async () => {
        const { exitCode, stdout } = await runCommand(scene.stack, "doctor", "--stack", "test");
        assert.equal(exitCode, 0, stdout);
        assert.match(stdout, /^✓ Service principals: powerbi-sales is the stack's$/m);
        assert.match(stdout, /^✓ Grants: main\.sales, main\.finance$/m);
        assert.match(stdout, /^✓ Free secret slots: powerbi-sales has 1 of 5 secrets$/m);
    });
});
