import { FoundDataset, showFound } from "./datasets";
import { GatewayKind } from "./gateways";
import { FormerSource } from "./memory";

/** What of a named dataset whose sources Power BI does not tell is to be bound. */
export type Untold =
    /** Itself, in the cloud: a take-over makes it tell them. */
    | "cloud"
    /** What the last up found, for a credential in a gateway is not its owner's. */
    | FormerSource[]
    /** Nothing, for a reason. */
    | { refusal: string };

/** What makes such a dataset tell its sources again. */
export const cure = "Let somebody who is there take it over (the dataset's settings in Power BI)";

/**
 * Judges a named dataset whose sources Power BI does not tell. One that is behind a gateway is not to be taken over:
 * that cannot be undone, and does nothing for its credential.
 *
 * @param former what the last up found of it.
 * @param declared what its gateway is declared to be.
 * @param serves whether the credential is for a source.
 */
export function judgeUntold(
    where: string,
    dataset: FoundDataset,
    former: FormerSource[],
    declared: GatewayKind | undefined,
    serves: (source: FormerSource) => boolean,
): Untold {
    const behind = former.find(({ kind }) => kind !== "NoGateway");
    const wasInCloud = former.length > 0 && !behind;
    if (declared === "NoGateway" || (wasInCloud && declared === undefined)) {
        return "cloud";
    }
    if (behind && former.some(serves)) {
        return former;
    }
    const known = behind
        ? `was behind ${behind.kind} gateway "${behind.gateway}" at the last up`
        : declared
          ? `is declared as ${declared}`
          : "may be behind a gateway";
    const refusal =
        `${where}: ${untold(dataset)}. It ${known}, and is not taken over by itself: that cannot be undone. ${cure}, and ` +
        "run again; if it reads through the cloud now, say gatewayType: NoGateway.";
    return { refusal };
}

/** Says that a dataset does not tell its sources. */
export function untold(dataset: FoundDataset): string {
    return `Power BI does not tell the datasources of ${showFound(dataset)}, as it does when the owner has left`;
}

/** Warns of a dataset for which the last up's findings stand in. */
export function boundAsBefore(dataset: FoundDataset): string {
    return `${untold(dataset)}: its credential is kept where the last up found it. ${cure}`;
}
