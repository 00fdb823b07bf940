import { type ExpectedOutcome } from "../../sandbox/doubts/doubt";

/** What a run of a life did. */
export interface RunFacts {
    exitCode: number;
    output: string;
    /** The requests that changed something, as `METHOD path`. */
    mutations: string[];
    /** Reports that did not work during the run (a rotation's only) or after it, as `NAME: CODE`. */
    failedReports: string[];
}

/** A whole life under one behaviour. Runs that it did not get to are undefined. */
export interface Life {
    firstUp: RunFacts;
    secondUp?: RunFacts;
    rotation?: RunFacts;
    destroy?: RunFacts;
    /** The secrets that were bound before the rotation and live after it. */
    secretsKept: string[];
    /** What the stack made and destroy left. */
    leftOver: string[];
    /** Invariants that did not hold, in words. */
    violations: string[];
    /** Whether the value of a secret was printed. */
    leaked: boolean;
}

/** What a life came to: `breaks` is never expected. */
export type Found = ExpectedOutcome | "breaks";

/** What a life came to, and the first fact that decided it. */
export interface Verdict {
    found: Found;
    because: string;
}

/** Judges a life. */
export function judge(life: Life): Verdict {
    const breaks = (because: string): Verdict => ({ found: "breaks", because });
    if (life.leaked) {
        return breaks("a secret's value was printed");
    }
    if (life.violations.length > 0) {
        return breaks(life.violations[0]);
    }
    for (const [name, run] of runsOf(life)) {
        const [failed] = run.failedReports;
        if (failed !== undefined) {
            return breaks(`${name}: a report failed: ${failed}`);
        }
        if (run.exitCode !== 0) {
            const reason = firstError(run.output);
            if (name === "destroy" || run.mutations.length > 0) {
                return breaks(`${name} failed after ${run.mutations[0] ?? "nothing"}: ${reason}`);
            }
            return isWritten(run.output) ? { found: "refuses", because: `${name}: ${reason}` } : breaks(reason);
        }
    }
    const [change] = life.secondUp?.mutations ?? [];
    if (change !== undefined) {
        return breaks(`a second up changes something: ${change}`);
    }
    if (life.leftOver.length > 0) {
        return breaks(`destroy left ${life.leftOver.join(", ")}`);
    }
    if (life.secretsKept.length > 0) {
        return /rotation key "2026-11".* kept alive/.test(life.rotation?.output ?? "")
            ? { found: "keeps", because: "the rotation says which secret it keeps" }
            : breaks("the rotation kept an old secret and did not say so");
    }
    return { found: "converges", because: "" };
}

function runsOf({ firstUp, secondUp, rotation, destroy }: Life): [string, RunFacts][] {
    const runs: [string, RunFacts | undefined][] = [
        ["the first up", firstUp],
        ["the second up", secondUp],
        ["the rotation", rotation],
        ["destroy", destroy],
    ];
    return runs.filter((entry): entry is [string, RunFacts] => entry[1] !== undefined);
}

/** A defect of the program is no refusal: it has a type's name or a stack in it. */
function isWritten(output: string): boolean {
    return !/\b(Type|Reference|Range|Syntax)Error\b|^\s+at .*:\d+:\d+/m.test(output);
}

/** The line that says why a command failed. */
function firstError(output: string): string {
    const lines = output.split("\n").map((line) => line.trim());
    const errors = lines.filter(
        (line) => /error:/.test(line) && !/update failed|preview failed|destroy failed/.test(line),
    );
    return (errors[0] ?? lines.filter((line) => line !== "").at(-1) ?? "it printed nothing").replace(/^error: /, "");
}
