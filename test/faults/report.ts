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
        orphansUntold: count(({ orphansTold, phase }) => !orphansTold && phase !== "destroy"),
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

/** The matrix as a document: by phase, by fault, and the cells that do not hold. */
export function toMarkdown(outcomes: Outcome[]): string {
    const failing = outcomes.filter(({ holds }) => !holds);
    const list = failing.map(
        ({ phase, service, method, route, occurrence, fault, ...outcome }) =>
            `- ${phase}, ${service} ${method} ${route} #${occurrence}, ${fault}: ${reasonsOf(outcome)}`,
    );
    return [
        table(
            "phase",
            groupBy(outcomes, ({ phase }) => phase),
        ),
        table(
            "fault",
            groupBy(outcomes, ({ fault }) => fault),
        ),
        failing.length === 0 ? "Every cell holds." : `Cells that do not hold:\n\n${list.join("\n")}`,
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
    const rows = [...groups].map(([name, outcomes]) => row(name, summarize(outcomes)));
    const all = row("**all**", summarize([...groups.values()].flat()));
    const head = `| ${[title, ...columns.map(([name]) => name)].join(" | ")} |`;
    return [head, `| --- | ${columns.map(() => "---:").join(" | ")} |`, ...rows, all].join("\n");
}

function row(name: string, summary: Summary): string {
    return `| ${[name, ...columns.map(([, value]) => value(summary))].join(" | ")} |`;
}

function groupBy(outcomes: Outcome[], key: (outcome: Outcome) => string): Map<string, Outcome[]> {
    const groups = new Map<string, Outcome[]>();
    outcomes.forEach((outcome) => groups.set(key(outcome), [...(groups.get(key(outcome)) ?? []), outcome]));
    return groups;
}
