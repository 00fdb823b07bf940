import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type Counts, type RecordedViolation, recordNames } from "../../sandbox/contract/records";

/** The folder of all of mocha's processes, where nobody gave one. */
let ownFolder: string | undefined;
/** Where this process and the sandboxes that it starts write down what does not keep to the contracts. */
let folder: string | undefined;

/** Makes the folder, each process of mocha's one of its own, so that a violation is found by the test that made it. */
export function startRecords(): void {
    if (!process.env.CONTRACT_RECORDS) {
        ownFolder = mkdtempSync(path.join(os.tmpdir(), "contract-records-"));
    }
    folder = path.join(ownFolder ?? process.env.CONTRACT_RECORDS!, String(process.pid));
    process.env.CONTRACT_RECORDS = folder;
}

/** What all processes have written down, which is thrown away with it; undefined where somebody else reads that. */
export function endRecords(): Totals | undefined {
    if (ownFolder === undefined) {
        return undefined;
    }
    const totals = addUp(ownFolder);
    delete process.env.CONTRACT_RECORDS;
    rmSync(ownFolder, { recursive: true });
    return totals;
}

/** The folder of this process; undefined where nothing is judged. */
export function recordsFolder(): string | undefined {
    return folder;
}

/** The violations of this process and its children, in order. */
export function readViolations(from = folder): RecordedViolation[] {
    const file = path.join(from ?? "", recordNames.violations);
    if (from === undefined || !existsSync(file)) {
        return [];
    }
    const lines = readFileSync(file, "utf8").trim().split("\n");
    return lines.map((line) => JSON.parse(line));
}

/** What all processes together have judged. */
export interface Totals {
    /** By source, then by operation. */
    exchanges: Counts["exchanges"];
    violations: RecordedViolation[];
}

/** Adds up what lies in a folder, and in the folders in it. */
export function addUp(root: string): Totals {
    const totals: Totals = { exchanges: { contract: {}, facts: {} }, violations: [] };
    const folders = readdirSync(root, { recursive: true, withFileTypes: true });
    for (const entry of folders.filter((item) => item.isFile())) {
        const file = path.join(entry.parentPath, entry.name);
        if (entry.name === recordNames.violations) {
            totals.violations.push(...readViolations(entry.parentPath));
        } else if (entry.name.startsWith(recordNames.counts)) {
            const { exchanges } = JSON.parse(readFileSync(file, "utf8")) as Counts;
            for (const source of ["contract", "facts"] as const) {
                for (const [operation, count] of Object.entries(exchanges[source])) {
                    totals.exchanges[source][operation] = (totals.exchanges[source][operation] ?? 0) + count;
                }
            }
        }
    }
    return totals;
}

/** The sum in two lines. */
export function describeTotals({ exchanges, violations }: Totals): string {
    const line = (source: "contract" | "facts", of: string) => {
        const counts = Object.values(exchanges[source]);
        const sum = counts.reduce((total, count) => total + count, 0);
        return `${sum} exchanges of ${counts.length} operations were judged by ${of}`;
    };
    const unwanted = violations.filter(({ onPurpose }) => !onPurpose).length;
    return [
        `${line("contract", "the published contracts")}, ${line("facts", "facts written down by hand")};`,
        `${unwanted} violations, and ${violations.length - unwanted} that a test sent on purpose.`,
    ].join("\n");
}
