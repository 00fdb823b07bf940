import { Case } from "./cases";
import { isAsGood } from "./expected";
import { Found, Outcome } from "./outcome";

/** A case that was tried. */
export interface Row extends Pick<Case, "answer" | "field"> {
    scene: string;
    expected: Outcome;
    found: Found;
}

/** How a row is called in the list of known failures. */
export function keyOf({ scene, answer, field }: Pick<Row, "scene" | "answer" | "field">): string {
    return `${scene}: ${answer}: ${field}`;
}

/** The table of what was tried, with the totals below. */
export function tableOf(title: string, rows: Row[]): string {
    const cells = rows.map(({ scene, answer, field, expected, found }) => {
        const mark = isAsGood(found.outcome, expected) ? "" : " !";
        return [scene, answer, field, expected, found.outcome + mark];
    });
    const table = [["where", "answer", "field", "expected", "found"], ...cells];
    const widths = table[0].map((_, column) => Math.max(...table.map((line) => line[column].length)));
    const lines = table.map((line) =>
        line
            .map((cell, column) => cell.padEnd(widths[column]))
            .join("  ")
            .trimEnd(),
    );
    return [`${title}:`, ...lines, totalsOf(rows), ""].join("\n");
}

/** How many cases ended with what. */
export function totalsOf(rows: Row[]): string {
    const count = (outcome: Outcome) => rows.filter(({ found }) => found.outcome === outcome).length;
    const worse = rows.filter(({ found, expected }) => !isAsGood(found.outcome, expected)).length;
    return (
        `${rows.length} cases: ${count("converges")} converge, ${count("keeps")} keep, ${count("refuses")} refuse, ` +
        `${count("believes")} believe, ${count("breaks")} break; ${worse} are worse than expected`
    );
}
