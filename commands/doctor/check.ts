/** What keeps a stack from working, or may do so. */
export interface Problem {
    /** A warning lets the doctor pass. */
    severity: "failure" | "warning";
    /** What is so. */
    reason: string;
    /** What to do. */
    remedy: string;
}

/** What a check found. */
export interface Finding {
    /** What was seen, in a line: shown beside the title. */
    says: string;
    problems: Problem[];
}

/** A check that need not be made, or cannot be. */
export interface NotMade {
    /** Why, in a line. */
    notMade: string;
}

/** How a check ended. */
export interface Outcome {
    title: string;
    status: "passed" | "warning" | "failed" | "skipped";
    /** What was seen, or why the check was not made. */
    says: string;
    problems: Problem[];
}

/** One thing that a stack needs. It looks and changes nothing. */
export interface Check<Context> {
    /** A few words, unique among the checks. */
    title: string;
    /** Titles of checks without whose success this one cannot be made. */
    needs?: string[];
    /** Titles of checks whose problems this one does not repeat. */
    follows?: string[];
    /** @param earlier the outcomes of the checks that it needs or follows. */
    run(context: Context, earlier: Outcome[]): Promise<Finding | NotMade>;
}

/** A problem because of which an `up` would fail. */
export function failure(reason: string, remedy: string): Problem {
    return { severity: "failure", reason, remedy };
}

/** Something to know that an `up` may survive. */
export function warning(reason: string, remedy: string): Problem {
    return { severity: "warning", reason, remedy };
}

/**
 * Takes an error's words apart: the sentence that says what to do becomes the remedy.
 *
 * @param otherwise the remedy where the words have none.
 */
export function splitRemedy(words: string, otherwise: string): { reason: string; remedy: string } {
    // What is quoted is somebody's name for something, whatever it says.
    const masked = words.replace(/"[^"]*"/g, (quoted) => "_".repeat(quoted.length));
    const advice =
        /(?<=\.) (?:Activate|Allow|Correct|Declare|Leave|Make|To adopt one, write)\b(?:[^.]|\.(?! |$))*(?:\.|$)/;
    const found = advice.exec(masked);
    if (!found) {
        return { reason: words, remedy: otherwise };
    }
    const end = found.index + found[0].length;
    const remedy = words.slice(found.index, end).trim().replace(/\.$/, "");
    return {
        reason: words.slice(0, found.index) + words.slice(end),
        remedy: remedy.charAt(0).toLowerCase() + remedy.slice(1),
    };
}
