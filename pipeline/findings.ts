import { heldMark } from "../planning/held-mark";

/** A resource that a run changes. */
export interface Change {
    /** What happens to it: create, update, replace, delete. */
    operation: string;
    /** The last part of its type, `DatasourceCredential` for instance. */
    type: string;
    name: string;
}

/** What a run's output says. */
export interface Findings {
    /** The resources to change; known of runs with `--diff`. */
    changes: Change[];
    /** What differs from what was declared, in words. */
    drift: string[];
    /** What was found for each credential: which dataset uses which datasource, and what is taken over. */
    found: string[];
    /** What was not found and holds a secret, which is kept alive: in words, with what to do. */
    held: string[];
    /** Warnings that are neither. */
    warnings: string[];
    errors: string[];
    /** The engine's counts, `+ 2 to create` for instance. */
    counts: string[];
}

const change = /^\s*[+~-]{1,2}\s*([\w./:-]+): \((create|update|replace|delete)\b[^)]*\)$/;
const urn = /\[urn=.*::([^:\]]+)\]$/;

/** How the program tells what it keeps a secret alive for (planning/accounting.ts). */
const heldLine = new RegExp(`^\\s*warning: ${heldMark}(.+)$`);

/** Reads the output of `pulumi preview` or `pulumi up`. What a later part of it repeats is taken once. */
export function readFindings(output: string): Findings {
    const lines = output.split(/\r?\n/);
    const matches = (pattern: RegExp) => [...new Set(lines.flatMap((line) => pattern.exec(line)?.[1].trimEnd() ?? []))];
    return {
        changes: readChanges(lines),
        drift: matches(/^\s*warning: drift: (.*?)\.?$/),
        found: matches(/^ {0,4}(\S+: \d+ datasources?, \d+ datasets?|  \S.* <- .*|  takes over .*)$/),
        held: matches(heldLine),
        warnings: matches(new RegExp(`^\\s*warning: (?!drift: |${heldMark})(.+)$`)),
        errors: matches(/^\s*error: (.+)$/),
        counts: lastCounts(lines),
    };
}

/** What a rotation does, in words; empty when the run rotates nothing. */
export function describeRotation(changes: Change[]): string[] {
    const names = (operation: string, ...types: string[]) =>
        changes
            .filter((candidate) => candidate.operation === operation && types.includes(candidate.type))
            .map(({ name }) => `\`${name}\``)
            .join(", ");
    const minted = names("create", "ServicePrincipalSecret");
    const bound = names("replace", "DatasourceCredential", "GatewayCredential");
    const deleted = names("delete", "ServicePrincipalSecret");
    return [
        ...(minted ? [`minted and tried: ${minted}`] : []),
        ...(bound ? [`bound anew in Power BI: ${bound}`] : []),
        ...(deleted ? [`deleted at the end: ${deleted}`] : []),
    ];
}

function readChanges(lines: string[]): Change[] {
    const changes = lines.flatMap((line, index) => {
        const [, token, operation] = change.exec(line) ?? [];
        // Its identifiers follow it, the urn among them.
        const name = token && lines.slice(index + 1, index + 4).flatMap((next) => urn.exec(next)?.[1] ?? [])[0];
        return name ? [{ operation, type: token.split(":").at(-1)!, name }] : [];
    });
    // A preview and the update after it say the same.
    return [...new Map(changes.map((one) => [`${one.operation} ${one.type} ${one.name}`, one])).values()];
}

/** The counts below the last `Resources:`, an update's and not those of the preview before it. */
function lastCounts(lines: string[]): string[] {
    const start = lines.findLastIndex((line) => /^Resources:/.test(line));
    if (start === -1) {
        return [];
    }
    const rest = lines.slice(start + 1);
    const end = rest.findIndex((line) => line.trim() === "");
    return rest.slice(0, end === -1 ? rest.length : end).map((line) => line.trim());
}
