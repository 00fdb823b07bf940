import { Diagnostic } from "../../diagnostics/diagnostic";
import { driftOf, Step } from "../drifted-resources";
import { nameOf, StateResource } from "../state-resource";

/** What a preview found. */
export interface PreviewFacts {
    /** What differs. */
    drift: Diagnostic[];
    /** What `pulumi up` would do. */
    changes: { words: string; urn: string; parent?: string }[];
    /** Why the preview failed; undefined when it did not. */
    failure?: string;
}

interface Digest {
    steps?: Step[];
    diagnostics?: { message: string; severity: string }[];
}

/** Steps that change nothing, and the two that a replacement is made of beside the one that is called so. */
const silent = ["same", "refresh", "read", "create-replacement", "delete-replaced", "read-replacement"];

/**
 * Reads what `pulumi preview --json` printed, and what the program and its providers said in it.
 *
 * @param errors what it printed on standard error.
 * @param said what was left in the run's record.
 * @param state the resources as they were before it.
 */
export function readPreview(
    { failed, digest, errors, said }: { failed: boolean; digest: unknown; errors: string; said: Diagnostic[] },
    state: StateResource[],
): PreviewFacts {
    const { steps = [], diagnostics = [] } = (digest ?? {}) as Digest;
    const facts: PreviewFacts = {
        drift: [...said.filter(({ code }) => code === "drift"), ...driftOf(steps, state)],
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
