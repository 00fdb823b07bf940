import { type Exchange } from "../../sandbox/contract/judge";

const id = "c0000000-0000-4000-8000-000000000001";
export const datasource = `/v1.0/myorg/gateways/${id}/datasources/${id}`;
const dataset = `/v1.0/myorg/groups/${id}/datasets/${id}`;
export const credentialDetails = {
    credentialType: "Basic",
    credentials: "{}",
    encryptedConnection: "Encrypted",
    encryptionAlgorithm: "None",
    privacyLevel: "Private",
};
const vnetConnection = {
    id,
    connectivityType: "VirtualNetworkGateway",
    connectionDetails: { type: "Databricks", path: "host;path" },
};
const update = {
    connectivityType: "VirtualNetworkGateway",
    credentialDetails: {
        singleSignOnType: "None",
        connectionEncryption: "NotEncrypted",
        skipTestConnection: false,
        credentials: { credentialType: "Basic", username: "u", password: "p" },
    },
};

/** An exchange, most of which is JSON and right. */
export function exchange(
    service: Exchange["service"],
    request: string,
    body?: unknown,
    status?: number,
    answer?: unknown,
    headers = {},
) {
    const [method, url] = request.split(" ");
    return {
        service,
        method,
        url,
        body,
        contentType: "application/json",
        answer: status === undefined ? undefined : answered(status, answer, headers),
    };
}

function answered(status: number, body: unknown, headers: object) {
    const type = { "content-type": "application/json; charset=utf-8" };
    return { status, headers: { ...type, ...headers }, body: body === undefined ? "" : JSON.stringify(body) };
}

const operation = { location: "https://x/v1/operations/1", "x-ms-operation-id": id, "retry-after": "1" };
const form = { contentType: "application/x-www-form-urlencoded" };
const grant = { grant_type: "client_credentials", client_id: "c", scope: "s" };

/** What is right, with what somebody could take for wrong. */
export const right: [string, Exchange][] = [
    [
        "a GUID in capitals",
        exchange("powerBi", `GET ${dataset.toUpperCase().replace("/V1.0/MYORG", "/v1.0/myorg")}/DATASOURCES`),
    ],
    ["Basic credentials", exchange("powerBi", `PATCH ${datasource}`, { credentialDetails }, 200)],
    [
        "true and false in text",
        exchange("powerBi", `PATCH ${datasource}`, {
            credentialDetails: { ...credentialDetails, useEndUserOAuth2Credentials: "False" },
        }),
    ],
    [
        "a value that an open enum does not name, in an answer",
        exchange("powerBi", `GET ${datasource}`, undefined, 200, { id, gatewayId: id, credentialType: "NotSpecified" }),
    ],
    [
        "a property with the first letter of the contract's example instead of its definition's",
        exchange("powerBi", `GET ${dataset.replace(`/${id}/datasets/${id}`, `/${id}/datasets`)}`, undefined, 200, {
            value: [{ id, isRefreshable: true }],
        }),
    ],
    [
        "a refusal that the contract does not list",
        exchange("powerBi", `GET ${datasource}`, undefined, 404, { error: { code: "X" } }),
    ],
    ["a refusal without words", exchange("powerBi", `GET ${datasource}`, undefined, 403)],
    ["no body, as JSON", exchange("powerBi", `POST ${dataset}/Default.TakeOver`, undefined, 200)],
    ["a header that comes only if it was asked for", exchange("powerBi", `POST ${dataset}/refreshes`, undefined, 202)],
    ["a connection", exchange("fabric", `GET /v1/connections/${id}`, undefined, 200, vnetConnection)],
    [
        "a connection of a kind that the contract does not know, with what that has",
        exchange("fabric", `GET /v1/connections/${id}`, undefined, 200, {
            ...vnetConnection,
            connectivityType: "Quantum",
            qubits: 3,
        }),
    ],
    [
        "a kind's own properties in a request",
        exchange("fabric", `PATCH /v1/connections/${id}`, update, 200, vnetConnection),
    ],
    [
        "an operation with its headers",
        exchange("fabric", `POST /v1/connections/${id}/testConnection`, undefined, 202, undefined, operation),
    ],
    [
        "a list without a next page",
        exchange("fabric", "GET /v1/connections", undefined, 200, { value: [], continuationToken: null }),
    ],
    [
        "a fact",
        exchange("databricks", "GET /api/2.0/secrets/list?scope=s", undefined, 200, {
            secrets: [{ key: "k", more: 1 }],
        }),
    ],
    [
        "where the scanner says that a datasource of an extension points to",
        exchange("powerBi", `GET /v1.0/myorg/admin/workspaces/scanResult/${id}`, undefined, 200, {
            workspaces: [],
            datasourceInstances: [{ connectionDetails: { extensionDataSourceKind: "Databricks", path: "x" } }],
        }),
    ],
    ["a form", { ...exchange("entra", "POST /tenant/oauth2/v2.0/token", grant), ...form }],
];

