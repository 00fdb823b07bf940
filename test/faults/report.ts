import { phases } from "./cells";
import { FaultKind, faultKinds } from "./fault-kinds";
import { Outcome } from "./outcome";

/** The numbers of a matrix. */
export interface Summary {
    cells: number;
    /** Those whose fault hit a request. */
    hit: number;
    /** Those whose disturbed run failed. */
    failedRuns: number;
    converged: number;
    queries: number;
    consumerFailures: number;
    takeOverFailures: number;
    violations: number;
    orphans: number;
    orphansUntold: number;
    leaks: number;
    holds: number;
}

/** Adds outcomes up. */
export function summarize(outcomes: Outcome[]): Summary {
    const count = (is: (outcome: Outcome) => boolean) => outcomes.filter(is).length;
    const sum = (value: (outcome: Outcome) => number) => outcomes.reduce((total, outcome) => total + value(outcome), 0);
    return {
        cells: outcomes.length,
        hit: count(({ hit }) => hit),
        failedRuns: count(({ firstFailed }) => firstFailed),
        converged: count(({ converged }) => converged),
        queries: sum(({ queries }) => queries),
        consumerFailures: sum(({ consumerFailures }) => consumerFailures.length),
        takeOverFailures: sum(({ takeOverFailures }) => takeOverFailures),
        violations: sum(({ violations }) => violations.length),
        orphans: sum(({ orphans }) => orphans.length),
        orphansUntold: count(({ orphansTold }) => !orphansTold),
        leaks: count(({ leaked }) => leaked),
        holds: count(({ holds }) => holds),
    };
}

const columns: [string, (summary: Summary) => number][] = [
    ["cells", ({ cells }) => cells],
    ["fault hit", ({ hit }) => hit],
    ["run failed", ({ failedRuns }) => failedRuns],
    ["converged", ({ converged }) => converged],
    ["reports", ({ queries }) => queries],
    ["consumer failures", ({ consumerFailures }) => consumerFailures],
    ["violations", ({ violations }) => violations],
    ["orphans", ({ orphans }) => orphans],
    ["untold", ({ orphansUntold }) => orphansUntold],
    ["leaks", ({ leaks }) => leaks],
    ["holds", ({ holds }) => holds],
];

const faults = Object.keys(faultKinds) as FaultKind[];

/** The matrix as a document: by phase, by fault, each cell by its request, and those that do not hold in words. */
export function toMarkdown(outcomes: Outcome[]): string {
    const failing = outcomes.filter(({ holds }) => !holds);
    const list = failing.map(
        ({ phase, service, method, route, occurrence, fault, ...outcome }) =>
            `- ${phase}, ${service} ${method} ${route} #${occurrence}, ${fault}: ${reasonsOf(outcome)}`,
    );
    const among = (phase: string) => outcomes.filter((outcome) => outcome.phase === phase);
    const tried = phases.filter((phase) => among(phase).length > 0);
    return [
        table("phase", new Map(tried.map((phase) => [phase, among(phase)]))),
        table("fault", new Map(faults.map((fault) => [fault, outcomes.filter((outcome) => outcome.fault === fault)]))),
        failing.length === 0 ? "Every cell holds." : `Cells that do not hold:\n\n${list.join("\n")}`,
        "✓ holds · o holds, with one thing left over that the next preview tells, or destroy itself · ✗ does not hold · – the fault hit no " +
            "request · empty: not tried, or it makes no difference",
        ...tried.map((phase) => grid(phase, among(phase))),
    ].join("\n\n");
}

/** Why a cell does not hold, in words. */
export function reasonsOf(
    outcome: Omit<Outcome, "phase" | "service" | "method" | "route" | "occurrence" | "fault">,
): string {
    return [
        ...(outcome.converged ? [] : ["did not converge"]),
        ...outcome.consumerFailures,
        ...outcome.violations,
        ...(outcome.orphans.length > 0
            ? [`left ${outcome.orphans.join(", ")}${outcome.orphansTold ? "" : ", untold"}`]
            : []),
        ...(outcome.leaked ? ["a secret's value in the output"] : []),
    ].join("; ");
}

function table(title: string, groups: Map<string, Outcome[]>): string {
    const rows = [...groups]
        .filter(([, outcomes]) => outcomes.length > 0)
        .map(([name, outcomes]) => row(name, summarize(outcomes)));
    const all = row("**all**", summarize([...groups.values()].flat()));
    const head = `| ${[title, ...columns.map(([name]) => name)].join(" | ")} |`;
    return [head, `| --- | ${columns.map(() => "---:").join(" | ")} |`, ...rows, all].join("\n");
}

function row(name: string, summary: Summary): string {
    return `| ${[name, ...columns.map(([, value]) => value(summary))].join(" | ")} |`;
}

/** One row for each request, one column for each fault. */
function grid(phase: string, outcomes: Outcome[]): string {
    const titleOf = ({ service, method, route, occurrence }: Outcome) =>
        `${service} ${method} \`${route}\`${occurrence > 0 ? ` #${occurrence}` : ""}`;
    const titles = [...new Set(outcomes.map(titleOf))].sort();
    const rows = titles.map((title) => {
        const cells = outcomes.filter((outcome) => titleOf(outcome) === title);
        return [title, ...faults.map((kind) => markOf(cells.find(({ fault }) => fault === kind)))];
    });
    return [[phase, ...faults], ["---", ...faults.map(() => ":---:")], ...rows]
        .map((cells) => `| ${cells.join(" | ")} |`)
        .join("\n");
}

function markOf(outcome: Outcome | undefined): string {
    if (!outcome) {
        return "";
    }
    if (!outcome.holds) {
        return "✗";
    }
    return !outcome.hit ? "–" : outcome.orphans.length > 0 ? "o" : "✓";
}
