import { type ChosenDoubts, doubts } from "../../sandbox/doubts";
import { type Doubt, type ExpectedOutcome } from "../../sandbox/doubts/doubt";
import { type Verdict } from "./judge";

/** One behaviour of one doubt. */
export interface Row {
    doubt: keyof ChosenDoubts;
    behaviour: string;
    does: string;
    source: string;
    expected: ExpectedOutcome;
}

/** A row and what a life under it came to. */
export type Result = Row & Verdict;

/** Every behaviour of every doubt. */
export function allRows(): Row[] {
    return Object.entries<Doubt>(doubts).flatMap(([doubt, { behaviours, source }]) =>
        Object.entries(behaviours).map(([behaviour, { does, expected }]) => ({
            doubt: doubt as keyof ChosenDoubts,
            behaviour,
            does,
            source,
            expected,
        })),
    );
}

/** Whether two rows are of the same behaviour. */
export function isSame(
    one: { doubt: string; behaviour: string },
    other: { doubt: string; behaviour: string },
): boolean {
    return one.doubt === other.doubt && one.behaviour === other.behaviour;
}

/** One line for a terminal. */
export function toLine({ doubt, behaviour, expected, found, because }: Result): string {
    const mark = found === expected ? "as expected" : "DIFFERS";
    const reason = because === "" ? "" : `: ${because}`;
    return `${mark.padEnd(11)} ${doubt}: ${behaviour}, expected ${expected}, found ${found}${reason}`;
}

/** The table as Markdown. */
export function toMarkdown(results: Result[]): string {
    const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
    const rows = results.map(({ doubt, behaviour, does, source, expected, found, because }) => {
        const isAsExpected = found === expected;
        const said = isAsExpected ? found : `**${found}**: ${because.slice(0, 200)}`;
        return `| ${[doubt, behaviour, does, source, expected, said].map(cell).join(" | ")} |`;
    });
    const differing = results.filter(({ expected, found }) => found !== expected).length;
    return [
        `${results.length} behaviours, ${results.length - differing} as expected, ${differing} not yet.`,
        "",
        "| doubt | behaviour | what the service does | source | expected | found |",
        "| --- | --- | --- | --- | --- | --- |",
        ...rows,
    ].join("\n");
}
