/** A block of shell commands in a document. */
export interface ShellBlock {
    /** The document's path. */
    document: string;
    /** The line of its first command. */
    line: number;
    /** The commands. */
    text: string;
    /** Whether it is run in the order of the document, beside the blocks that follow, or not at all. */
    how: "run" | "background" | "not run";
    /** Why it is not run. */
    reason: string;
}

const mark = /^<!-- (not run|in the background)(?:: (.*))? -->$/;
const fence = /^( *)```(\S*)/;

/**
 * Finds the blocks of shell commands in a Markdown document. A comment above one says what is special about it:
 * `<!-- not run: REASON -->` or `<!-- in the background -->`, as somebody would use another terminal.
 *
 * @throws Error for a block in a language that looks like a shell and is not `sh`: it would escape the test.
 */
export function shellBlocks(document: string, markdown: string): ShellBlock[] {
    const lines = markdown.split("\n");
    const blocks: ShellBlock[] = [];
    for (let index = 0; index < lines.length; index += 1) {
        const opened = fence.exec(lines[index]);
        if (!opened) {
            continue;
        }
        const [, indent, language] = opened;
        const end = lines.findIndex((line, at) => at > index && line.trim() === "```");
        if (end < 0) {
            throw new Error(`${document}:${index + 1}: the block is not closed`);
        }
        if (/^(bash|shell|console|sh-session|zsh|shellsession)$/.test(language)) {
            throw new Error(`${document}:${index + 1}: write \`\`\`sh, so that the commands are tried`);
        }
        if (language === "sh") {
            const text = lines.slice(index + 1, end).map((line) => line.slice(indent.length));
            const [, kind, reason = ""] = mark.exec(lineAbove(lines, index)) ?? [];
            const how = kind === undefined ? "run" : kind === "not run" ? "not run" : "background";
            blocks.push({ document, line: index + 2, text: text.join("\n"), how, reason });
        }
        index = end;
    }
    return blocks;
}

/** What the commands are said to print: comments that begin with the engine's counts, `# + 40 to create`, or an exit code. */
export function promisedOutput({ text }: ShellBlock): string[] {
    return [...text.matchAll(/ # ([+~-]+ ?\d+ [a-z ]+[a-z]|exit code \d+)/g)].map(([, promise]) => promise);
}

function lineAbove(lines: string[], index: number): string {
    const above = lines.slice(0, index).findLast((line) => line.trim() !== "");
    return above?.trim() ?? "";
}
