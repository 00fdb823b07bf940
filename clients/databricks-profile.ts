import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { parse } from "ini";

/** The values of a profile, by the databricks provider's names: `client_id` of the file as `clientId`. */
export type Profile = Record<string, string>;

/**
 * Reads a profile of `~/.databrickscfg`, as the databricks provider and the Databricks CLI do (databricks-sdk-go,
 * config/config_file.go).
 *
 * @param name the profile; undefined reads nothing.
 * @returns the profile, or what is wrong.
 */
export function readProfile(name: string | undefined, environment: NodeJS.ProcessEnv): Profile | string {
    if (!name) {
        return {};
    }
    const file = environment.DATABRICKS_CONFIG_FILE || join(homedir(), ".databrickscfg");
    let sections: Record<string, unknown>;
    try {
        sections = parse(readFileSync(file, "utf8"));
    } catch (error) {
        return `databricks:profile: ${file} cannot be read: ${(error as Error).message}.`;
    }
    const values = Object.hasOwn(sections, name) ? sections[name] : undefined;
    if (typeof values !== "object" || values === null) {
        const names = Object.keys(sections).join(", ") || "none";
        return `databricks:profile: there is no profile ${JSON.stringify(name)} in ${file}. There are: ${names}.`;
    }
    return Object.fromEntries(Object.entries(values).map(([key, value]) => [camelCase(key), String(value)]));
}

function camelCase(key: string): string {
    return key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
