const noUuid = 'must match format "uuid"';

/** Where an example of a contract does not fit the contract. The program uses none of it. */
export const contradictions = [
    "PATCH /v1.0/myorg/admin/groups/{groupId}: body.id is missing",
    "PATCH /v1.0/myorg/admin/groups/{groupId}: body.logAnalyticsWorkspace must be object",
    "PATCH /v1.0/myorg/capacities/{capacityId}/Workloads/{workloadName}: body.maxMemoryPercentageSetByUser must be integer",
    "PATCH /v1.0/myorg/datasets/{datasetId}/directQueryRefreshSchedule: body.value.enabled is no property that is known there",
    ...["appId", "config", "ownerTenantId", "packageKey"].map(
        (name) => `POST /v1.0/myorg/CreateTemplateAppInstallTicket: body.${name} is no property that is known there`,
    ),
    ...["POST /v1.0/myorg/admin/groups/{groupId}/users", "POST /v1.0/myorg/groups/{groupId}/users"].flatMap((name) => [
        `${name}: body.identifier is missing`,
        `${name}: body.principalType is missing`,
    ]),
    "PUT /v1.0/myorg/groups/{groupId}/users: body.identifier is missing",
    "PUT /v1.0/myorg/groups/{groupId}/users: body.principalType is missing",
    `POST /v1.0/myorg/admin/informationprotection/removeLabels: body.dataflows.0.id ${noUuid}`,
    `POST /v1.0/myorg/admin/informationprotection/setLabels: body.artifacts.dataflows.0.id ${noUuid}`,
    `POST /v1.0/myorg/admin/informationprotection/setLabels: body.labelId ${noUuid}`,
    ...["dashboards/{dashboardId}", "dashboards/{dashboardId}/tiles/{tileId}", "reports/{reportId}"].map(
        (what) => `POST /v1.0/myorg/groups/{groupId}/${what}/GenerateToken: body.identities.0.username is missing`,
    ),
    "POST /v1.0/myorg/groups/{groupId}/dataflows/transactions/{transactionId}/cancel: path.transactionId must be a uuid",
    "POST /v1.0/myorg/groups/{groupId}/dataflows/{dataflowId}/refreshes: query.processType must be a uuid",
    "POST /v1.0/myorg/profiles: body.id is missing",
    "PUT /v1.0/myorg/profiles/{profileId}: body.id is missing",
];
