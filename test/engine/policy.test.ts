import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { projectRoot } from "../../engine/home";
import * as support from "./support";

const pack = path.join(projectRoot, "policy");

/** A program that declares what the project's does, and the whole list of a warehouse's permissions. */
function wrapProgram(): string {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "wrapping-program-"));
    fs.copyFileSync(path.join(projectRoot, "Pulumi.yaml"), path.join(folder, "Pulumi.yaml"));
    fs.symlinkSync(path.join(projectRoot, "node_modules"), path.join(folder, "node_modules"));
    const text = (value: string) => JSON.stringify(value);
    fs.writeFileSync(path.join(folder, "package.json"), '{ "name": "wrapping-program", "main": "index.ts" }');
    fs.writeFileSync(
        path.join(folder, "tsconfig.json"),
        `{ "extends": ${text(path.join(projectRoot, "tsconfig.json"))} }`,
    );
    fs.writeFileSync(
        path.join(folder, "index.ts"),
        [
            'import * as databricks from "@pulumi/databricks";',
            `import program from ${text(path.join(projectRoot, "index"))};`,
            'const accessControls = [{ groupName: "analysts", permissionLevel: "CAN_USE" }];',
            'new databricks.Permissions("all", { sqlEndpointId: "44ff20e73e461e56", accessControls });',
            "export = program;",
        ].join("\n"),
    );
    return folder;
}

describe("the policy pack, on the real engine", function () {
    this.timeout(support.engineTimeoutInMs);

    let scene: support.Scene;
    let folder: string;
    const preview = (config: object) => {
        const file = path.join(scene.stack.folder, "policy-config.json");
        fs.writeFileSync(file, JSON.stringify(config));
        return scene.stack.preview("--policy-pack", pack, "--policy-pack-config", file);
    };

    before(async () => {
        folder = wrapProgram();
        scene = await support.setScene({ programFolder: folder });
    });
    after(async () => {
        await scene?.close();
        fs.rmSync(folder, { recursive: true, force: true });
    });

    it("lets a stack pass that keeps to the rules, and says no more than that", async () => {
        const { output } = support.succeeds(
            await preview({ "warehouse-permissions": { warehouses: ["44ff20e73e461e56"] } }),
        );
        assert.match(output, /Policies:\n +✅ powerbi-databricks-credentials@v0\.1\.0 \(local: .*\)\n\nDiagnostics:/);
        assert.doesNotMatch(output, /warning|advisory|mandatory|remediat|can't run/);
    });

    it("refuses one that breaks them, with the rules' sentences", async () => {
        const [first, ...others] = scene.stack.config()[`${support.project}:credentials`] as object[];
        const elsewhere = "https://adb-1234567890123456.7.azuredatabricks.net";
        support.configure(scene.stack, {
            credentials: [{ ...first, lifetimeDays: 20 }, ...others],
            databricksWorkspaces: {
                other: { host: elsewhere, authType: "env-oidc", clientId: "c", oidcTokenEnv: "T" },
            },
            protect: "false",
        });
        // The program itself refuses those of its logins; this is one that it does not use.
        scene.stack.configure({ "databricks:password": "dose-of-nobody" });
        const { exitCode, output } = await preview({ "loopback-endpoints": { developmentStacks: ["dev"] } });
        assert.notEqual(exitCode, 0, output);
        const expected: [string, string, RegExp][] = [
            [
                "secret-lifetime",
                "A secret outlives its rotation, with days to spare for a rotation that fails.",
                /It lives 20 days, and secrets are rotated every 30 days: give at least 33/,
            ],
            [
                "warehouse-permissions",
                "No stack sets the whole list of a warehouse's permissions unless that is declared.",
                /It replaces the whole list of permissions of warehouse 44ff20e73e461e56/,
            ],
            [
                "protected-principals",
                "Service principals of a production stack are protected from deletion.",
                /Set the config key `protect` to auto or true/,
            ],
            [
                "secret-values",
                "What is secret is marked as a secret, so that it is encrypted in the state and shown nowhere.",
                /Its input databricks:password is plain text/,
            ],
            [
                "loopback-endpoints",
                "Only development stacks speak to services on this machine.",
                /Stack test has databricks:host \(http:\/\/127\.0\.0\.1:\d+\), /,
            ],
        ];
        for (const [rule, sentence, detail] of expected) {
            assert.match(output, new RegExp(`\\[mandatory\\]  ${rule}  `), output);
            assert.ok(output.includes(sentence), output);
            assert.match(output, detail);
        }
        assert.ok(!output.includes("dose-of-nobody"));
    });
});
