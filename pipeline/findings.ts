import { Diagnostic } from "../diagnostics/diagnostic";
import { toMarkdown, toText } from "../diagnostics/render";
import { PulumiRun } from "./run-pulumi";

/** A diagnostic; or words of the engine or of another provider, who have nothing else. */
export type Said = Diagnostic | string;

/** A resource that a run changes. */
export interface Change {
    /** What happens to it: create, update, replace, delete. */
    operation: string;
    /** The last part of its type, `DatasourceCredential` for instance. */
    type: string;
    name: string;
}

/** What a run says: what the program and its providers say as data, and the rest as the engine prints it. */
export interface Findings {
    /** The resources to change; known of runs with `--diff`. */
    changes: Change[];
    /** What differs from what was declared, in words. */
    drift: string[];
    /** What was found for each credential: which dataset uses which datasource, and what is taken over. */
    found: string[];
    /** What was not found and holds a secret, which is kept alive. */
    held: Diagnostic[];
    /** Warnings that are neither. */
    warnings: Said[];
    errors: Said[];
    /** The engine's counts, `+ 2 to create` for instance. */
    counts: string[];
}

const change = /^\s*[+~-]{1,2}\s*([\w./:-]+): \((create|update|replace|delete)\b[^)]*\)$/;
const urn = /\[urn=.*::([^:\]]+)\]$/;

/** Reads what `pulumi preview` or `pulumi up` left. What a later part of it repeats is taken once. */
export function readFindings({ output, said }: Pick<PulumiRun, "output" | "said">): Findings {
    const lines = output.split(/\r?\n/);
    const own = new Set(said.map((diagnostic) => toText(diagnostic).split("\n")[0]));
    // The engine and the other providers have no words but those on the screen.
    const others = (pattern: RegExp) =>
        [...new Set(lines.flatMap((line) => pattern.exec(line)?.[1].trimEnd() ?? []))].filter(
            // One of several problems is an item of a list.
            (line) => !own.has(line.replace(/^- /, "")),
        );
    const of = (wanted: Diagnostic["severity"]) => said.filter(({ severity }) => severity === wanted);
    return {
        changes: readChanges(lines),
        drift: said.filter(({ code }) => code === "drift").map(({ reason }) => reason),
        found: said.filter(({ code }) => code === "found").flatMap((found) => toText(found).split("\n")),
        held: said.filter(({ code }) => code === "held"),
        warnings: [
            ...of("warning").filter(({ code }) => code !== "drift" && code !== "held"),
            ...others(/^\s*warning: (.+)$/),
        ],
        errors: [...of("error"), ...others(/^\s*error: (.+)$/)],
        counts: lastCounts(lines),
    };
}

/** Something that was said, as an item of a list in Markdown. */
export function toItem(said: Said): string {
    return typeof said === "string" ? `- ${said}` : toMarkdown(said);
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
