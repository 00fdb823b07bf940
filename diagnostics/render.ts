import { Diagnostic } from "./diagnostic";

/** A diagnostic as people read it: where, what is so, what to do, and the code under which the documents explain it. */
export function toText(diagnostic: Diagnostic): string {
    return [firstLine(diagnostic), ...(diagnostic.details ?? []).map((detail) => `  ${detail}`)].join("\n");
}

/** What is so, and where. */
export function reasonWithPlace({ subject: { where }, reason }: Diagnostic): string {
    return where === undefined ? reason : `${where}: ${reason}`;
}

/** A diagnostic as an item of a list in Markdown. */
export function toMarkdown(diagnostic: Diagnostic): string {
    return [`- ${firstLine(diagnostic)}`, ...(diagnostic.details ?? []).map((detail) => `    - ${detail}`)].join("\n");
}

function firstLine(diagnostic: Diagnostic): string {
    const { code, severity, remedy } = diagnostic;
    if (severity === "info") {
        return reasonWithPlace(diagnostic);
    }
    if (code === "drift") {
        // One heading says what to do about all drift, of which there may be a line for each connection.
        return `drift: ${ended(reasonWithPlace(diagnostic))}`;
    }
    return `${ended(reasonWithPlace(diagnostic))} ${ended(capitalized(remedy))} [${code}]`;
}

function ended(text: string): string {
    return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** A text that begins a sentence. */
export function capitalized(text: string): string {
    return text.charAt(0).toUpperCase() + text.slice(1);
}
