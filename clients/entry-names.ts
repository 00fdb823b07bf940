import { createHash } from "node:crypto";

/** Room for the longest rest of an entry's name, `-client-secret`, and for what the services may add. */
const restLength = 16;

/**
 * The key of an entry in a Databricks secret scope: letters, digits, `-`, `_` and `.`, 128 at most (Databricks REST API,
 * Secrets - Put). A name that fits stays as it is.
 *
 * @param name whose entry it is: any text.
 * @param entry the rest of the key, `client-id` for instance.
 */
export function scopeKey(name: string, entry: string): string {
    return `${fit(name, /[^A-Za-z0-9._-]+/g, 128 - restLength)}-${entry}`;
}

/**
 * The name of a secret in a key vault: letters, digits and dashes, 127 at most (learn.microsoft.com, Key Vault object
 * identifiers). A name that fits stays as it is.
 */
export function vaultName(name: string, entry: string): string {
    return `${fit(name, /[^A-Za-z0-9-]+/g, 127 - restLength)}-${entry}`;
}

/**
 * A name as it is, if it may be; or what is left of it to read, and a part that no other name has. It depends on this name
 * alone: names that are added later change nothing.
 */
function fit(name: string, others: RegExp, longest: number): string {
    if (name.length <= longest && name.search(others) < 0) {
        return name;
    }
    const digest = createHash("sha256").update(name).digest("hex").slice(0, 10);
    const readable = name.replace(others, "-").slice(0, longest - digest.length - 1);
    return [readable.replace(/^-+|-+$/g, ""), digest].filter((part) => part !== "").join("-");
}
