import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { databricksPluginVersion, engineFolder, projectRoot } from "../../engine/home";

const bin = path.join(projectRoot, "node_modules", ".bin");

describe('eval "$(npm run --silent env -- --engine)"', () => {
    let folder: string;
    let home: string;
    /** Runs a script in a shell that works with a backend and logins of its own. */
    const shell = (script: string) => {
        const own = {
            PULUMI_BACKEND_URL: "azblob://state",
            PULUMI_CONFIG_PASSPHRASE: "ours",
            DATABRICKS_HOST: "https://adb-1.azuredatabricks.net",
            DATABRICKS_TOKEN: "a token",
            ARM_CLIENT_ID: "a client",
        };
        const env = { PATH: process.env.PATH, HOME: folder, PULUMI_HOME: home, ...own };
        const result = spawnSync("bash", ["-euc", script], { cwd: projectRoot, env, encoding: "utf8" });
        assert.equal(result.status, 0, result.stderr);
        return result.stdout;
    };
    const evaluate = 'eval "$(npm run --silent env -- --engine)"';

    before(() => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "engine-environment-"));
        home = path.join(folder, "somebody's home");
        const engine = engineFolder(home);
        fs.mkdirSync(engine, { recursive: true });
        fs.writeFileSync(path.join(engine, "pulumi"), '#!/bin/sh\necho "the engine of $PULUMI_HOME: $*"\n', {
            mode: 0o755,
        });
        fs.mkdirSync(path.join(home, "plugins", `resource-databricks-v${databricksPluginVersion}`), {
            recursive: true,
        });
    });
    after(() => fs.rmSync(folder, { recursive: true, force: true }));

    it("makes `pulumi` the project's, with the engine that is in PULUMI_HOME", () => {
        assert.equal(shell(`${evaluate}; command -v pulumi`), `${path.join(bin, "pulumi")}\n`);
        assert.equal(shell(`${evaluate}; pulumi login`), `the engine of ${home}: login\n`);
    });

    it("finds the project's own PULUMI_HOME where the shell names none", () => {
        const cache = path.join(folder, "cache");
        fs.mkdirSync(path.join(cache, "powerbi-databricks-credentials"), { recursive: true });
        const own = path.join(cache, "powerbi-databricks-credentials", "pulumi-home");
        fs.symlinkSync(home, own);
        const script = `unset PULUMI_HOME; export XDG_CACHE_HOME='${cache}'; ${evaluate}; env`;
        assert.match(shell(script), new RegExp(`^PULUMI_HOME=${own}$`, "m"));
    });

    it("leaves backend, passphrase and logins as they are", () => {
        const [before, after] = shell(`env; echo ==; ${evaluate}; env`).split("==\n");
        const variables = (text: string) =>
            text
                .split("\n")
                .filter((line) => !/^(PATH|SHLVL|_)=/.test(line))
                .sort();
        assert.deepEqual(variables(after), variables(before));
    });

    it("is refused for an option that is unknown, lest a shell be pointed to the sandbox by mistake", () => {
        const said = shell("npm run --silent env -- --engin 2>&1 || echo failed");
        assert.match(said, /^Unknown option '--engin'\. Usage: npm run --silent env \[-- --engine\]\nfailed\n$/);
    });
});
