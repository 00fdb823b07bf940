import { Outcome } from "./outcome";

/** A case that ends otherwise than expected today. */
export interface KnownFailure {
    scene: string;
    answer: string;
    field: string;
    found: Outcome;
    reason: string;
}

/** Of planning. */
export const ofPlanning: KnownFailure[] = [
    ...failures(
        "refuses",
        "a service principal without it is an unexpected answer, though only the asked-for one would need it",
        {
            scenes: ["dev, first up", "dev, later up", "estate, later up"],
            answer: "databricks GET /api/2.0/preview/scim/v2/ServicePrincipals",
            fields: ["/Resources/*/applicationId", "/Resources/*/entitlements/*/value"],
        },
    ),
    ...failures("believes", "an answer that is none is taken for an empty list of scopes", {
        scenes: ["dev, first up"],
        answer: "databricks GET /api/2.0/secrets/scopes/list",
        fields: ["{}"],
    }),
    ...failures(
        "refuses",
        "whose privilege it is has to be told: the list counts as a whole",
        {
            scenes: ["dev, first up", "dev, later up"],
            answer: "databricks GET /api/2.1/unity-catalog/permissions/catalog/{}",
            fields: ["/privilege_assignments/*/principal", "/privilege_assignments/0/principal"],
        },
        {
            scenes: ["dev, first up", "dev, later up"],
            answer: "databricks GET /api/2.1/unity-catalog/permissions/schema/{}",
            fields: ["/privilege_assignments/*/principal"],
        },
    ),
    ...failures(
        "breaks",
        "a service principal whose name is not told is not taken for the one that an earlier up made",
        {
            scenes: ["dev, later up", "estate, later up"],
            answer: "databricks GET /api/2.0/preview/scim/v2/ServicePrincipals",
            fields: ["/Resources/*/displayName"],
        },
    ),
    ...failures(
        "breaks",
        "a scope that an earlier up made is taken for none, or for somebody else's, without a word",
        {
            scenes: ["dev, later up"],
            answer: "databricks GET /api/2.0/secrets/list",
            fields: ["/secrets/*/key", "/secrets/0/key"],
        },
        {
            scenes: ["dev, later up"],
            answer: "databricks GET /api/2.0/secrets/scopes/list",
            fields: ["/scopes", "/scopes/*/name", '{"scopes": []}', "{}"],
        },
    ),
    ...failures("refuses", "the history does not know warehouses: what is declared by name cannot be found without", {
        scenes: ["dev, later up", "estate, later up"],
        answer: "databricks GET /api/2.0/sql/warehouses",
        fields: ["/warehouses/*/id", "/warehouses/0/id", "/warehouses/*/name", "/warehouses/0/name"],
    }),
    ...failures("refuses", "a connection whose gateway is not told is not found by its name", {
        scenes: ["estate, first up"],
        answer: "fabric GET /v1/connections",
        fields: ["/value/*/gatewayId", "/value/0/gatewayId"],
    }),
    ...failures("believes", "a scan that lacks it looks like a tenant without such models", {
        scenes: ["estate, first up"],
        answer: "powerBi GET /v1.0/myorg/admin/workspaces/scanResult/{}",
        fields: [
            "/workspaces/*/name",
            "/workspaces/*/datasets/*/datasourceUsages",
            "/datasourceInstances",
            "/datasourceInstances/*/datasourceId",
            "/datasourceInstances/*/connectionDetails",
            "/datasourceInstances/*/connectionDetails/extensionDataSourceKind",
            "/datasourceInstances/*/connectionDetails/extensionDataSourcePath",
        ],
    }),
    ...failures("breaks", "a model whose kind is not told is taken for one that can be refreshed", {
        scenes: ["estate, first up", "estate, later up", "estate, rotation"],
        answer: "powerBi GET /v1.0/myorg/groups/{}/datasets",
        fields: ["/value/*/isRefreshable"],
    }),
    ...failures("believes", "a source that is not bound is told by a name that this test does not know", {
        scenes: ["estate, first up"],
        answer: "powerBi GET /v1.0/myorg/groups/{}/datasets/{}/datasources",
        fields: ["/value/*/datasourceId"],
    }),
    ...failures("breaks", "the service principal that an earlier up made is taken for none, without a word", {
        scenes: ["estate, later up"],
        answer: "databricks GET /api/2.0/preview/scim/v2/ServicePrincipals",
        fields: ['{"Resources": []}'],
    }),
];

/** Of the reads of resources. */
export const ofReads: KnownFailure[] = [
    ...failures(
        "refuses",
        "a list that is missing is an unexpected answer",
        {
            scenes: ["WarehousePermission"],
            answer: "databricks GET /api/2.0/permissions/warehouses/{}",
            fields: ["/access_control_list"],
        },
        {
            scenes: ["VerifiedSecret"],
            answer: "databricks GET /api/2.0/preview/scim/v2/ServicePrincipals",
            fields: ["/Resources"],
        },
    ),
    ...failures("breaks", "the list counts as a whole, and the error names the warehouse instead of the service", {
        scenes: ["WarehousePermission"],
        answer: "databricks GET /api/2.0/permissions/warehouses/{}",
        fields: ["/access_control_list/*/all_permissions/*/permission_level"],
    }),
    ...failures(
        "refuses",
        "a service principal without it is an unexpected answer, though only the asked-for one would need it",
        {
            scenes: ["VerifiedSecret"],
            answer: "databricks GET /api/2.0/preview/scim/v2/ServicePrincipals",
            fields: ["/Resources/*/applicationId", "/Resources/*/entitlements/*/value"],
        },
    ),
    ...failures("believes", "the state of an earlier refresh stands for one that is not told", {
        scenes: ["DatasetRefresh"],
        answer: "powerBi GET /v1.0/myorg/groups/{}/datasets/{}/refreshes",
        fields: ["/value", "/value/*/status", "{}", "a text", "a web page"],
    }),
    ...failures("keeps", "a credential whose type is not told is taken for one of another type, and bound again", {
        scenes: ["GatewayCredential of HQ cluster", "GatewayCredential of Azure VNET"],
        answer: "fabric GET /v1/connections/{}",
        fields: ["/credentialDetails", "/credentialDetails/credentialType"],
    }),
];

/** Cases that all end in the same way for the same reason. */
function failures(
    found: Outcome,
    reason: string,
    ...places: { scenes: string[]; answer: string; fields: string[] }[]
): KnownFailure[] {
    return places.flatMap(({ scenes, answer, fields }) =>
        scenes.flatMap((scene) => fields.map((field) => ({ scene, answer, field, found, reason }))),
    );
}
