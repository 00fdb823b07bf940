import { z } from "zod";

const uuid = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, "expected a uuid");

export const permissionLevels = ["CAN_VIEW", "CAN_USE", "CAN_MONITOR", "CAN_MANAGE", "IS_OWNER"] as const;
export type PermissionLevel = (typeof permissionLevels)[number];

const token = z.strictObject({
    token: z.string(),
    user: z.string(),
    workspaceAdmin: z.boolean().default(true),
});

const secret = z.strictObject({
    id: z.string(),
    secret: z.string(),
    status: z.enum(["ACTIVE", "DISABLED"]).default("ACTIVE"),
    createTime: z.string().default("2026-01-01T00:00:00Z"),
    updateTime: z.string().default("2026-01-01T00:00:00Z"),
    /** Without it the secret never expires: handy in world files, which have no clock. */
    expireTime: z.string().optional(),
    /** How many token requests presented this secret, refused ones included. */
    tokenRequests: z.number().int().default(0),
    /** How often somebody else than Power BI logged in with it: tried it. */
    verifiedLogins: z.number().int().default(0),
    /** Copied from `databricks.activationDelay` when the secret is minted, so that older secrets are not delayed. */
    activationDelay: z.number().int().default(0),
});

const servicePrincipal = z.strictObject({
    id: z.string().regex(/^\d+$/, "expected digits"),
    applicationId: uuid,
    displayName: z.string(),
    externalId: z.string().optional(),
    active: z.boolean().default(true),
    entitlements: z.array(z.string()).default(["databricks-sql-access"]),
    workspaceAdmin: z.boolean().default(false),
    secrets: z.array(secret).default([]),
    /** Whose tokens are taken for a login as this service principal. */
    federationPolicies: z
        .array(
            z.strictObject({
                issuer: z.string(),
                subject: z.string(),
                /** Without any, the account's id is the one that is expected. */
                audiences: z.array(z.string()).default([]),
            }),
        )
        .default([]),
});

const aclEntry = z
    .strictObject({
        userName: z.string().optional(),
        groupName: z.string().optional(),
        servicePrincipalName: z.string().optional(),
        permissionLevel: z.enum(permissionLevels),
    })
    .refine(
        (entry) => [entry.userName, entry.groupName, entry.servicePrincipalName].filter((name) => name).length === 1,
        "expected exactly one of userName, groupName, servicePrincipalName",
    );

const warehouse = z.strictObject({
    id: z.string(),
    name: z.string(),
    state: z.enum(["STARTING", "RUNNING", "STOPPING", "STOPPED", "DELETING", "DELETED"]).default("RUNNING"),
    creatorName: z.string().default("admin@example.com"),
    /** How many polls a statement stays PENDING when it finds the warehouse stopped. */
    coldStart: z.number().int().default(0),
    acl: z.array(aclEntry).default([]),
});

const securable = z.strictObject({
    type: z.enum(["catalog", "schema", "table"]),
    fullName: z.string(),
    owner: z.string().default("admin@example.com"),
    grants: z.array(z.strictObject({ principal: z.string(), privileges: z.array(z.string()) })).default([]),
});

const group = z.strictObject({ displayName: z.string(), members: z.array(z.string()).default([]) });

const scope = z.strictObject({
    name: z.string(),
    /** Where the entries are: those of a key vault can be changed there only. */
    backend: z.enum(["DATABRICKS", "AZURE_KEYVAULT"]).default("DATABRICKS"),
    entries: z
        .array(z.strictObject({ key: z.string(), value: z.string(), lastUpdated: z.number().int().default(0) }))
        .default([]),
    acls: z
        .array(z.strictObject({ principal: z.string(), permission: z.enum(["READ", "WRITE", "MANAGE"]) }))
        .default([]),
});

/** The Databricks workspace of a world. */
export const databricksWorld = z.strictObject({
    workspaceId: z.string().regex(/^\d+$/, "expected digits").default("1234567890123456"),
    accountId: uuid.default("00000000-acc0-4000-8000-000000000001"),
    cloud: z.enum(["Azure", "AWS", "GCP"]).default("Azure"),
    /** Further names of the workspace's host, as a custom URL. The sandbox cannot listen on them; its Power BI knows them. */
    hosts: z.array(z.string()).default([]),
    tokens: z.array(token).default([]),
    /** Users whom nothing else in the world names. */
    users: z.array(z.string()).default([]),
    /** Whether the group `users`, which everybody is in, has Databricks SQL access. */
    usersHaveSqlAccess: z.boolean().default(true),
    secretsPerServicePrincipal: z.number().int().default(5),
    /** A fresh secret is refused by the token endpoint for its first N token requests. */
    activationDelay: z.number().int().default(0),
    servicePrincipals: z.array(servicePrincipal).default([]),
    warehouses: z.array(warehouse).default([]),
    /** How many warehouses a page of their list has; without it, all. */
    warehousesPageSize: z.number().int().positive().optional(),
    securables: z.array(securable).default([]),
    /** How many principals a page of the grants on a securable has; without it, all. */
    grantsPageSize: z.number().int().positive().optional(),
    groups: z.array(group).default([]),
    scopes: z.array(scope).default([]),
});

export type DatabricksWorld = z.infer<typeof databricksWorld>;
export type ServicePrincipal = z.infer<typeof servicePrincipal>;
export type ServicePrincipalSecret = z.infer<typeof secret>;
export type Warehouse = z.infer<typeof warehouse>;
export type AclEntry = z.infer<typeof aclEntry>;
export type Securable = z.infer<typeof securable>;
export type Scope = z.infer<typeof scope>;
