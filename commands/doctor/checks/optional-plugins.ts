import { createRequire } from "node:module";
import { Settings } from "../../../settings";
import { Check, failure } from "../check";
import { Examination } from "../examination";
import { fetchesPlugins, missingPlugin } from "./engine";

/** A plugin that only some configurations need. */
export interface OptionalPlugin {
    /** Its npm package. */
    packageName: string;
    /** The configuration key that needs it. */
    key: string;
}

/** The plugins that this configuration needs beyond databricks. */
export const optionalPlugins: Check<Examination> = {
    title: "Optional plugins",
    needs: ["Engine and plugins", "Configuration"],
    async run(examination) {
        const needed = pluginsFor(await examination.settings());
        if (needed.length === 0) {
            return { notMade: "not needed: the configuration uses none" };
        }
        const plugins = await (await examination.stack()).plugins();
        const problems = needed.flatMap(({ packageName, key }) => {
            const version = installedVersion(packageName);
            return version === undefined
                ? [failure(`${key} needs the package ${packageName}`, `npm install ${packageName}`)]
                : missingPlugin(plugins, packageName.replace("@pulumi/", ""), version, fetchesPlugins(process.env));
        });
        return { says: needed.map(({ packageName }) => packageName).join(", "), problems };
    },
};

/** The packages that a configuration needs, each with the first key that needs it. */
export function pluginsFor(settings: Pick<Settings, "credentials" | "connection" | "powerBiServicePrincipal">) {
    const { credentials, connection, powerBiServicePrincipal: principal } = settings;
    const inVault = credentials.findIndex(({ keyVault }) => keyVault !== undefined);
    const inAzure = Object.entries(connection.databricks).find(([, { azureResourceId }]) => azureResourceId)?.[0];
    const commanded = credentials.findIndex(({ afterRotation }) => afterRotation !== undefined);
    const azureKey =
        (inAzure && `databricksWorkspaces.${inAzure}.azureWorkspaceResourceId`) ??
        (inVault >= 0 ? `credentials[${inVault}].keyVault` : principal?.keyVault && "powerBiServicePrincipal.keyVault");
    const needed: OptionalPlugin[] = [];
    if (principal) {
        needed.push({ packageName: "@pulumi/azuread", key: "powerBiServicePrincipal" });
    }
    if (azureKey) {
        needed.push({ packageName: "@pulumi/azure-native", key: azureKey });
    }
    if (commanded >= 0) {
        needed.push({ packageName: "@pulumi/command", key: `credentials[${commanded}].afterRotation` });
    }
    return needed;
}

function installedVersion(packageName: string): string | undefined {
    try {
        return createRequire(__filename)(`${packageName}/package.json`).version;
    } catch {
        return undefined;
    }
}
