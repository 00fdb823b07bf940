import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { projectRoot } from "../../engine/home";
import { scripts } from "../../package.json";

const run = (command: keyof typeof scripts, ...args: string[]) => {
    const script = path.join(projectRoot, scripts[command].split(" ").at(-1)!);
    // A folder without a project, and no job's variables: help is for those who have nothing yet.
    const env = { PATH: process.env.PATH, TS_NODE_PROJECT: path.join(projectRoot, "tsconfig.json") };
    const register = require.resolve("ts-node/register/transpile-only");
    return spawnSync(process.execPath, ["-r", register, script, ...args], { cwd: os.tmpdir(), env, encoding: "utf8" });
};

const optionsIn = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, option]) => option).sort();

for (const command of ["preview", "deploy", "drift", "rotate", "comment"] as const) {
    describe(`npm run ${command} -- --help`, () => {
        let help: ReturnType<typeof run>;
        let usage: string;
        before(() => {
            help = run(command, "--help");
            usage = help.stdout.split("\n")[0];
        });

        it("prints how the command is called and what it does, and exits with 0", () => {
            const [, blank, does] = help.stdout.split("\n");
            assert.deepEqual([help.status, help.stderr], [0, ""]);
            assert.match(usage, new RegExp(`^npm run ${command} -- --\\w`));
            assert.equal(blank, "");
            assert.match(does, /^[A-Z].{20}/);
        });

        it("has a line for each option that the usage names, and no other", () => {
            const options = optionsIn(help.stdout, /^ {2}(--\S+) .*\w/gm);
            assert.deepEqual(options, optionsIn(usage, /(--\w[\w-]*)/g));
        });

        it("fits a terminal of 120 columns", () => {
            assert.deepEqual(
                help.stdout.split("\n").filter((line) => line.length > 120),
                [],
            );
        });

        it("says what docs/pipelines.md says", () => {
            const table = fs.readFileSync(path.join(projectRoot, "docs", "pipelines.md"), "utf8");
            assert.ok(table.includes(`| \`${usage.replace(/\|/g, "\\|")}\` `), usage);
        });

        it("is printed for -h as well", () => {
            assert.equal(run(command, "-h").stdout, help.stdout);
        });

        it("is not printed for an option that is unknown: that fails, with the usage", () => {
            const unknown = run(command, "--stak", "prod");
            assert.deepEqual([unknown.status, unknown.stdout], [1, ""]);
            assert.equal(unknown.stderr, `error: Unknown option '--stak'. Usage: ${usage}\n`);
        });
    });
}

for (const command of ["status", "doctor", "init"] as const) {
    describe(`npm run ${command} -- -h`, () => {
        it("prints the same help as --help", () => {
            const { status, stdout } = run(command, "-h");
            assert.equal(status, 0);
            assert.match(stdout, new RegExp(`^npm run (--silent )?${command} -- `));
            assert.equal(stdout, run(command, "--help").stdout);
        });
    });
}
