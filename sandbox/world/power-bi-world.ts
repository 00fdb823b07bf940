import { z } from "zod";
import { lowerGuid } from "../http/guids";
import { keyOfMember } from "./gateway-keys";

const role = z.enum(["Admin", "Member", "Contributor", "Viewer"]);

/** A user is named by e-mail address, an application by its client id. */
const principal = z.string();

/** GUIDs are in small letters, however a world writes them. */
const id = z.string().transform(lowerGuid);

const source = z.strictObject({
    kind: z.string().default("Databricks"),
    host: z.string(),
    httpPath: z.string(),
    /** The table a report reads; without it a query is `SELECT 1`. */
    table: z.string().optional(),
    /**
     * Mapped explicitly to that connection; `null`: to none, so that nothing can be read. Without it the owner's own
     * personal connection for the path is used.
     */
    datasourceId: id.nullable().optional(),
    /** Which ids of its connection the datasets, dataflows and reports APIs show: all of them are optional in the contract. */
    shownIds: z.enum(["both", "gatewayId", "datasourceId", "none"]).default("both"),
});

const refresh = z.strictObject({
    requestId: z.string(),
    refreshType: z.string().default("ViaApi"),
    startTime: z.string(),
    endTime: z.string().optional(),
    status: z.enum(["Unknown", "Completed", "Failed", "Disabled"]),
    extendedStatus: z.string().optional(),
    serviceExceptionJson: z.string().optional(),
});

const refreshSchedule = z.strictObject({
    enabled: z.boolean().default(false),
    days: z.array(z.string()).default([]),
    times: z.array(z.string()).default([]),
    localTimeZoneId: z.string().default("UTC"),
    notifyOption: z.string().default("NoNotification"),
});

const dataset = z.strictObject({
    id,
    name: z.string(),
    owner: principal,
    mode: z.enum(["Import", "DirectQuery"]).default("Import"),
    /** False for those that Power BI makes itself, as for usage metrics: they have neither schedule nor sources to tell. */
    isModelBased: z.boolean().default(true),
    /** Whether the doubt `oddModel` is about this one. */
    odd: z.boolean().default(false),
    sources: z.array(source).default([]),
    /** The newest first, as the service lists them. */
    refreshes: z.array(refresh).default([]),
    refreshSchedule: refreshSchedule.prefault({}),
});

const dataflow = z.strictObject({
    id: z.string(),
    name: z.string(),
    description: z.string().optional(),
    owner: principal,
    sources: z.array(source).default([]),
});

const report = z.strictObject({
    id: z.string(),
    name: z.string(),
    owner: principal,
    /** Paginated reports have sources of their own; others read through a dataset. */
    reportType: z.enum(["PaginatedReport", "PowerBIReport"]).default("PaginatedReport"),
    datasetId: z.string().optional(),
    sources: z.array(source).default([]),
});

const workspace = z.strictObject({
    id,
    name: z.string(),
    members: z.array(z.strictObject({ principal, role })).default([]),
    datasets: z.array(dataset).default([]),
    /** Without one it is on the shared capacity. A suspended one tells nothing of its models, and refreshes none. */
    capacity: z.strictObject({ id, state: z.enum(["Active", "Suspended"]) }).optional(),
    dataflows: z.array(dataflow).default([]),
    reports: z.array(report).default([]),
});

const credential = z.strictObject({
    credentialType: z.enum(["Anonymous", "Basic", "Key", "OAuth2", "SAS", "Windows"]),
    username: z.string().optional(),
    password: z.string().optional(),
    key: z.string().optional(),
    accessToken: z.string().optional(),
    encryptedConnection: z.enum(["Encrypted", "NotEncrypted"]).default("Encrypted"),
    encryptionAlgorithm: z.enum(["None", "RSA-OAEP"]).default("None"),
    privacyLevel: z.enum(["None", "Public", "Organizational", "Private"]).default("Organizational"),
    useEndUserOAuth2Credentials: z.boolean().default(false),
});

/** What somebody may do with a connection. */
const connectionRole = z.enum(["User", "UserWithReshare", "Owner"]);

