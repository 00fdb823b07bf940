import { causeOf, remedyOf } from "../clients/service-codes";
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

/** What makes a dataset tell its sources again. */
export function cureOf(dataset: FoundDataset, error: Error): string {
    return remedyOf(error, dataset.workspaceName) ?? "Look at the dataset's settings in Power BI, and run again";
}

/**
 * Judges a named dataset whose sources Power BI does not tell. One that is behind a gateway is not to be taken over:
 * that cannot be undone, and does nothing for its credential.
 *
 * @param error why Power BI does not tell them.
 * @param former what the last up found of it.
 * @param declared what its gateway is declared to be.
 * @param serves whether the credential is for a source.
 */
export function judgeUntold(
    where: string,
    dataset: FoundDataset,
    error: Error,
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
        `${where}: ${untold(dataset, error)}. It ${known}, and is not taken over by itself: that cannot be undone. ` +
        `${cureOf(dataset, error)}, and run again; if it reads through the cloud now, say gatewayType: NoGateway.`;
    return { refusal };
}

/** Says that a dataset does not tell its sources, and why. */
export function untold(dataset: FoundDataset, error: Error): string {
    return `Power BI does not tell the datasources of ${showFound(dataset)}: ${causeOf(error, dataset.workspaceName)}`;
}

/** Warns of a dataset for which the last up's findings stand in. */
export function boundAsBefore(dataset: FoundDataset, error: Error): string {
    return `${untold(dataset, error)}. Its credential is kept where the last up found it. ${cureOf(dataset, error)}`;
}
