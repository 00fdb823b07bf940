import { Outcome } from "./check";

/** What `--json` prints. */
export interface DoctorReport {
    stack: string;
    /** Whether nothing failed: warnings are allowed. */
    ok: boolean;
    checks: Outcome[];
}

const signs: Record<Outcome["status"], string> = { passed: "✓", warning: "!", failed: "✗", skipped: "–" };
const colors: Record<Outcome["status"], string> = { passed: "32", warning: "33", failed: "31", skipped: "90" };

/** An outcome as people read it: a line, and reason and remedy of each problem below it. */
export function describeOutcome({ title, status, says, problems }: Outcome, colored = false): string {
    const paint = (text: string, color: string) => (colored ? `\u001b[${color}m${text}\u001b[0m` : text);
    const head = `${paint(signs[status], colors[status])} ${title}${says ? `: ${says}` : ""}`;
    const several = new Set(problems.map(({ severity }) => severity)).size > 1;
    const lines = problems.flatMap(({ severity, reason, remedy }) => {
        const [shown, color] = severity === "failure" ? (["failed", "31"] as const) : (["warning", "33"] as const);
        const label = several ? `${paint(shown, color)}: ` : "";
        return [`    ${label}${indented(reason)}`, `    → ${indented(remedy)}`];
    });
    return [head, ...lines].join("\n");
}

/** The last line: how many checks ended how. */
export function summarize(outcomes: Outcome[]): string {
    const count = (status: Outcome["status"]) => outcomes.filter((outcome) => outcome.status === status).length;
    const parts = [
        `${count("passed")} passed`,
        `${count("warning")} with warnings`,
        `${count("failed")} failed`,
        `${count("skipped")} not needed or not tried`,
    ];
    return `${outcomes.length} checks: ${parts.join(", ")}.`;
}

/** The report for machines. */
export function reportOf(stack: string, checks: Outcome[]): DoctorReport {
    return { stack, ok: checks.every(({ status }) => status !== "failed"), checks };
}

function indented(text: string): string {
    return text.trim().replace(/\n/g, "\n      ");
}
