/** An option of a command: how it is read, and what `--help` says of it. */
export interface Option {
    type: "string" | "boolean";
    /** The word that stands for its value; none for one that is given or not. */
    value?: string;
    /** What it is for, in one line. */
    does: string;
}

/** What a command is, for the one who calls it. One declaration, so that what is read and what is told cannot differ. */
export interface Manual {
    /** How it is called, in one line. */
    usage: string;
    /** What it does and how it exits, in lines that fit a terminal. */
    does: string;
    /** Its options by their names, without the hyphens. */
    options: Record<string, Option>;
}

/** The stack that a command is for. */
export const stackOption = { type: "string", value: "NAME", does: "the stack" } as const satisfies Option;

/** Where a command leaves what its run came to. */
export const summaryOption = {
    type: "string",
    value: "FILE",
    does: "writes what happened, or failed, to a file, as Markdown",
} as const satisfies Option;

/** The help of a command: its usage, what it does, and a line for each option. */
export function describeManual({ usage, does, options }: Manual): string {
    const rows = Object.entries(options).map(([name, option]) => ({
        call: option.value === undefined ? `--${name}` : `--${name} ${option.value}`,
        does: option.does,
    }));
    const width = Math.max(...rows.map(({ call }) => call.length));
    const lines = rows.map((row) => `  ${row.call.padEnd(width)}  ${row.does}`);
    return [usage, "", does, "", ...lines, ""].join("\n");
}