/** One violation of each kind: what is said of it. */
export const wrong: [string, Exchange, string][] = [
    [
        "a path that the service does not have",
        exchange("powerBi", "GET /v1.0/myorg/nowhere"),
        "request: path is not known",
    ],
    ["a path of another service", exchange("powerBi", "GET /v1/connections"), "request: path is not known"],
    [
        "a method that a path does not have",
        exchange("powerBi", `PUT ${datasource}`),
        "request: method is none of GET, DELETE, PATCH",
    ],
    ["an id that is no GUID", exchange("fabric", "GET /v1/connections/c"), "request: path.connectionId must be a uuid"],
    [
        "an unknown parameter",
        exchange("powerBi", `GET ${dataset}/refreshes?top=1`),
        "request: query.top is no parameter that is known there",
    ],
    ["a missing parameter", exchange("powerBi", "GET /v1.0/myorg/admin/groups"), "request: query.$top is missing"],
    [
        "a parameter above its maximum",
        exchange("powerBi", "GET /v1.0/myorg/admin/groups?$top=5001"),
        "request: query.$top must be an integer of at least 1 and at most 5000",
    ],
    [
        "a parameter of another type",
        exchange("powerBi", "GET /v1.0/myorg/groups?$top=many"),
        "request: query.$top must be an integer",
    ],
    [
        "a parameter that is neither true nor false",
        exchange("powerBi", "POST /v1.0/myorg/admin/workspaces/getInfo?lineage=1", { workspaces: [id] }),
        "request: query.lineage must be true or false",
    ],
    ["a missing body", exchange("powerBi", `PATCH ${datasource}`), "request: body is missing"],
    [
        "a body where there is none",
        exchange("powerBi", `POST ${dataset}/Default.TakeOver`, { a: 1 }),
        "request: body is sent where there is none",
    ],
    [
        "a body that does not say what it is",
        { ...exchange("powerBi", `PATCH ${datasource}`, { credentialDetails }), contentType: "text/plain" },
        "request: header Content-Type does not say JSON",
    ],
    [
        "an unknown property in a request",
        exchange("powerBi", `PATCH ${datasource}`, { credentialDetails: { ...credentialDetails, privacy: "Private" } }),
        "request: body.credentialDetails.privacy is no property that is known there",
    ],
    [
        "a missing property in a request",
        exchange("powerBi", `PATCH ${datasource}`, {
            credentialDetails: { ...credentialDetails, privacyLevel: undefined },
        }),
        "request: body.credentialDetails.privacyLevel is missing",
    ],
    [
        "a property of another type in a request",
        exchange("powerBi", `PATCH ${datasource}`, { credentialDetails: { ...credentialDetails, credentials: {} } }),
        "request: body.credentialDetails.credentials must be string",
    ],
    [
        "a text that is neither true nor false",
        exchange("powerBi", `PATCH ${datasource}`, {
            credentialDetails: { ...credentialDetails, useCallerAADIdentity: "no" },
        }),
        "request: body.credentialDetails.useCallerAADIdentity must be true or false",
    ],
    [
        "true in text where the contract has no such example",
        exchange("fabric", `PATCH /v1/connections/${id}`, {
            ...update,
            credentialDetails: { ...update.credentialDetails, skipTestConnection: "True" },
        }),
        "request: body.credentialDetails.skipTestConnection must be boolean",
    ],
    [
        "a value that a closed enum does not name",
        exchange("powerBi", `POST /v1.0/myorg/reports/${id}/ExportTo`, { format: "TXT" }),
        "request: body.format is none of PPTX, PDF, PNG, IMAGE, XLSX, DOCX, CSV, XML, MHTML, ACCESSIBLEPDF",
    ],
    [
        "a property that another kind has",
        exchange("fabric", `PATCH /v1/connections/${id}`, { ...update, gatewayId: id }),
        "request: body.gatewayId is no property that is known there",
    ],
    [
        "a property that another kind of credentials has, deep within",
        exchange("fabric", `PATCH /v1/connections/${id}`, {
            ...update,
            credentialDetails: {
                ...update.credentialDetails,
                credentials: { ...update.credentialDetails.credentials, key: "k" },
            },
        }),
        "request: body.credentialDetails.credentials.key is no property that is known there",
    ],
    [
        "a status that is none of the operation's",
        exchange("powerBi", `POST ${dataset}/refreshes`, undefined, 200),
        "answer: status 200 is none of 202",
    ],
    [
        "a missing body of an answer",
        exchange("powerBi", `GET ${datasource}`, undefined, 200),
        "answer: body is no JSON",
    ],
    [
        "an answer with a body where there is none",
        exchange("powerBi", `PATCH ${datasource}`, { credentialDetails }, 200, {}),
        "answer: body is answered where there is none",
    ],
    [
        "a missing property of an answer",
        exchange("powerBi", `GET ${datasource}`, undefined, 200, { id, gatewayId: id }),
        "answer: body.credentialType is missing",
    ],
    [
        "an unknown property of an answer",
        exchange("powerBi", "GET /v1.0/myorg/groups", undefined, 200, { value: [{ id, owner: "x" }] }),
        "answer: body.value.0.owner is no property that is known there",
    ],
    [
        "a property of an answer with another type",
        exchange("powerBi", `GET ${dataset}/refreshSchedule`, undefined, 200, { enabled: "true" }),
        "answer: body.enabled must be boolean",
    ],
    [
        "an id in an answer that is no GUID",
        exchange("powerBi", "GET /v1.0/myorg/groups", undefined, 200, { value: [{ id: "1" }] }),
        'answer: body.value.0.id must match format "uuid"',
    ],
    [
        "a time in an answer that is none",
        exchange("powerBi", `GET ${dataset}/refreshes`, undefined, 200, { value: [{ startTime: "yesterday" }] }),
        'answer: body.value.0.startTime must match format "date-time"',
    ],
    [
        "an answer that does not say what it is",
        exchange("powerBi", "GET /v1.0/myorg/groups", undefined, 200, { value: [] }, { "content-type": "text/html" }),
        "answer: header Content-Type does not say JSON",
    ],
    [
        "a missing header",
        exchange("fabric", `POST /v1/connections/${id}/testConnection`, undefined, 202, undefined, {
            ...operation,
            location: undefined,
        }),
        "answer: header Location is missing",
    ],
    [
        "a header of another type",
        exchange("fabric", `POST /v1/connections/${id}/testConnection`, undefined, 202, undefined, {
            ...operation,
            "retry-after": "soon",
        }),
        "answer: header Retry-After must be an integer",
    ],
    [
        "a refusal in other words than the service's",
        exchange("fabric", `GET /v1/connections/${id}`, undefined, 404, { errorCode: "X" }),
        "answer: body.message is missing",
    ],
    [
        "what a kind has to have",
        exchange("fabric", `GET /v1/gateways/${id}`, undefined, 200, {
            id,
            type: "VirtualNetwork",
            displayName: "x",
            virtualNetworkAzureResource: {
                subscriptionId: id,
                resourceGroupName: "r",
                virtualNetworkName: "v",
                subnetName: "s",
            },
            inactivityMinutesBeforeSleep: 30,
        }),
        "answer: body.numberOfMemberGateways is missing",
    ],
    [
        "a request against a fact",
        exchange("databricks", "POST /api/2.0/secrets/put", { scope: "s", key: "k", value: "v" }),
        "request: body.value is no property that is known there",
    ],
    [
        "a fact's query",
        exchange("databricks", "GET /api/2.0/secrets/list?name=s"),
        "request: query.name is no parameter that is known there",
    ],
    [
        "an answer against a fact",
        exchange("databricks", "GET /api/2.0/sql/warehouses", undefined, 200, { warehouses: [{ id: "1", name: "n" }] }),
        "answer: body.warehouses.0.state is missing",
    ],
    [
        "a form that is JSON",
        exchange("entra", "POST /tenant/oauth2/v2.0/token", grant),
        "request: header Content-Type does not say form",
    ],
];
