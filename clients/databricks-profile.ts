import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { parse } from "ini";
import { Diagnostic } from "../diagnostics/diagnostic";
import { invalid } from "./config-reader";

/** The values of a profile, by the databricks provider's names: `client_id` of the file as `clientId`. */
export type Profile = Record<string, string>;

/**
 * Reads a profile of `~/.databrickscfg`, as the databricks provider and the Databricks CLI do (databricks-sdk-go,
 * config/config_file.go).
 *
 * @param name the profile; undefined reads nothing.
 * @returns the profile, or what is wrong.
 */
export function readProfile(
    name: string | undefined,
    environment: NodeJS.ProcessEnv,
): { values: Profile } | { problem: Diagnostic } {
    if (!name) {
        return { values: {} };
    }
    const file = environment.DATABRICKS_CONFIG_FILE || join(homedir(), ".databrickscfg");
    let sections: Record<string, unknown>;
    try {
        sections = parse(readFileSync(file, "utf8"));
    } catch (error) {
        const reason = `${file} cannot be read: ${(error as Error).message}`;
        return { problem: invalid("databricks:profile", reason, "make it readable, or take the profile out") };
    }
    const values = Object.hasOwn(sections, name) ? sections[name] : undefined;
    if (typeof values !== "object" || values === null) {
        const names = Object.keys(sections).join(", ") || "none";
        const reason = `there is no profile ${JSON.stringify(name)} in ${file}. There are: ${names}`;
        return { problem: invalid("databricks:profile", reason, "correct the name") };
    }
    const entries = Object.entries(values).map(([key, value]) => [camelCase(key), String(value)]);
    return { values: Object.fromEntries(entries) };
}

function camelCase(key: string): string {
    return key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
