import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { pulumiHome } from "../../engine/home";
import { CommandResult } from "../../engine/stack";
import { ArgumentWatcher, filesBelow, Finding, SecretScanner, Source } from "../secret-scan";
import * as support from "./support";

/** The most that the engine may be asked to tell: from 3 on, it and the databricks plugin write values in plain text. */
const quiet = ["--logtostderr", "--logflow", "-v=2"];
/** The words with which engine and plugin write them; all others would be ours. */
const foreign = [
    // The Terraform provider's trace of what it stores (terraform-provider-databricks, common/reflect_resource.go).
    /\[TRACE\] set \w+ \\*"█/,
    // The SDK's debug message about a resource that was registered (@pulumi/pulumi, runtime/resource.js).
    /RegisterResource RPC finished/,
    // And about the state that the program asks the engine for, secrets in it (@pulumi/pulumi, runtime/invoke.js).
    /Invoke RPC finished/,
    // At -v=9 the engine logs its calls with all they carry, the configured logins too (pulumi, sdk/go/.../plugin/rpc.go).
    /(Unm|M)arshaling property for RPC\[/,
    // And the bridge what it stores (pulumi-terraform-bridge, pkg/tfbridge/schema.go).
    /Terraform output unhandled: /,
];

describe("secrets, through a whole life", function () {
    this.timeout(support.engineTimeoutInMs);

    let scene: support.Scene;
    let temporary: string;
    let watcher: ArgumentWatcher;
    const start = Date.now();
    const printed: Source[] = [];

    const keep = (name: string, result: CommandResult) => {
        printed.push({ name, text: result.output });
        return result;
    };
    const fails = (name: string, result: CommandResult, words: RegExp) => {
        assert.notEqual(result.exitCode, 0, `${name}: ${result.output}`);
        assert.match(keep(name, result).output, words);
    };
    const findings = async (sources: Source[]) => new SecretScanner(await scene.control.issuedValues()).scan(sources);

    before(async () => {
        temporary = fs.mkdtempSync(path.join(os.tmpdir(), "hygiene-"));
        watcher = new ArgumentWatcher();
        scene = await support.setScene({
            config: { verificationTimeoutInSeconds: 1 },
            environment: { TMPDIR: temporary, PULUMI_DEBUG_COMMANDS: "true" },
        });
    });
    after(async () => {
        watcher.stop();
        await scene?.close();
        fs.rmSync(temporary, { recursive: true, force: true });
    });

    it("are made, shown in previews and bound", async () => {
        const { stack } = scene;
        support.succeeds(keep("preview --diff", await stack.preview("--diff", ...quiet)));
        support.succeeds(keep("up", await stack.up(...quiet)));
        support.configure(stack, { rotationKey: "2026-12" });
        support.succeeds(keep("preview of a rotation", await stack.preview("--diff", "--json")));
    });

    const echoing = "refused: ${request.authorization} ${request.body}";
    const failures: [string, object, RegExp][] = [
        [
            "a new secret is refused, in words that repeat it",
            {
                service: "databricks",
                method: "POST",
                path: "/oidc/v1/token",
                newSecretsOnly: true,
                status: 401,
                headers: { "x-request-id": "${request.authorization}" },
                body: { error: "invalid_client", error_description: echoing },
            },
            /does not log in: .* answered 401 invalid_client: refused: /,
        ],
        [
            "a query is refused, in words that repeat its token",
            {
                service: "databricks",
                method: "POST",
                path: "/api/2.0/sql/statements",
                status: 400,
                headers: { "x-databricks-request-id": "${request.authorization}" },
                body: { error_code: "INTERNAL_ERROR", message: echoing },
            },
            /statements answered 400 INTERNAL_ERROR: refused: /,
        ],
        [
            "Power BI refuses a credential, in words, codes and headers that repeat it",
            {
                service: "powerBi",
                method: "PATCH",
                path: "/datasources/",
                status: 400,
                headers: { requestid: "${request.authorization}", "x-ms-request-id": "${request.body}" },
                body: {
                    error: {
                        code: "Invalid ${request.body}",
                        "pbi.error": {
                            details: [{ code: "DM_UnderlyingErrorMessage", detail: { value: echoing } }],
                        },
                    },
                },
            },
            /0 of 1 datasources of powerbi-\w+ were switched .*PATCH .* answered 400/s,
        ],
        [
            "Power BI answers with a web page that repeats it",
            {
                service: "powerBi",
                method: "PATCH",
                path: "/datasources/",
                status: 400,
                headers: { "content-type": "text/html" },
                body: `<html><body>${echoing}</body></html>`,
            },
            /0 of 1 datasources of powerbi-\w+ were switched .*PATCH .* answered 400/s,
        ],
        [
            "Power BI fails to refresh, and repeats the login",
            {
                service: "powerBi",
                method: "POST",
                path: "/refreshes",
                status: 500,
                headers: { requestid: "${request.authorization}" },
                body: { error: { code: "${request.authorization}", message: echoing } },
            },
            /POST .*\/refreshes answered 500 /,
        ],
        [
            "Entra refuses the login and repeats it",
            {
                service: "entra",
                method: "POST",
                path: "/oauth2/v2.0/token",
                status: 401,
                body: { error: "invalid_client", error_description: `AADSTS7000215: ${echoing}` },
            },
            /Entra: the login of the service principal .* failed: .*AADSTS7000215/,
        ],
    ];
    for (const [name, fault, words] of failures) {
        it(`are not repeated when ${name}`, async () => {
            await scene.control.faults([fault]);
            fails(name, await scene.stack.up(...quiet), words);
        });
    }

    it("are rotated, refreshed, exported and destroyed", async () => {
        const { stack } = scene;
        await scene.control.faults([]);
        support.succeeds(keep("rotation", await stack.up(...quiet)));
        keep("export", { exitCode: 0, output: await stack.export() });
        keep("outputs", { exitCode: 0, output: JSON.stringify(await stack.outputs()) });
        support.succeeds(keep("refresh", await stack.refresh(...quiet)));
    });

    it("show in nothing that was printed", async () => {
        assert.ok((await scene.control.issuedValues()).length > 20, "the sandbox tells what it issued");
        assert.deepEqual(await findings(printed), []);
    });

    it("show in no file: not in the state, not in temporary files, not in the engine's folder", async () => {
        const home = filesBelow(path.join(pulumiHome(), "logs"), start);
        const files = [...filesBelow(scene.stack.folder), ...filesBelow(temporary), ...home];
        assert.ok(files.some(({ name }) => name.includes("/state/.pulumi/stacks/")));
        assert.deepEqual(await findings(files), []);
    });

    it("show in no process's arguments", async () => {
        const seen = watcher.stop();
        assert.ok(seen.some(({ text }) => /pulumi-resource-databricks/.test(text)));
        assert.deepEqual(await findings(seen), []);
    });

    // A fact of the engine and the plugin, which README names: when it ends, this test says so.
    it("show with -v=3 or --debug, but in the words of the engine and the databricks plugin only", async () => {
        const leaksOf = async (rotationKey: string, ...args: string[]): Promise<Finding[]> => {
            support.configure(scene.stack, { rotationKey });
            const { output } = support.succeeds(await scene.stack.up(...args));
            return findings([{ name: args.join(" "), text: output }]);
        };
        const atThree = await leaksOf("2027-01", "--logtostderr", "-v=3");
        const withDebug = await leaksOf("2027-02", "--debug");
        // Without --logtostderr the log is a file, which outlives the run.
        support.succeeds(await scene.stack.preview("-v=9"));
        const atNine = await findings(filesBelow(temporary));
        for (const leaks of [atThree, withDebug, atNine]) {
            assert.ok(leaks.length > 0);
            const ours = leaks.filter(({ context }) => !foreign.some((words) => words.test(context)));
            assert.deepEqual(ours, []);
        }
        keep("destroy", support.succeeds(await scene.stack.destroy(...quiet)));
        assert.deepEqual(await findings(printed.slice(-1)), []);
    });
});
