import { DiscoveredBinding } from "../settings/binding";

/** Whether a name fits one of the patterns, in which `*` stands for anything. Power BI's names ignore case; so does this. */
export function fits(name: string, patterns: string[]): boolean {
    return patterns.some((pattern) => toExpression(pattern.normalize("NFC")).test(name.normalize("NFC")));
}

/** Whether a rule is for the datasources of a gateway. */
export function meansGateway({ gateways, exclude }: DiscoveredBinding, name: string): boolean {
    return fits(name, gateways) && !fits(name, exclude.gateways);
}

function toExpression(pattern: string): RegExp {
    const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${parts.join(".*")}$`, "isu");
}
