import { type Doubt } from "../doubt";

/** What nobody knows about gateways, datasources and connections. */
export const gatewayDoubts = {
    cloudDatasource: {
        question: "May the owner of a cloud datasource read it by its id?",
        source: "https://learn.microsoft.com/en-us/rest/api/power-bi/gateways/get-datasource",
        behaviours: {
            readable: { does: "Yes, though only gateway admins are documented.", expected: "converges" },
            forbidden: { does: "403. The owner may write it all the same.", expected: "converges" },
            notFound: { does: "404. The owner may write it all the same.", expected: "converges" },
        },
    },
    basicWithSingleSignOn: {
        question: "What does a Basic credential do where single sign-on is on?",
        source: "https://learn.microsoft.com/en-us/rest/api/power-bi/gateways/update-datasource",
        behaviours: {
            readsAsViewer: {
                does: "It is stored, and a DirectQuery report reads as its viewer, who is nobody in Databricks.",
                expected: "refuses",
            },
            refused: { does: "400 for both together.", expected: "refuses" },
        },
    },
    virtualNetworkOnPowerBi: {
        question: "Does Power BI's own API write the credential of a datasource behind a VNET gateway?",
        source: "https://learn.microsoft.com/en-us/rest/api/power-bi/gateways/update-datasource",
        behaviours: {
            accepted: { does: "Yes, though it is documented as not supported.", expected: "converges" },
            refused: { does: "404, as for a gateway that does not exist.", expected: "converges" },
        },
    },
    publicKey: {
        question: "Does an on-premises gateway have a public key in Power BI's answer?",
        source: "https://github.com/microsoft/PowerBI-CSharp/blob/master/sdk/swaggers/swagger.json",
        behaviours: {
            told: { does: "Yes.", expected: "converges" },
            // Nothing goes there in plain text. What is not behind such a gateway goes on.
            absent: { does: "It is left out, as the contract allows.", expected: "keeps" },
        },
    },
    gatewayAdmin: {
        question: "What does a gateway's admin see who has no role on its datasources?",
        source: "https://github.com/maikvandergaag/msft-extensions/issues/292",
        behaviours: {
            all: { does: "The gateway and its datasources.", expected: "converges" },
            noDatasources: { does: "The gateway, with an empty list of datasources.", expected: "converges" },
            gatewayByIdOnly: {
                does: "An empty list of gateways. Asked for by its id, it is there.",
                expected: "converges",
            },
        },
    },
    gatewayConnectionDetails: {
        question: "How are the connection details of a gateway's datasource written?",
        source: "https://wrschneider.github.io/2022/09/16/powerbi-credentials.html",
        behaviours: {
            text: { does: "As JSON in a text, with JSON in it.", expected: "converges" },
            object: { does: "As an object, like those of the scanner.", expected: "converges" },
        },
    },
    testConnection: {
        question: "Does the test of a connection answer at once?",
        source: "https://learn.microsoft.com/en-us/rest/api/fabric/core/connections/test-connection",
        behaviours: {
            longRunning: { does: "202 and an operation to follow.", expected: "converges" },
            atOnce: { does: "200 with the outcome.", expected: "converges" },
        },
    },
} satisfies Record<string, Doubt>;
