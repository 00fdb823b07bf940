import { z } from "zod";

const role = z.enum(["Admin", "Member", "Contributor", "Viewer"]);

/** A user is named by e-mail address, an application by its client id. */
const principal = z.string();

const source = z.strictObject({
    kind: z.string().default("Databricks"),
    host: z.string(),
    httpPath: z.string(),
    /** The table a report reads; without it a query is `SELECT 1`. */
    table: z.string().optional(),
    /** Bound explicitly to that datasource; without it the owner's own datasource for the path is used. */
    datasourceId: z.string().optional(),
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
    id: z.string(),
    name: z.string(),
    owner: principal,
    mode: z.enum(["Import", "DirectQuery"]).default("Import"),
    sources: z.array(source).default([]),
    /** The newest first, as the service lists them. */
    refreshes: z.array(refresh).default([]),
    refreshSchedule: refreshSchedule.prefault({}),
});

const workspace = z.strictObject({
    id: z.string(),
    name: z.string(),
    members: z.array(z.strictObject({ principal, role })).default([]),
    datasets: z.array(dataset).default([]),
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

const datasource = z.strictObject({
    gatewayId: z.string(),
    datasourceId: z.string(),
    owner: principal,
    kind: z.string().default("Databricks"),
    host: z.string(),
    httpPath: z.string(),
    cloud: z.boolean().default(true),
    credential: credential.nullable().default(null),
});

/** The Power BI tenant of a world. */
export const powerBiWorld = z.strictObject({
    servicePrincipalsAllowed: z.boolean().default(true),
    /** How long a refresh takes before it queries its sources. */
    refreshDurationInMs: z.number().int().default(20),
    /** Shared capacity allows 8; without it there is no limit. */
    refreshesPerDay: z.number().int().optional(),
    workspaces: z.array(workspace).default([]),
    datasources: z.array(datasource).default([]),
    gateways: z.array(z.looseObject({ id: z.string() })).default([]),
});

export type PowerBiWorld = z.infer<typeof powerBiWorld>;
export type Workspace = z.infer<typeof workspace>;
export type Dataset = z.infer<typeof dataset>;
export type DatasetSource = z.infer<typeof source>;
export type Datasource = z.infer<typeof datasource>;
export type Credential = z.infer<typeof credential>;
export type Refresh = z.infer<typeof refresh>;
