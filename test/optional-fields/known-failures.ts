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
    ...failures("believes", "an answer that is none is taken for an empty list of scopes", {
        scenes: ["dev, first up"],
        answer: "databricks GET /api/2.0/secrets/scopes/list",
        fields: ["{}", "a text"],
    }),
    ...failures("breaks", "ids are taken for granted: a TypeError", {
        scenes: ["dev, first up", "dev, later up", "estate, first up", "estate, later up"],
        answer: "databricks GET /api/2.0/sql/warehouses",
        fields: ["/warehouses/*/id", "/warehouses/0/id"],
    }),
    ...failures(
        "breaks",
        "names are taken for granted, also of what is known by its id: a TypeError",
        {
            scenes: ["dev, first up", "dev, later up", "estate, first up", "estate, later up"],
            answer: "databricks GET /api/2.0/sql/warehouses",
            fields: ["/warehouses/*/name", "/warehouses/0/name"],
        },
        {
            scenes: ["estate, first up", "estate, later up"],
            answer: "powerBi GET /v1.0/myorg/admin/workspaces/scanResult/{}",
            fields: [
                "/workspaces/*/name",
                "/workspaces/0/name",
                "/workspaces/*/datasets/*/name",
                "/workspaces/0/datasets/0/name",
            ],
        },
        {
            scenes: ["estate, first up", "estate, later up", "estate, rotation"],
            answer: "powerBi GET /v1.0/myorg/gateways",
            fields: ["/value/*/name", "/value/0/name"],
        },
        {
            scenes: ["estate, first up", "estate, later up", "estate, rotation"],
            answer: "powerBi GET /v1.0/myorg/groups",
            fields: ["/value/*/name", "/value/0/name"],
        },
        {
            scenes: ["estate, first up", "estate, later up", "estate, rotation"],
            answer: "powerBi GET /v1.0/myorg/groups/{}/datasets",
            fields: ["/value/*/name", "/value/0/name"],
        },
    ),
    ...failures(
        "breaks",
        "the service principal that an earlier up made is taken for none, without a word",
        {
            scenes: ["dev, later up", "estate, later up"],
            answer: "databricks GET /api/2.0/preview/scim/v2/ServicePrincipals",
            fields: ["/Resources/*/displayName"],
        },
        {
            scenes: ["estate, later up"],
            answer: "databricks GET /api/2.0/preview/scim/v2/ServicePrincipals",
            fields: ["/Resources", '{"Resources": []}', "{}", "a text"],
        },
    ),
    ...failures(
        "breaks",
        "the scope that an earlier up made is taken for none: it would be made again, which Databricks refuses",
        {
            scenes: ["dev, later up"],
            answer: "databricks GET /api/2.0/secrets/list",
            fields: ["/secrets/*/key", "/secrets/0/key"],
        },
        {
            scenes: ["dev, later up"],
            answer: "databricks GET /api/2.0/secrets/scopes/list",
            fields: ["/scopes", "/scopes/*/name", '{"scopes": []}', "{}", "a text"],
        },
    ),
    ...failures(
        "refuses",
        "a connection whose gateway is not told is not found by its name, where it could be left out and told",
        {
            scenes: ["estate, first up"],
            answer: "fabric GET /v1/connections",
            fields: ["/value/*/gatewayId", "/value/0/gatewayId"],
        },
    ),
    ...failures(
        "breaks",
        "the client takes the list in the answer for granted: a TypeError is no error for users",
        {
            scenes: ["estate, first up", "estate, later up", "estate, rotation"],
            answer: "fabric GET /v1/connections",
            fields: ["{}", "a text"],
        },
        {
            scenes: ["estate, first up", "estate, later up", "estate, rotation"],
            answer: "fabric GET /v1/gateways",
            fields: ["{}", "a text"],
        },
        {
            scenes: ["estate, first up", "estate, later up", "estate, rotation"],
            answer: "powerBi GET /v1.0/myorg/admin/groups",
            fields: ["/value", "{}", "a text"],
        },
        {
            scenes: ["estate, first up", "estate, later up"],
            answer: "powerBi GET /v1.0/myorg/admin/workspaces/scanResult/{}",
            fields: ["/workspaces", "{}", "a text"],
        },
        {
            scenes: ["estate, first up", "estate, later up", "estate, rotation"],
            answer: "powerBi GET /v1.0/myorg/gateways",
            fields: ["/value", "{}", "a text"],
        },
        {
            scenes: ["estate, first up", "estate, later up"],
            answer: "powerBi GET /v1.0/myorg/gateways/{}/datasources",
            fields: ["/value", "{}", "a text"],
        },
        {
            scenes: ["estate, first up", "estate, later up", "estate, rotation"],
            answer: "powerBi GET /v1.0/myorg/groups",
            fields: ["/value", "{}", "a text"],
        },
        {
            scenes: ["estate, first up", "estate, later up", "estate, rotation"],
            answer: "powerBi GET /v1.0/myorg/groups/{}/datasets",
            fields: ["/value", "{}", "a text"],
        },
        {
            scenes: ["estate, first up", "estate, later up"],
            answer: "powerBi GET /v1.0/myorg/groups/{}/datasets/{}/datasources",
            fields: ["/value", "{}", "a text"],
        },
    ),
    ...failures(
        "believes",
        "what cannot be told is left out without a word",
        {
            scenes: ["estate, first up"],
            answer: "powerBi GET /v1.0/myorg/admin/workspaces/scanResult/{}",
            fields: [
                "/workspaces/*/datasets/*/datasourceUsages",
                "/datasourceInstances",
                "/datasourceInstances/*/datasourceId",
                "/datasourceInstances/*/connectionDetails",
                "/datasourceInstances/*/connectionDetails/extensionDataSourceKind",
                "/datasourceInstances/*/connectionDetails/extensionDataSourcePath",
            ],
        },
        {
            scenes: ["estate, first up"],
            answer: "powerBi GET /v1.0/myorg/groups/{}/datasets/{}/datasources",
            fields: ["/value/*/datasourceId"],
        },
    ),
    ...failures(
        "breaks",
        "a source without its gateway's id is taken for one in the cloud: datasets behind gateways would be taken over, for good",
        {
            scenes: ["estate, first up", "estate, later up"],
            answer: "powerBi GET /v1.0/myorg/admin/workspaces/scanResult/{}",
            fields: ["/datasourceInstances/*/gatewayId"],
        },
        {
            scenes: ["estate, first up", "estate, later up"],
            answer: "powerBi GET /v1.0/myorg/groups/{}/datasets/{}/datasources",
            fields: ["/value/*/gatewayId"],
        },
    ),
    ...failures(
        "breaks",
        "a DirectQuery dataset is taken for one that can be refreshed: the up would fail at the refresh, after it bound the secret",
        {
            scenes: ["estate, first up", "estate, later up", "estate, rotation"],
            answer: "powerBi GET /v1.0/myorg/groups/{}/datasets",
            fields: ["/value/*/isRefreshable"],
        },
    ),
    ...failures(
        "refuses",
        "what an earlier up knows of it, its id and what it reads, is not looked at",
        {
            scenes: ["estate, later up", "estate, rotation"],
            answer: "fabric GET /v1/connections",
            fields: [
                "/value/*/displayName",
                "/value/0/displayName",
                "/value/*/gatewayId",
                "/value/0/gatewayId",
                "/value/*/connectionDetails/type",
                "/value/0/connectionDetails/type",
            ],
        },
        {
            scenes: ["estate, later up"],
            answer: "powerBi GET /v1.0/myorg/gateways/{}/datasources",
            fields: ["/value/*/datasourceName", "/value/*/connectionDetails"],
        },
        {
            scenes: ["estate, later up"],
            answer: "powerBi GET /v1.0/myorg/groups/{}/datasets/{}/datasources",
            fields: [
                "/value/*/connectionDetails",
                "/value/*/connectionDetails/path",
                "/value/*/connectionDetails/kind",
            ],
        },
    ),
    ...failures(
        "breaks",
        "what an earlier up bound leaves the plan without a word: the next rotation deletes the secret that it reads with",
        {
            scenes: ["estate, later up", "estate, rotation"],
            answer: "powerBi GET /v1.0/myorg/admin/groups",
            fields: ['{"value": []}'],
        },
        {
            scenes: ["estate, later up"],
            answer: "powerBi GET /v1.0/myorg/admin/workspaces/scanResult/{}",
            fields: [
                "/workspaces/*/datasets",
                "/workspaces/*/datasets/*/datasourceUsages",
                "/datasourceInstances",
                "/datasourceInstances/*/datasourceId",
                "/datasourceInstances/*/connectionDetails",
                "/datasourceInstances/*/connectionDetails/extensionDataSourceKind",
                "/datasourceInstances/*/connectionDetails/extensionDataSourcePath",
                '{"workspaces": []}',
            ],
        },
        {
            scenes: ["estate, later up"],
            answer: "powerBi GET /v1.0/myorg/groups/{}/datasets/{}/datasources",
            fields: ["/value/*/datasourceId"],
        },
    ),
];

