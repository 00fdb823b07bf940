import { type Doubt } from "../doubt";

/** What nobody knows about who owns a semantic model, and about a take-over. */
export const takeOverDoubts = {
    configuredBy: {
        question: "What does configuredBy say of a model that a service principal owns?",
        source: "https://github.com/dagster-io/dagster/tree/master/python_modules/libraries/dagster-powerbi/dagster_powerbi_tests",
        behaviours: {
            applicationId: { does: "It is the application's client id.", expected: "converges" },
            objectId: { does: "It is the object id of the service principal.", expected: "converges" },
            displayName: { does: "It is the application's name, which others may have too.", expected: "converges" },
            userPrincipalName: { does: "It looks like a user's name: CLIENTID@TENANTID.", expected: "converges" },
            someUuid: { does: "It is a UUID that nothing else in the tenant has.", expected: "converges" },
            absent: { does: "It is left out, as the contract allows.", expected: "converges" },
        },
    },
    takeOverByOwner: {
        question: "What does a take-over answer to who owns the model already?",
        source: "https://learn.microsoft.com/en-us/rest/api/power-bi/datasets/take-over-in-group",
        behaviours: {
            accepted: { does: "200, and nothing changes.", expected: "converges" },
            notAcceptable: { does: "406: a take-over is not relevant here.", expected: "converges" },
        },
    },
    idsAfterTakeOver: {
        question: "Does a cloud source keep its ids in a take-over?",
        source: "https://github.com/maikvandergaag/msft-extensions/issues/489",
        behaviours: {
            changed: { does: "It is another datasource from then on, the new owner's.", expected: "converges" },
            kept: {
                does: "A datasource that no other model uses goes to the new owner with its ids, and loses its credential.",
                expected: "converges",
            },
        },
    },
    scheduleAfterTakeOver: {
        question: "What becomes of the refresh schedule in a take-over?",
        source: "https://github.com/maikvandergaag/msft-extensions/issues/276",
        behaviours: {
            switchedOff: { does: "It is switched off.", expected: "converges" },
            kept: { does: "It goes on.", expected: "converges" },
        },
    },
    sharedConnectionAfterTakeOver: {
        question: "Does a model stay mapped to a shared cloud connection in a take-over?",
        source: "https://github.com/microsoft/fabric-cicd/issues/689",
        behaviours: {
            dropped: { does: "It reads through the new owner's own connection from then on.", expected: "converges" },
            kept: { does: "It stays mapped, whoever may write that connection.", expected: "converges" },
        },
    },
    mixedModelAfterTakeOver: {
        question: "Does the gateway source of a model that also has a cloud source stay bound in a take-over?",
        source: "https://github.com/pbi-tools/pbi-tools/issues/337",
        behaviours: {
            kept: { does: "It stays bound to the gateway's datasource.", expected: "converges" },
            // Who takes such a model over knows what it was bound to, and can bind it again.
            dropped: { does: "It has to be bound to the gateway again.", expected: "converges" },
        },
    },
    newOwner: {
        question: "When is the new owner visible after a take-over?",
        source: "https://github.com/maikvandergaag/msft-extensions/issues/366",
        behaviours: {
            atOnce: { does: "With the next request.", expected: "converges" },
            shownLater: {
                does: "Three looks at the model still show the former owner and the former datasource.",
                expected: "converges",
            },
            writesLater: {
                does: "The new owner is shown at once, and three requests for the new datasource are refused with 403.",
                expected: "converges",
            },
        },
    },
    newRole: {
        question: "When is a new role in a workspace visible?",
        source: "https://learn.microsoft.com/en-us/rest/api/power-bi/users/refresh-user-permissions",
        behaviours: {
            atOnce: { does: "With the next request.", expected: "converges" },
            // A workspace that is not there yet looks like one that is written wrongly: said in words, and up again.
            later: { does: "A caller's first three lists of workspaces are empty.", expected: "refuses" },
        },
    },
} satisfies Record<string, Doubt>;
