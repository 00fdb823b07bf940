import { nameOf } from "../state-resource";

/** What a preview found. */
export interface PreviewFacts {
    /** What differs, in the words of the preview. */
    drift: { words: string; urn?: string }[];
    /** What `pulumi up` would do. */
    changes: { words: string; urn: string; parent?: string }[];
    /** Why the preview failed; undefined when it did not. */
    failure?: string;
}

interface Digest {
    steps?: {
        op: string;
        urn: string;
        oldState?: { outputs?: { drift?: unknown } };
        newState?: { parent?: string };
    }[];
    diagnostics?: { message: string; severity: string }[];
}

/** How the providers mark drift on the screen (dynamic-providers/provider.ts). */
const driftLine = /^warning: drift: (.*?)\.?$/gm;
/** Steps that change nothing, and the two that a replacement is made of beside the one that is called so. */
const silent = ["same", "refresh", "read", "create-replacement", "delete-replaced", "read-replacement"];

/**
 * Reads what `pulumi preview --json` printed. Each step names the resource as the refresh before it left it, with the drift
 * among its outputs; what a provider said besides is taken from the screen's lines.
 *
 * @param errors what it printed on standard error.
 */
export function readPreview({ failed, digest, errors }: { failed: boolean; digest: unknown; errors: string }) {
    const { steps = [], diagnostics = [] } = (digest ?? {}) as Digest;
    const observed = steps.flatMap(({ op, urn, oldState }) =>
        op === "refresh" ? [] : textsOf(oldState?.outputs?.drift).map((words) => ({ words, urn })),
    );
    const known = new Set(observed.map(({ words }) => words));
    const said = diagnostics
        .flatMap(({ message }) => [...message.matchAll(driftLine)].map(([, words]) => words))
        .filter((words) => !known.has(words) && known.add(words));
    const facts: PreviewFacts = {
        drift: [...observed, ...said.map((words) => ({ words }))],
        changes: steps
            .filter(({ op }) => !silent.includes(op))
            .map(({ op, urn, newState }) => ({ urn, parent: newState?.parent, words: wordsOf(op, urn) })),
    };
    if (failed) {
        const told = diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message.trim());
        facts.failure = [...told, ...(errors ? [errors] : [])].join("\n") || "it said nothing of why";
    }
    return facts;
}

function wordsOf(op: string, urn: string): string {
    const type = urn.split("::").at(-2)!.split("$").at(-1)!;
    return `${op} ${type.split(/[:/]/).at(-1)} ${nameOf(urn)}`;
}

function textsOf(value: unknown): string[] {
    return Array.isArray(value) ? value.filter((text): text is string => typeof text === "string") : [];
}
