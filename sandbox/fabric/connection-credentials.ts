import { z } from "zod";
import { lowerGuid } from "../http/guids";
import { parseCredentialData } from "../power-bi/credential-data";
import { decryptAsMember, UndecipherableError } from "../power-bi/gateway-decryption";
import { type Credential, type Datasource, type Gateway } from "../world/power-bi-world";
import { fabricError } from "./access";

const plainCredentials = z.strictObject({
    credentialType: z.literal("Basic"),
    username: z.string(),
    password: z.string(),
});

const encryptedCredentials = z.strictObject({
    credentialType: z.literal("Basic"),
    values: z.array(z.strictObject({ gatewayId: z.string(), encryptedCredentials: z.string() })),
});

/** The body of `PATCH connection`, as far as it is about credentials. */
export const updateRequest = z.object({
    connectivityType: z.string(),
    displayName: z.string().optional(),
    privacyLevel: z.enum(["None", "Public", "Organizational", "Private"]).optional(),
    credentialDetails: z.object({
        singleSignOnType: z.string().default("None"),
        connectionEncryption: z.enum(["NotEncrypted", "Encrypted", "Any"]).default("NotEncrypted"),
        skipTestConnection: z.boolean().default(false),
        credentials: z.unknown(),
    }),
});

/** What was sent, and the user name and password in it. */
export type ReceivedCredentials = Pick<Datasource, "ciphertexts"> & Pick<Credential, "username" | "password">;

/**
 * Reads credentials: in plain text for a VNET gateway, and with one ciphertext for each member of an on-premises gateway,
 * which that member's key opens. The first enabled member's are used.
 *
 * @throws HttpError 400
 */
export function readCredentials(credentials: unknown, gateway: Gateway | undefined): ReceivedCredentials {
    if (gateway?.type !== "OnPremises") {
        const { username, password } = demand(plainCredentials, credentials);
        return { username, password, ciphertexts: [] };
    }
    const { values } = demand(encryptedCredentials, credentials);
    const opened = gateway.members.map((member) => {
        const sent = values.find(({ gatewayId }) => lowerGuid(gatewayId) === member.id);
        if (!sent) {
            throw fabricError(400, "InvalidCredentialDetails", `There is no value for the gateway member ${member.id}`);
        }
        try {
            return { member, sent, ...parseCredentialData(decryptAsMember(sent.encryptedCredentials, member)) };
        } catch (error) {
            const isForeign = error instanceof UndecipherableError;
            throw isForeign ? fabricError(400, "InvalidCredentialDetails", error.message) : error;
        }
    });
    const used = opened.find(({ member }) => member.enabled) ?? opened[0];
    const ciphertexts = opened.map(({ member, sent }) => ({ memberId: member.id, value: sent.encryptedCredentials }));
    return { username: used.username, password: used.password, ciphertexts };
}

/** @throws HttpError 400 */
export function demand<T>(schema: z.ZodType<T>, value: unknown): T {
    const parsed = schema.safeParse(value);
    if (!parsed.success) {
        const { path, message } = parsed.error.issues[0];
        throw fabricError(400, "InvalidInput", `${path.join(".") || "the body"}: ${message}`);
    }
    return parsed.data;
}
