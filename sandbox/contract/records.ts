import { appendFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { type ContractViolation, type Judgement, words } from "./judge";

/** A violation as it is written down, one a line. */
export interface RecordedViolation extends ContractViolation {
    /** Whether a test said that it sends something wrong. */
    onPurpose: boolean;
}

/** How much of the contracts was seen, as it is written down. */
export interface Counts {
    /** By source, then by operation: how many exchanges. */
    exchanges: Record<"contract" | "facts", Record<string, number>>;
}

/** The names of what lies in the folder that CONTRACT_RECORDS names. */
export const recordNames = { violations: "violations.jsonl", marker: "wrong-on-purpose", counts: "counts-" };

const counts: Counts = { exchanges: { contract: {}, facts: {} } };

/** Writes down what a judge found, where the environment variable CONTRACT_RECORDS says; without it on standard error. */
export function record({ operation, violations }: Judgement): void {
    if (operation) {
        const ofSource = counts.exchanges[operation.source];
        ofSource[operation.name] = (ofSource[operation.name] ?? 0) + 1;
    }
    const folder = process.env.CONTRACT_RECORDS;
    if (violations.length === 0) {
        return;
    }
    if (!folder) {
        violations.forEach((violation) => process.stderr.write(`contract: ${words(violation)}\n`));
        return;
    }
    // Files, since sandboxes also run in processes of their own, and are judged there.
    mkdirSync(folder, { recursive: true });
    const isMarked = existsSync(path.join(folder, recordNames.marker));
    const lines = violations.map((violation) => {
        const recorded: RecordedViolation = { ...violation, onPurpose: isMarked && violation.side === "request" };
        return `${JSON.stringify(recorded)}\n`;
    });
    appendFileSync(path.join(folder, recordNames.violations), lines.join(""));
}

/** Writes down what this process has counted so far. */
export function writeCounts(): void {
    const folder = process.env.CONTRACT_RECORDS;
    if (folder && Object.values(counts.exchanges).some((ofSource) => Object.keys(ofSource).length > 0)) {
        mkdirSync(folder, { recursive: true });
        writeFileSync(path.join(folder, `${recordNames.counts}${process.pid}.json`), JSON.stringify(counts));
    }
}
