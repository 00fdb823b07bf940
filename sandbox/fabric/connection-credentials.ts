import { z } from "zod";
import { lowerGuid } from "../http/guids";
import { query } from "../power-bi/connector";
import { parseCredentialData } from "../power-bi/credential-data";
import { canBeStored, gatewayOf } from "../power-bi/credential-details";
import { decryptAsMember, UndecipherableError } from "../power-bi/gateway-decryption";
import { type Sandbox } from "../sandbox";
import { type Credential, type Datasource, type Gateway, type GatewayMember } from "../world/power-bi-world";
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

const personalCredentials = z.strictObject({
    credentialType: z.literal("Basic"),
    encryptedCredentials: z.string(),
});

/** How credentials are sent, to a connection that is there or is to be made. */
export const credentialDetails = z.object({
    singleSignOnType: z
        .enum([
            "None",
            "Kerberos",
            "MicrosoftEntraID",
            "SecurityAssertionMarkupLanguage",
            "KerberosDirectQueryAndRefresh",
        ])
        .optional(),
    connectionEncryption: z.enum(["NotEncrypted", "Encrypted", "Any"]).optional(),
    skipTestConnection: z.boolean().default(false),
    credentials: z.unknown(),
});

/** Fabric's privacy levels. */
export const privacyLevel = z.enum(["None", "Public", "Organizational", "Private"]);

/** What was sent, and the user name and password in it. */
type ReceivedCredentials = Pick<Datasource, "ciphertexts"> & Pick<Credential, "username" | "password">;

/** What a connection stores of credentials that were sent. */
type StoredCredentials = Pick<Datasource, "credential" | "ciphertexts" | "singleSignOnType">;

/**
 * Reads credentials and, unless that is to be skipped, connects with them.
 *
 * @param connection what is there, or is to be made.
 * @throws HttpError 400
 */
export async function testedCredentials(
    sandbox: Sandbox,
    connection: Datasource,
    details: z.infer<typeof credentialDetails>,
    level: z.infer<typeof privacyLevel> | undefined,
    unreachable: "UpdateGatewayConnectionFailed" | "CreateGatewayConnectionFailed",
): Promise<StoredCredentials> {
    const { ciphertexts, ...received } = readCredentials(details.credentials, gatewayOf(sandbox, connection));
    const singleSignOnType = details.singleSignOnType ?? connection.singleSignOnType;
    const encryption = details.connectionEncryption ?? connection.credential?.encryptedConnection ?? "NotEncrypted";
    const credential: Credential = {
        ...received,
        credentialType: "Basic",
        encryptedConnection: encryption === "NotEncrypted" ? "NotEncrypted" : "Encrypted",
        encryptionAlgorithm: ciphertexts.length > 0 ? "RSA-OAEP" : "None",
        privacyLevel: level ?? connection.credential?.privacyLevel ?? "Organizational",
        useEndUserOAuth2Credentials: singleSignOnType !== "None",
    };
    if (!canBeStored(sandbox, credential)) {
        throw fabricError(400, "InvalidCredentialDetails", "Basic credentials cannot be used with single sign-on");
    }
    const result = details.skipTestConnection ? { ok: true as const } : await query(sandbox, connection, credential);
    if (!result.ok) {
        const { code, message } = result.error;
        const isUnreachable = code === "DM_GWPipeline_Client_GatewayUnreachable";
        throw fabricError(400, isUnreachable ? unreachable : "IncorrectCredentials", `${code}: ${message}`);
    }
    return { credential, ciphertexts, singleSignOnType };
}

/**
 * Reads credentials: in plain text for the cloud and for a VNET gateway; with one ciphertext for each member of an
 * on-premises gateway, which that member's key opens; with one for a personal gateway. The first enabled member's are used.
 *
 * @throws HttpError 400
 */
function readCredentials(credentials: unknown, gateway: Gateway | undefined): ReceivedCredentials {
    if (!gateway?.type.startsWith("OnPremises")) {
        const { username, password } = demand(plainCredentials, credentials);
        return { username, password, ciphertexts: [] };
    }
    const sent = sentFor(gateway, credentials);
    const opened = sent.map(({ member, value }) => ({ member, value, ...open(member, value) }));
    const used = opened.find(({ member }) => member.enabled) ?? opened[0];
    const ciphertexts = opened.map(({ member, value }) => ({ memberId: member.id, value }));
    return { username: used.username, password: used.password, ciphertexts };
}

/** What was sent for each member of a gateway. */
function sentFor(gateway: Gateway, credentials: unknown): { member: GatewayMember; value: string }[] {
    if (gateway.type === "OnPremisesPersonal") {
        const { encryptedCredentials: value } = demand(personalCredentials, credentials);
        return [{ member: gateway.members[0], value }];
    }
    const { values } = demand(encryptedCredentials, credentials);
    return gateway.members.map((member) => {
        const sent = values.find(({ gatewayId }) => lowerGuid(gatewayId) === member.id);
        if (!sent) {
            throw fabricError(400, "InvalidCredentialDetails", `There is no value for the gateway member ${member.id}`);
        }
        return { member, value: sent.encryptedCredentials };
    });
}

function open(member: GatewayMember, ciphertext: string) {
    try {
        return parseCredentialData(decryptAsMember(ciphertext, member));
    } catch (error) {
        const isForeign = error instanceof UndecipherableError;
        throw isForeign ? fabricError(400, "InvalidCredentialDetails", error.message) : error;
    }
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
