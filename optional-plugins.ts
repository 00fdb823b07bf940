import { createRequire } from "node:module";
import * as pulumi from "@pulumi/pulumi";
import type * as azureDatabricks from "@pulumi/azure-native/databricks";
import type * as azureKeyVault from "@pulumi/azure-native/keyvault";
import type * as azuread from "@pulumi/azuread";
import type * as command from "@pulumi/command";

/** The modules of plugins that a stack may do without. */
interface OptionalModules {
    "@pulumi/azure-native/databricks": typeof azureDatabricks;
    "@pulumi/azure-native/keyvault": typeof azureKeyVault;
    "@pulumi/azuread": typeof azuread;
    "@pulumi/command": typeof command;
}

/**
 * Loads a plugin's module when something needs it, and not before: a stack without it need not have it installed.
 *
 * @param key the config key that needs it.
 * @throws pulumi.RunError that says how to install it.
 */
export function loadPlugin<Name extends keyof OptionalModules>(name: Name, key: string): OptionalModules[Name] {
    try {
        return createRequire(__filename)(name);
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") {
            throw error;
        }
        const packageName = name.split("/").slice(0, 2).join("/");
        throw new pulumi.RunError(`${key} needs the package ${packageName}. Install it: npm install ${packageName}`);
    }
}