/** What Power BI calls a datasource and Fabric a connection. */
const datasource = z
    .strictObject({
        /** A gateway's id, or a virtual one: cloud connections have one that no gateway has. */
        gatewayId: id,
        datasourceId: id,
        name: z.string().default(""),
        /** Of a personal connection, whose only holder is its owner. */
        owner: principal.default(""),
        /** Of every other connection: who may use, share or change it. The admins of its gateway need no role for that. */
        roles: z.array(z.strictObject({ principal, role: connectionRole })).default([]),
        /** Of a cloud connection: it is nobody's personal one, and models are mapped to it explicitly. */
        shareable: z.boolean().default(false),
        kind: z.string().default("Databricks"),
        host: z.string(),
        httpPath: z.string(),
        cloud: z.boolean().default(true),
        credential: credential.nullable().default(null),
        /** What was sent for each member of an on-premises gateway, as it was sent. */
        ciphertexts: z.array(z.strictObject({ memberId: z.string(), value: z.string() })).default([]),
        singleSignOnType: z.string().default("None"),
    })
    .refine(({ shareable, owner }) => !shareable || owner === "", {
        error: "a shareable connection is nobody's own: it has roles",
    });

const member = z
    .strictObject({
        id,
        name: z.string(),
        /** PEM. */
        privateKey: z.string().optional(),
        /** Instead of a key: one of this many bits is made. */
        keySize: z.union([z.literal(1024), z.literal(2048), z.literal(4096)]).default(2048),
        enabled: z.boolean().default(true),
    })
    .transform((value) => ({ ...value, privateKey: value.privateKey ?? keyOfMember(value.id, value.keySize) }));

const gateway = z
    .strictObject({
        /** That of the first member: the APIs call a cluster by it. */
        id,
        name: z.string(),
        type: z.enum(["OnPremises", "OnPremisesPersonal", "VirtualNetwork", "StreamingVirtualNetwork"]),
        /** The client ids of applications that administer it; of a personal gateway, its only user. */
        admins: z.array(principal).default([]),
        members: z.array(member).default([]),
        online: z.boolean().default(true),
    })
    .refine(({ id, type, members }) => !type.startsWith("OnPremises") || members[0]?.id === id, {
        error: "the first member of an on-premises gateway has the gateway's id",
    });

/** The Power BI tenant of a world. */
export const powerBiWorld = z.strictObject({
    servicePrincipalsAllowed: z.boolean().default(true),
    /** How long a refresh takes before it queries its sources. */
    refreshDurationInMs: z.number().int().default(20),
    /** Shared capacity allows 8; without it there is no limit. */
    refreshesPerDay: z.number().int().optional(),
    workspaces: z.array(workspace).default([]),
    /** Users whose account is no more: Power BI cannot tell the sources of their models until somebody takes those over. */
    usersWhoLeft: z.array(principal).default([]),
    datasources: z.array(datasource).default([]),
    gateways: z.array(gateway).default([]),
    /** The client ids of applications that may use the admin APIs. */
    adminApisAllowed: z.array(principal).default([]),
    fabricApisAllowed: z.boolean().default(true),
    /** The client ids of applications that the preview API for all connections of the tenant is open to. */
    adminConnectionsAllowed: z.array(principal).default([]),
    /** The tenant setting "Service principals can create workspaces, connections, and deployment pipelines". */
    connectionCreationAllowed: z.boolean().default(true),
    /** How many connections Fabric lists on a page. */
    fabricPageSize: z.number().int().positive().default(100),
});

export type PowerBiWorld = z.infer<typeof powerBiWorld>;
export type Workspace = z.infer<typeof workspace>;
export type Dataset = z.infer<typeof dataset>;
export type DatasetSource = z.infer<typeof source>;
export type Datasource = z.infer<typeof datasource>;
export type ConnectionRole = z.infer<typeof connectionRole>;
export type Dataflow = z.infer<typeof dataflow>;
export type Report = z.infer<typeof report>;
export type Credential = z.infer<typeof credential>;
export type Gateway = z.infer<typeof gateway>;
export type GatewayMember = z.infer<typeof member>;
export type Refresh = z.infer<typeof refresh>;
