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

/** The behaviours of a doubt that end in one way for one reason. */
function differences(doubt: string, behaviours: string[], found: Found, reason: string): KnownDifference[] {
    return behaviours.map((behaviour) => ({ doubt, behaviour, found, reason }));
}

const waits = "what is not visible yet is not waited for with a budget of its own: one plain up more makes it good";

/** What is not yet as expected. */
export const knownDifferences: KnownDifference[] = [
    ...differences(
        "sharedConnectionAfterTakeOver",
        ["dropped", "kept"],
        "refuses",
        "a model on a shareable connection is not taken over any more, and cannot be bound through that connection yet",
    ),
    ...differences("newOwner", ["writesLater"], "breaks", `after a take-over, ${waits}`),
    ...differences(
        "publicKey",
        ["absent"],
        "breaks",
        "a gateway that cannot be written fails its own resource, and the engine starts nothing after it",
    ),
    ...differences(
        "gatewayAdmin",
        ["noDatasources"],
        "refuses",
        "a datasource that a binding names is looked for in the gateway's list, which is empty; nothing tells its id",
    ),
    ...differences(
        "gatewayAdmin",
        ["gatewayByIdOnly"],
        "refuses",
        "a gateway that a binding names is looked for in the list of gateways, which is empty; nothing tells its id",
    ),
    ...differences("newPrincipalInPermissions", ["notFound404", "badRequest400", "forbidden403"], "breaks", waits),
    ...differences("newPrincipalForSecrets", ["notFound404"], "breaks", waits),
    ...differences("newPrincipalInCatalog", ["notFound404", "badRequest400"], "breaks", waits),
    ...differences("permissionInForce", ["laterForQueries", "laterInList", "laterAsHtml"], "breaks", waits),
    ...differences("startingWarehouse", ["refused400"], "breaks", waits),
    ...differences("grantInForce", ["laterForQueries"], "breaks", waits),
];
