import { type Doubt } from "../doubt";

/** What nobody knows about refreshes. */
export const refreshDoubts = {
    runningRefresh: {
        question: "Which status has a refresh that is running?",
        source: "https://learn.microsoft.com/en-us/rest/api/power-bi/datasets/get-refresh-history-in-group",
        behaviours: {
            unknown: { does: "Unknown, as documented.", expected: "converges" },
            inProgress: { does: "InProgress, a word of the details of a refresh.", expected: "converges" },
            newWord: { does: "Queued, which is documented nowhere, and no endTime.", expected: "converges" },
        },
    },
    refreshRequestId: {
        question: "Does the start of a refresh tell its id?",
        source: "https://learn.microsoft.com/en-us/rest/api/power-bi/datasets/refresh-dataset-in-group",
        behaviours: {
            told: { does: "In the header x-ms-request-id.", expected: "converges" },
            absent: {
                does: "Not where the body asks for nothing but a notification, as documented.",
                expected: "converges",
            },
        },
    },
    refreshWhileRunning: {
        question: "How is a refresh refused while another is running?",
        source: "invented",
        behaviours: {
            invalidRequest: { does: "400 InvalidRequest, with words about another request.", expected: "converges" },
            otherCode: { does: "400 RefreshInProgress, without a message.", expected: "converges" },
            conflict: { does: "409 without a code.", expected: "converges" },
        },
    },
} satisfies Record<string, Doubt>;
