import { anything, atLeast, exactly, type Fact, list, text } from "./fact";

const service = "fabric";
const operations = "https://learn.microsoft.com/rest/api/fabric/core/long-running-operations";
/** One that somebody else owns has no id here. */
const itemConnection = atLeast({ id: text, "connectivityType!": text, "connectionDetails!": atLeast({ path: text }) });
const connection = atLeast({ "id!": text, "connectivityType!": text, connectionDetails: atLeast({ path: text }) });

/** What of Fabric's API is in contracts that are not at hand. */
export const fabricFacts: Fact[] = [
    {
        service,
        method: "GET",
        path: "/v1/operations/{operationId}",
        source: `${operations}/get-operation-state`,
        answers: { 200: { body: atLeast({ "status!": text, percentComplete: anything, error: anything }) } },
    },
    {
        service,
        method: "GET",
        path: "/v1/operations/{operationId}/result",
        source: `${operations}/get-operation-result`,
        answers: { 200: { body: anything } },
    },
    {
        service,
        method: "POST",
        path: "/v1/workspaces/{workspaceId}/semanticModels/{semanticModelId}/bindConnection",
        source: "https://learn.microsoft.com/rest/api/fabric/semanticmodel/items/bind-semantic-model-connection",
        body: exactly({
            "connectionBinding!": exactly({
                id: { type: "string", format: "uuid" },
                connectivityType: text,
                "connectionDetails!": exactly({ type: text, "path!": text }),
            }),
        }),
        answers: { 200: {} },
    },
    {
        service,
        method: "GET",
        path: "/v1/workspaces/{workspaceId}/items/{itemId}/connections",
        source: "https://learn.microsoft.com/rest/api/fabric/core/items/list-item-connections",
        query: ["continuationToken"],
        answers: { 200: { body: atLeast({ "value!": list(itemConnection) }) } },
    },
    {
        service,
        method: "GET",
        path: "/v1/admin/connections",
        source: "https://learn.microsoft.com/rest/api/fabric/admin/connections",
        query: ["continuationToken"],
        answers: { 200: { body: atLeast({ "value!": list(connection) }) } },
    },
];
