import { DiagnosticCode } from "../../diagnostics/codes";
import { Diagnostic } from "../../diagnostics/diagnostic";
import { reasonWithPlace } from "../../diagnostics/render";

/** What keeps a stack from working, or may do so. */
export interface Problem {
    /** A warning lets the doctor pass. */
    severity: "failure" | "warning";
    /** A heading of docs/troubleshooting.md; absent for what only the doctor looks at. */
    code?: DiagnosticCode;
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
 * A diagnostic of the plan as a problem.
 *
 * @param severity by default its own.
 */
export function problemOf(diagnostic: Diagnostic, severity = diagnostic.severity): Problem {
    const { code, remedy, details = [] } = diagnostic;
    const reason = [reasonWithPlace(diagnostic), ...details.map((detail) => `  ${detail}`)].join("\n");
    return { code, severity: severity === "error" ? "failure" : "warning", reason, remedy };
}