/** Of the reads of resources. */
export const ofReads: KnownFailure[] = [
    ...failures("keeps", "a status that is not told is taken for one that is not ACTIVE", {
        scenes: ["VerifiedSecret"],
        answer: "databricks GET /api/2.0/accounts/servicePrincipals/{}/credentials/secrets",
        fields: ["/secrets/*/status"],
    }),
    ...failures(
        "breaks",
        "the client takes the list in the answer for granted: a TypeError is no error for users",
        {
            scenes: ["DatasetOwnership"],
            answer: "powerBi GET /v1.0/myorg/groups/{}/datasets",
            fields: ["/value", "{}", "a text"],
        },
        {
            scenes: ["DatasetRefresh"],
            answer: "powerBi GET /v1.0/myorg/groups/{}/datasets/{}/refreshes",
            fields: ["/value", "{}", "a text"],
        },
        {
            scenes: ["GatewayCredential of Plant gateway"],
            answer: "powerBi GET /v1.0/myorg/gateways",
            fields: ["/value", "{}", "a text"],
        },
        {
            scenes: ["GatewayCredential of HQ cluster"],
            answer: "fabric GET /v1/gateways/{}/members",
            fields: ["{}", "a text"],
        },
    ),
    ...failures(
        "keeps",
        "the contract lets the owner be missing; it is taken for nobody, and the dataset for lost: the next up takes it over again",
        {
            scenes: ["DatasetOwnership"],
            answer: "powerBi GET /v1.0/myorg/groups/{}/datasets",
            fields: ["/value/*/configuredBy", "/value/0/configuredBy"],
        },
    ),
    ...failures("keeps", "whether the schedule is on is not told, and it is taken for off", {
        scenes: ["RefreshSchedule"],
        answer: "powerBi GET /v1.0/myorg/groups/{}/datasets/{}/refreshSchedule",
        fields: ["/enabled"],
    }),
    ...failures("believes", "the state of an earlier refresh stands for one that is not told", {
        scenes: ["DatasetRefresh"],
        answer: "powerBi GET /v1.0/myorg/groups/{}/datasets/{}/refreshes",
        fields: ["/value/*/status"],
    }),
    ...failures(
        "breaks",
        "a key without one of its parts ends in a TypeError; the credential is bound already, and nothing is encrypted in a read",
        {
            scenes: ["GatewayCredential of Plant gateway"],
            answer: "powerBi GET /v1.0/myorg/gateways",
            fields: ["/value/*/publicKey/exponent", "/value/*/publicKey/modulus"],
        },
    ),
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
