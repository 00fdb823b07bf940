import { type Found } from "./judge";

/** A behaviour under which the program does something else than is expected of it, and why. */
export interface KnownDifference {
    doubt: string;
    behaviour: string;
    /** What is found today. The list fails when it is something else, and when it is what is expected. */
    found: Found;
    /** Why it is so, and what has to happen. */
    reason: string;
}

/** What is not yet as expected. */
export const knownDifferences: KnownDifference[] = [
    {
        doubt: "gatewayAdmin",
        behaviour: "noDatasources",
        found: "refuses",
        reason: "a datasource that a binding names is looked for in the gateway's list, which is empty; nothing tells its id",
    },
];
