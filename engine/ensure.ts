import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { build, hasGo } from "./build";
import { pulumiEnvironment, runEngine } from "./environment";
import { databricksPluginVersion, engineFolder, engineVersion, projectRoot, pulumiHome } from "./home";

/**
 * Makes sure that `pulumi` and the databricks plugin are in the project's PULUMI_HOME: downloaded where that is
 * possible, else built with Go from their modules. A second call finds them and does nothing.
 *
 * @throws Error that says what was tried and what to install.
 */
export async function ensureEngine(): Promise<void> {
    const home = pulumiHome();
    const attempts: string[] = [];
    if (!isExecutable(path.join(engineFolder(home), executable("pulumi")))) {
        await firstThatWorks("the Pulumi engine", attempts, [downloadEngine, () => buildEngine(home)]);
    } else if (isBuilt() && !hasCurrentLanguageHost(home)) {
        await firstThatWorks("the Node.js language host", attempts, [() => buildLanguageHost(home)]);
    }
    if (!fs.existsSync(path.join(home, "plugins", `resource-databricks-v${databricksPluginVersion}`))) {
        await firstThatWorks("the databricks plugin", attempts, [downloadPlugin, buildPlugin]);
    }
}

async function firstThatWorks(what: string, attempts: string[], ways: (() => Promise<void>)[]): Promise<void> {
    for (const way of ways) {
        try {
            return await way();
        } catch (error) {
            attempts.push(error instanceof Error ? error.message : String(error));
        }
    }
    throw new Error(
        [
            `${what} could neither be downloaded nor built. What was tried:`,
            ...attempts.map((attempt) => `  - ${attempt.replace(/\n/g, "\n    ")}`),
            "What helps: a connection to get.pulumi.com and github.com, or Go 1.25.11 or newer on PATH with a reachable",
            "GOPROXY; or set PULUMI_HOME to a folder that holds the engine already.",
        ].join("\n"),
    );
}

async function downloadEngine(): Promise<void> {
    process.stderr.write(`The Pulumi engine ${engineVersion} is not here yet. Trying to download it …\n`);
    const result = spawnSync(process.execPath, [require.resolve("pulumi/run.js"), "version"], {
        env: { ...process.env, ...pulumiEnvironment() },
        encoding: "utf8",
        timeout: downloadTimeoutInMs,
    });
    if (result.status !== 0) {
        throw new Error(`download of the engine: ${lastLine(result.stderr) || String(result.error ?? "failed")}`);
    }
}

async function downloadPlugin(): Promise<void> {
    if (isBuilt()) {
        throw new Error(
            "download of the databricks plugin: skipped, because the engine could not be downloaded either",
        );
    }
    process.stderr.write(`Downloading the databricks plugin ${databricksPluginVersion} …\n`);
    runEngine(["plugin", "install", "resource", "databricks", `v${databricksPluginVersion}`], pulumiEnvironment());
}

async function buildEngine(home: string): Promise<void> {
    demandGo("the engine");
    process.stderr.write(
        "It cannot be downloaded here, so it is built from its Go modules, once: some five minutes.\n",
    );
    const folder = engineFolder(home);
    fs.mkdirSync(folder, { recursive: true });
    fs.copyFileSync(
        require.resolve("@pulumi/pulumi/pulumi-resource-pulumi-nodejs"),
        path.join(folder, "pulumi-resource-pulumi-nodejs"),
    );
    fs.writeFileSync(path.join(home, builtMarker), "This engine was built from Go modules.\n");
    await buildLanguageHost(home);
    // Last, because its presence says that the folder is complete.
    await build({
        title: "  the Pulumi engine",
        moduleFolder: cliModule,
        package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
        linkedVariables: engineVariables,
        output: path.join(folder, executable("pulumi")),
    });
}

/** Builds the language host and notes which source it was built from, so that a changed one is built anew. */
async function buildLanguageHost(home: string): Promise<void> {
    demandGo("the Node.js language host");
    await build({
        title: "  the Node.js language host",
        moduleFolder: cliModule,
        package: `./${languageHost}`,
        linkedVariables: engineVariables,
        output: path.join(engineFolder(home), executable(languageHost)),
    });
    fs.writeFileSync(path.join(engineFolder(home), hostMarker), hostSourceHash());
}

function hasCurrentLanguageHost(home: string): boolean {
    const marker = path.join(engineFolder(home), hostMarker);
    return fs.existsSync(marker) && fs.readFileSync(marker, "utf8") === hostSourceHash();
}

function hostSourceHash(): string {
    const folder = path.join(cliModule, languageHost);
    const hash = createHash("sha256");
    for (const name of fs.readdirSync(folder).sort()) {
        hash.update(name).update(fs.readFileSync(path.join(folder, name)));
    }
    return hash.digest("hex");
}

async function buildPlugin(): Promise<void> {
    demandGo("the databricks plugin");
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "databricks-plugin-"));
    try {
        await build({
            title: "  the databricks plugin",
            moduleFolder: path.join(projectRoot, "engine", "databricks"),
            package: ".",
            linkedVariables: [`main.version=${databricksPluginVersion}`],
            output: path.join(folder, executable("pulumi-resource-databricks")),
        });
        const version = `v${databricksPluginVersion}`;
        runEngine(
            ["plugin", "install", "resource", "databricks", version, "--file", folder, "--reinstall"],
            pulumiEnvironment(),
        );
    } finally {
        fs.rmSync(folder, { recursive: true, force: true });
    }
}

const downloadTimeoutInMs = 10 * 60_000;
const builtMarker = "built-from-modules";
const cliModule = path.join(projectRoot, "engine", "cli");
const engineVariables = [`github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${engineVersion}`];
const languageHost = "pulumi-language-nodejs";
const hostMarker = `${languageHost}.source`;

function isBuilt(): boolean {
    return fs.existsSync(path.join(pulumiHome(), builtMarker));
}

function demandGo(what: string): void {
    if (!hasGo()) {
        throw new Error(`build of ${what}: there is no Go toolchain on PATH`);
    }
}

function isExecutable(file: string): boolean {
    try {
        fs.accessSync(file, fs.constants.X_OK);
        return true;
    } catch {
        return false;
    }
}

function executable(name: string): string {
    return process.platform === "win32" ? `${name}.exe` : name;
}

function lastLine(text: string | null): string {
    return (text ?? "").trim().split("\n").at(-1) ?? "";
}
