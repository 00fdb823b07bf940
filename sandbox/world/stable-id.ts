import { createHash } from "node:crypto";

/** A GUID that is the same for the same words, so that a world can be taken out and put back. */
export function stableId(...words: string[]): string {
    const hex = createHash("sha256").update(words.join("\n")).digest("hex");
    return [
        hex.slice(0, 8),
        hex.slice(8, 12),
        `4${hex.slice(13, 16)}`,
        `8${hex.slice(17, 20)}`,
        hex.slice(20, 32),
    ].join("-");
}
