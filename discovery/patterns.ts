/** Whether a name fits one of the patterns, in which `*` stands for anything. Power BI's names ignore case; so does this. */
export function fits(name: string, patterns: string[]): boolean {
    return patterns.some((pattern) => toExpression(pattern.normalize("NFC")).test(name.normalize("NFC")));
}

function toExpression(pattern: string): RegExp {
    const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${parts.join(".*")}$`, "isu");
}
