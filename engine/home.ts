import * as os from "node:os";
import * as path from "node:path";
import databricksPackage from "@pulumi/databricks/package.json";
import pulumiPackage from "pulumi/package.json";

/** The project's root folder. */
export const projectRoot = path.resolve(__dirname, "..");

/** The release of the engine: the one of the npm package `pulumi`, so that `npx pulumi` finds what is installed here. */
export const engineVersion: string = pulumiPackage.version;

/** The release of the databricks plugin that the SDK in use asks for. */
export const databricksPluginVersion: string = databricksPackage.version;

/**
 * The project's cache folder: `$XDG_CACHE_HOME` (default `~/.cache`)`/powerbi-databricks-credentials`.
 */
export function cacheFolder(): string {
    const base = process.env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache");
    return path.join(base, "powerbi-databricks-credentials");
}

/**
 * The PULUMI_HOME of demo, tests and the `dev` stack. It is the project's own, so that a plugin built here never shadows
 * an official one in `~/.pulumi`.
 */
export function pulumiHome(): string {
    return process.env.PULUMI_HOME || path.join(cacheFolder(), "pulumi-home");
}

/** The folder in which the npm package `pulumi` looks for the engine before it downloads one. */
export function engineFolder(home: string): string {
    return path.join(home, "versions", engineVersion, "bin");
}
