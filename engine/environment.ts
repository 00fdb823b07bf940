import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { cacheFolder, projectRoot, pulumiHome } from "./home";

/**
 * The passphrase of stacks on the sandbox. It guards nothing: every value in such a stack comes from the sandbox, and
 * the committed Pulumi.dev.yaml has to open on every machine.
 */
export const sandboxPassphrase = "sandbox";

/**
 * What makes `pulumi` the engine that the project made sure of, and leaves backend and logins to whoever uses it. Plugins
 * may be downloaded: those that every stack needs are installed with the engine, and others may be within reach.
 */
export function engineEnvironment(): Record<string, string> {
    return {
        PATH: [path.join(projectRoot, "node_modules", ".bin"), process.env.PATH].join(path.delimiter),
        PULUMI_HOME: pulumiHome(),
    };
}

/**
 * The environment in which demo, tests and the `dev` stack run `pulumi`.
 *
 * @param backendFolder where the state lives; default a folder in the project's cache.
 */
export function pulumiEnvironment(backendFolder = path.join(cacheFolder(), "state")): Record<string, string> {
    fs.mkdirSync(backendFolder, { recursive: true });
    return {
        ...engineEnvironment(),
        // Without metadata files beside the state: one that a killed engine left half-written makes the state unreadable.
        PULUMI_BACKEND_URL: `file://${backendFolder}?metadata=skip`,
        PULUMI_CONFIG_PASSPHRASE: sandboxPassphrase,
        PULUMI_SKIP_UPDATE_CHECK: "1",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        // A Databricks or Azure login of the person at the keyboard must not reach a sandbox stack.
        DATABRICKS_CONFIG_FILE: process.platform === "win32" ? "NUL" : "/dev/null",
        ...cleared("DATABRICKS_HOST", "DATABRICKS_TOKEN", "DATABRICKS_CLIENT_ID", "DATABRICKS_CLIENT_SECRET"),
        ...cleared(
            "DATABRICKS_AUTH_TYPE",
            "DATABRICKS_ACCOUNT_ID",
            "ARM_CLIENT_ID",
            "ARM_CLIENT_SECRET",
            "ARM_TENANT_ID",
        ),
    };
}

/** Runs the engine's CLI and answers what it printed; throws with its error output when it fails. */
export function runEngine(args: string[], environment: Record<string, string>): string {
    const result = spawnSync("pulumi", args, {
        cwd: projectRoot,
        env: { ...process.env, ...environment },
        encoding: "utf8",
    });
    if (result.status !== 0) {
        throw new Error(`pulumi ${args.join(" ")} failed: ${(result.stderr || String(result.error ?? "")).trim()}`);
    }
    return result.stdout;
}

function cleared(...names: string[]): Record<string, string> {
    return Object.fromEntries(names.map((name) => [name, ""]));
}
