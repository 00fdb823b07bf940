const group = "/v1.0/myorg/groups/{groupId}";
const dataset = `${group}/datasets/{datasetId}`;
const gateway = "/v1.0/myorg/gateways/{gatewayId}";

/** The operations of the published contracts that the program's clients use. */
export const programOperations = [
    // clients/power-bi.ts
    "GET /v1.0/myorg/groups",
    `GET ${group}/users`,
    `GET ${group}/datasets`,
    `GET ${dataset}/datasources`,
    `POST ${dataset}/Default.TakeOver`,
    `GET ${dataset}/refreshSchedule`,
    `PATCH ${dataset}/refreshSchedule`,
    `POST ${dataset}/refreshes`,
    `GET ${dataset}/refreshes`,
    // clients/power-bi-gateways.ts
    "GET /v1.0/myorg/gateways",
    `GET ${gateway}`,
    `GET ${gateway}/datasources`,
    `GET ${gateway}/datasources/{datasourceId}`,
    `PATCH ${gateway}/datasources/{datasourceId}`,
    // clients/power-bi-scanner.ts
    "GET /v1.0/myorg/admin/groups",
    "POST /v1.0/myorg/admin/workspaces/getInfo",
    "GET /v1.0/myorg/admin/workspaces/scanStatus/{scanId}",
    "GET /v1.0/myorg/admin/workspaces/scanResult/{scanId}",
    // clients/fabric.ts
    "GET /v1/gateways",
    "GET /v1/gateways/{gatewayId}/members",
    "GET /v1/connections",
    "GET /v1/connections/{connectionId}",
    "PATCH /v1/connections/{connectionId}",
    "POST /v1/connections/{connectionId}/testConnection",
];

/** Those that no exchange was judged of. */
export function neverJudged(judged: Record<string, number>): string[] {
    return programOperations.filter((operation) => !(operation in judged));
}
