import { DiagnosticCode } from "./codes";

/** How bad it is: an error keeps a run from going on, a warning does not; what was found is neither. */
export type Severity = "error" | "warning" | "info";

/** What a diagnostic is about: the place in the configuration, and the ids of what it names, as far as they are known. */
export interface Subject {
    /** The place in the configuration: `credentials[0].bindings[2].dataset`. */
    where?: string;
    /** The name of the credential. */
    credential?: string;
    workspaceId?: string;
    datasetId?: string;
    gatewayId?: string;
    datasourceId?: string;
    /** The application id of a Databricks service principal. */
    applicationId?: string;
    secretId?: string;
    /** The URN of a resource of the stack, where a resource is what it is about. */
    resource?: string;
}

/** Something to say to who runs this. It holds no secret. */
export interface Diagnostic {
    /** A heading of docs/troubleshooting.md. */
    code: DiagnosticCode;
    severity: Severity;
    subject: Subject;
    /** What is so. No full stop at the end. */
    reason: string;
    /** What to do: an imperative, in lower case and without a full stop at the end. */
    remedy: string;
    /** The things that it is about, a line for each, where they are many. */
    details?: string[];
}

/** Takes what is to be said. */
export type Tell = (diagnostic: Diagnostic) => void;

/** Something that keeps a run from going on. */
export function problem(code: DiagnosticCode, subject: Subject, reason: string, remedy: string): Diagnostic {
    return { code, severity: "error", subject, reason, remedy };
}

/** Something to know that keeps no run from going on. */
export function notice(code: DiagnosticCode, subject: Subject, reason: string, remedy: string): Diagnostic {
    return { code, severity: "warning", subject, reason, remedy };
}

/** Something that differs from what was declared. */
export function drift(subject: Subject, reason: string): Diagnostic {
    return notice(
        "drift",
        subject,
        reason,
        "run pulumi up if the declaration is right; otherwise declare what is there",
    );
}

/** Each once: several bindings may come upon the same. */
export function distinctDiagnostics(diagnostics: Diagnostic[]): Diagnostic[] {
    const keyOf = ({ code, severity, subject, reason }: Diagnostic) =>
        JSON.stringify([code, severity, subject.where, reason]);
    // The first of them stays, in its place.
    const distinct = new Map<string, Diagnostic>();
    for (const diagnostic of diagnostics) {
        distinct.set(keyOf(diagnostic), distinct.get(keyOf(diagnostic)) ?? diagnostic);
    }
    return [...distinct.values()];
}
