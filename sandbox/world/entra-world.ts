import { z } from "zod";

const application = z.strictObject({
    clientId: z.string(),
    /** The object id of the enterprise application (service principal), which is the `oid` of its tokens. */
    objectId: z.string(),
    displayName: z.string(),
    secrets: z.array(z.strictObject({ value: z.string(), expires: z.string().optional() })).default([]),
    /** PEM certificates whose private key may sign a client assertion. */
    certificates: z.array(z.string()).default([]),
    /** Foreign tokens taken as a client assertion (workload identity federation); their signature is not checked. */
    federatedCredentials: z.array(z.strictObject({ issuer: z.string(), subject: z.string() })).default([]),
});

const tenant = z.strictObject({ id: z.string(), applications: z.array(application).default([]) });

/** The Entra tenants of a world. */
export const entraWorld = z.strictObject({
    tenants: z.array(tenant).default([]),
    /** The client id of the machine's managed identity. */
    managedIdentity: z.string().optional(),
    /** What proves to the identity endpoint that a request comes from the machine. */
    identityHeader: z.string().default("sandbox-identity-header"),
});

export type EntraWorld = z.infer<typeof entraWorld>;
export type EntraTenant = z.infer<typeof tenant>;
export type EntraApplication = z.infer<typeof application>;
