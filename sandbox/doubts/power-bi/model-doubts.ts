import { type Doubt } from "../doubt";

/** What nobody knows about what Power BI tells of a semantic model. */
export const modelDoubts = {
    /** For models that the world marks as `odd`. One that was bound is bound on: its connection is known by its id. */
    oddModel: {
        question: "What does /datasources answer for a model that Power BI cannot tell about?",
        source: "https://github.com/maikvandergaag/msft-extensions/issues/356",
        behaviours: {
            readable: { does: "Its sources: nothing is odd about it.", expected: "converges" },
            ownerLeft: { does: "404 DMTS_UserNotFoundInADGraphError, until a take-over.", expected: "converges" },
            capacityPaused: { does: "404 CapacityNotActive.", expected: "converges" },
            stray404: { does: "404 PowerBIEntityNotFound, though the list has the model.", expected: "converges" },
            stray415: { does: "415 without a code of Power BI's.", expected: "converges" },
            stray403: { does: "403 without a code.", expected: "converges" },
            stray500: { does: "500 each time.", expected: "converges" },
        },
    },
    modelsOnPausedCapacity: {
        question: "Does a workspace on a paused capacity still list its models?",
        source: "invented",
        behaviours: {
            listed: { does: "It lists them; only a model by itself is not told.", expected: "converges" },
            notListed: { does: "404 CapacityNotActive for the list too.", expected: "keeps" },
        },
    },
    isRefreshable: {
        question: "Of which models is isRefreshable true?",
        source: "https://github.com/microsoft/PowerBI-CSharp/blob/master/sdk/swaggers/swagger.json",
        behaviours: {
            everyImportModel: { does: "Of each one in Import mode.", expected: "converges" },
            refreshedOrScheduled: {
                does: "Of those in Import mode that were refreshed before or have a schedule that is on, as documented.",
                expected: "converges",
            },
            absent: { does: "It is left out.", expected: "converges" },
        },
    },
    isOnPremGatewayRequired: {
        question: "Is isOnPremGatewayRequired told?",
        source: "https://github.com/microsoft/PowerBI-CSharp/blob/master/sdk/swaggers/swagger.json",
        behaviours: {
            told: { does: "It is true where a source is behind an on-premises gateway.", expected: "converges" },
            absent: { does: "It is left out.", expected: "converges" },
        },
    },
    idsOfCloudSource: {
        question: "Which ids has a cloud source of a model for a caller who does not own the model?",
        source: "https://github.com/dagster-io/dagster/tree/master/python_modules/libraries/dagster-powerbi/dagster_powerbi_tests",
        behaviours: {
            both: { does: "gatewayId and datasourceId.", expected: "converges" },
            gatewayOnly: { does: "A gatewayId and no datasourceId.", expected: "converges" },
            none: { does: "Neither.", expected: "converges" },
        },
    },
    modelConnectionDetails: {
        question: "How are the connection details of a model's source written?",
        source: "https://github.com/microsoft/PowerBI-CSharp/blob/master/sdk/swaggers/swagger.json",
        behaviours: {
            object: { does: "As an object whose path is JSON.", expected: "converges" },
            text: { does: "As a text, like those of a gateway.", expected: "converges" },
        },
    },
} satisfies Record<string, Doubt>;
