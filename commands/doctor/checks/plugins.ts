import { createRequire } from "node:module";
import { databricksPluginVersion } from "../../../engine/home";
import { Settings } from "../../../settings";
import { InstalledPlugin } from "../../stack-cli";
import { Check, failure, Problem, warning } from "../check";
import { Examination } from "../examination";

/** A plugin that only some configurations need. */
export interface OptionalPlugin {
    /** Its npm package. */
    packageName: string;
    /** The configuration key that needs it. */
    key: string;
}

/** The plugins that the stack needs: databricks, and others where the configuration asks for them. */
export const plugins: Check<Examination> = {
    title: "Plugins",
    needs: ["Engine"],
    follows: ["Configuration"],
    async run(examination) {
        const installed = await (await examination.stack()).plugins();
        // What is wrong with the configuration is said by the check of it.
        const settings = await examination.settings().catch(() => undefined);
        const mayFetch = fetchesPlugins(process.env);
        const seen = [`databricks ${databricksPluginVersion}`];
        const problems = missingPlugin(installed, "databricks", databricksPluginVersion, mayFetch);
        for (const { packageName, key } of settings ? pluginsFor(settings) : []) {
            const version = packageVersion(packageName);
            if (version === undefined) {
                problems.push(failure(`${key} needs the package ${packageName}`, `npm install ${packageName}`));
                continue;
            }
            const name = packageName.replace("@pulumi/", "");
            seen.push(`${name} ${version}`);
            problems.push(...missingPlugin(installed, name, version, mayFetch));
        }
        return { says: seen.join(", "), problems };
    },
};

/** The packages that a configuration needs, each with the first key that needs it. */
export function pluginsFor(
    settings: Pick<Settings, "credentials" | "connection" | "powerBiServicePrincipal">,
): OptionalPlugin[] {
    const { credentials, connection, powerBiServicePrincipal: principal } = settings;
    const inVault = credentials.findIndex(({ keyVault }) => keyVault !== undefined);
    const inAzure = Object.entries(connection.databricks).find(([, { azureResourceId }]) => azureResourceId)?.[0];
    const commanded = credentials.findIndex(({ afterRotation }) => afterRotation !== undefined);
    const azureKey =
        (inAzure && `databricksWorkspaces.${inAzure}.azureWorkspaceResourceId`) ??
        (inVault >= 0 ? `credentials[${inVault}].keyVault` : principal?.keyVault && "powerBiServicePrincipal.keyVault");
    return [
        ...(principal ? [{ packageName: "@pulumi/azuread", key: "powerBiServicePrincipal" }] : []),
        ...(azureKey ? [{ packageName: "@pulumi/azure-native", key: azureKey }] : []),
        ...(commanded >= 0 ? [{ packageName: "@pulumi/command", key: `credentials[${commanded}].afterRotation` }] : []),
    ];
}

/** Says that a plugin is not there in the version that the program asks for. */
export function missingPlugin(
    installed: InstalledPlugin[],
    name: string,
    version: string,
    mayFetch: boolean,
): Problem[] {
    const ofName = installed.filter((plugin) => plugin.kind === "resource" && plugin.name === name);
    if (ofName.some((plugin) => plugin.version === version)) {
        return [];
    }
    const others = ofName.map((plugin) => plugin.version).join(", ");
    const reason = `the plugin ${name} ${version} is not installed${others ? ` (there is ${others})` : ""}`;
    const install = `pulumi plugin install resource ${name} v${version}`;
    return mayFetch
        ? [warning(reason, `nothing, where the first preview may download it; otherwise: ${install}`)]
        : [failure(`${reason}, and pulumi may not fetch it by itself`, `${install}; or: npm run engine`)];
}

function fetchesPlugins(environment: NodeJS.ProcessEnv): boolean {
    return !["true", "1"].includes(environment.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION ?? "");
}

function packageVersion(packageName: string): string | undefined {
    try {
        return createRequire(__filename)(`${packageName}/package.json`).version;
    } catch {
        return undefined;
    }
}
