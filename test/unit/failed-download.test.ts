import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { FailedDownload } from "../../engine/failed-download";
import { engineVersion, projectRoot } from "../../engine/home";

/** What the address of the engine's installer answers. */
interface Answer {
    status: number;
    /** The installer. */
    script?: string;
}

const bin = path.join(projectRoot, "node_modules", ".bin");
const remedy = 'eval "$(npm run --silent env -- --engine)"';

describe("where the npm package pulumi cannot download the engine", () => {
    let folder: string;
    before(() => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "failed-download-"));
        fs.writeFileSync(path.join(folder, "Pulumi.yaml"), "name: powerbi-databricks-credentials\nruntime: nodejs\n");
        fs.writeFileSync(
            path.join(folder, "network.js"),
            [
                "const answer = process.env.TEST_ANSWER && JSON.parse(process.env.TEST_ANSWER);",
                "globalThis.fetch = async (url) => {",
                '    if (!answer) throw new TypeError("fetch failed");',
                "    return new Response(answer.script, { status: answer.status });",
                "};",
            ].join("\n"),
        );
    });
    after(() => fs.rmSync(folder, { recursive: true, force: true }));

    const run = (args: string[], answer?: Answer) => {
        const home = fs.mkdtempSync(path.join(folder, "home-"));
        const env = {
            PATH: [bin, process.env.PATH].join(path.delimiter),
            HOME: folder,
            PULUMI_HOME: home,
            NODE_OPTIONS: `--require ${path.join(folder, "network.js")}`,
            TS_NODE_PROJECT: path.join(projectRoot, "tsconfig.json"),
            ...(answer && { TEST_ANSWER: JSON.stringify(answer) }),
        };
        return spawnSync(process.execPath, args, { cwd: folder, env, encoding: "utf8" });
    };
    const runPackage = (answer?: Answer) => run([require.resolve("pulumi/run.js"), "whoami"], answer);
    const runCommand = (script: string, ...args: string[]) =>
        run(["-r", require.resolve("ts-node/register/transpile-only"), path.join(projectRoot, script), ...args]);

    for (const [what, answer, reason] of [
        ["there is no way to the address", undefined, "fetch failed"],
        ["a proxy refuses it", { status: 403 }, "HTTP 403 fetching "],
        ["the installer fails", { status: 200, script: "echo no route >&2; exit 6" }, "Command failed: "],
    ] as [string, Answer | undefined, string][]) {
        it(`is told by how it ends when ${what}`, () => {
            const { status, stderr } = runPackage(answer);
            assert.notEqual(status, 0);
            const failed = FailedDownload.in(stderr);
            assert.ok(failed, stderr);
            assert.ok(failed.reason.includes(`could not be downloaded: ${reason}`), stderr);
            assert.ok(failed.message.includes(remedy), failed.message);
        });
    }

    it("is told apart from an engine that was downloaded and then fails, or does not start", () => {
        const installs = (program: string) => ({
            status: 200,
            script: [
                `mkdir -p "$PULUMI_HOME/versions/${engineVersion}/bin"`,
                `cd "$PULUMI_HOME/versions/${engineVersion}/bin"`,
                `printf '${program}' > pulumi`,
                "chmod +x pulumi",
            ].join("\n"),
        });
        const fails = runPackage(installs("#!/bin/sh\\necho error: no stack >&2\\nexit 255\\n"));
        assert.match(fails.stderr, /^Downloading pulumi .*\nerror: no stack\n$/);
        assert.equal(FailedDownload.in(fails.stderr), undefined);
        const doesNotStart = runPackage(installs("#!/nowhere/sh\\n"));
        assert.match(doesNotStart.stderr, /^Downloading pulumi .*\npulumi: failed to start/);
        assert.equal(FailedDownload.in(doesNotStart.stderr), undefined);
    });

    it("npm run status names the remedy", () => {
        const { status, stderr } = runCommand("commands/status.ts", "--cwd", folder);
        assert.equal(status, 1);
        assert.match(stderr, /^the Pulumi engine could not be downloaded: fetch failed\. /m);
        assert.ok(stderr.includes(remedy), stderr);
    });

    it("npm run doctor names it as the one thing to do", () => {
        const { status, stdout } = runCommand("commands/doctor.ts", "--stack", "prod", "--cwd", folder);
        assert.equal(status, 1);
        const [, what, todo] = /^✗ Engine\n {4}(.*)\n {4}→ (.*)$/m.exec(stdout) ?? [];
        assert.equal(what, "the Pulumi engine could not be downloaded: fetch failed", stdout);
        assert.ok(todo.includes(remedy), stdout);
    });

    it("the pipelines' commands name it as an error, in the summary too", () => {
        const { status, stderr } = runCommand("pipeline/preview.ts", "--stack", "prod", "--summary", "preview.md");
        assert.equal(status, 1);
        assert.match(
            stderr,
            /\npulumi: fetch failed\nerror: the Pulumi engine could not be downloaded: fetch failed\. /,
        );
        const [errors] = fs.readFileSync(path.join(folder, "preview.md"), "utf8").split("<details>");
        assert.ok(errors.includes(remedy), errors);
    });
});
