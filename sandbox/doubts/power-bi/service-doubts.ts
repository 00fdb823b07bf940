import { type Doubt } from "../doubt";

/** What nobody knows about how Power BI answers at all. */
export const serviceDoubts = {
    answerToPatch: {
        question: "What does a PATCH of Power BI's answer?",
        source: "invented",
        behaviours: {
            empty: { does: "200 without a body.", expected: "converges" },
            emptyObject: { does: "200 with {}.", expected: "converges" },
            accepted: {
                does: "202 without a body; it is done all the same.",
                expected: "converges",
            },
        },
    },
    expiredToken: {
        question: "How is an expired token refused?",
        source: "invented",
        behaviours: {
            forbidden: { does: "403 TokenExpired.", expected: "converges" },
            unauthorized: { does: "401 without a body.", expected: "converges" },
        },
    },
    throttling: {
        question: "What does Power BI say to a caller who asks too often?",
        source: "https://github.com/RuiRomano/pbimonitor/issues/58",
        behaviours: {
            never: { does: "Nothing: nobody is throttled.", expected: "converges" },
            retryAfter: { does: "Every twentieth request gets 429 with Retry-After: 1.", expected: "converges" },
            silent: { does: "Every twentieth request gets 429 without Retry-After.", expected: "converges" },
        },
    },
} satisfies Record<string, Doubt>;
