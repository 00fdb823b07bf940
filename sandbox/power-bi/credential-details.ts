import { z } from "zod";
import { HttpError } from "../http/service-server";
import { type Sandbox } from "../sandbox";
import { type Credential, type Datasource, type Gateway } from "../world/power-bi-world";
import { powerBiError } from "./access";
import { type ConnectorError } from "./connector";
import { decryptAsMember, UndecipherableError } from "./gateway-decryption";

/** Also as a text: Microsoft's own examples say "False". */
const flag = z.union([
    z.boolean(),
    z.stringFormat("boolean", /^(true|false)$/i).transform((text) => /^true$/i.test(text)),
]);

const credentialDetails = z.object({
    credentialType: z.enum(["Basic", "Windows", "Anonymous", "OAuth2", "Key", "SAS"]),
    credentials: z.string(),
    encryptedConnection: z.enum(["Encrypted", "NotEncrypted"]),
    encryptionAlgorithm: z.enum(["None", "RSA-OAEP"]),
    privacyLevel: z.enum(["None", "Public", "Organizational", "Private"]),
    useCallerAADIdentity: flag.optional(),
    useEndUserOAuth2Credentials: flag.optional(),
});

const pairs = z.array(z.object({ name: z.string(), value: z.string() }));

/** Anonymous credentials have no data: their examples write an empty text. */
const credentialData = z.object({ credentialData: pairs.or(z.literal("").transform((): z.infer<typeof pairs> => [])) });

/** What `PATCH datasource` is to store: the credential, and what was sent for the members of the gateway. */
export type Received = Pick<Datasource, "ciphertexts"> & { credential: Credential };

/** The gateway of a datasource; undefined for the cloud's virtual ones. */
export function gatewayOf(sandbox: Sandbox, datasource: Pick<Datasource, "gatewayId">): Gateway | undefined {
    return sandbox.world.powerBi.gateways.find((gateway) => gateway.id === datasource.gatewayId);
}

/**
 * Reads credential details. Those of an on-premises gateway are opened with its first member's key; Power BI gives them
 * to the others.
 *
 * @throws HttpError 400
 */
export function readCredential(details: unknown, gateway: Gateway | undefined): Received {
    const parsed = credentialDetails.safeParse(details);
    if (!parsed.success) {
        const { path, message } = parsed.error.issues[0];
        throw powerBiError(400, "InvalidRequest", `credentialDetails.${path.join(".")}: ${message}`);
    }
    const { credentialType, credentials, ...rest } = parsed.data;
    const isEncrypted = gateway?.type === "OnPremises";
    if (rest.encryptionAlgorithm !== (isEncrypted ? "RSA-OAEP" : "None")) {
        const expected = isEncrypted
            ? "An on-premises gateway takes RSA-OAEP"
            : "Only an on-premises gateway takes RSA-OAEP";
        throw powerBiError(400, "DM_GWPipeline_Client_AsymmetricDecryptionError", expected);
    }
    const plain = isEncrypted ? decrypted(credentials, gateway) : credentials;
    return {
        credential: {
            ...parseCredentialData(plain),
            credentialType,
            encryptedConnection: rest.encryptedConnection,
            encryptionAlgorithm: rest.encryptionAlgorithm,
            privacyLevel: rest.privacyLevel,
            useEndUserOAuth2Credentials: rest.useEndUserOAuth2Credentials ?? false,
        },
        ciphertexts: isEncrypted ? gateway.members.map(({ id }) => ({ memberId: id, value: credentials })) : [],
    };
}

/**
 * Reads the names and values of a credential.
 *
 * @throws HttpError 400
 */
export function parseCredentialData(text: string) {
    const data = credentialData.safeParse(parseJson(text));
    if (!data.success) {
        throw powerBiError(400, "DM_GWPipeline_Client_InvalidCredentials", "credentials is not valid");
    }
    const value = (name: string) => data.data.credentialData.find((item) => item.name === name)?.value;
    return {
        username: value("username"),
        password: value("password"),
        key: value("key"),
        accessToken: value("accessToken"),
    };
}

function decrypted(ciphertext: string, gateway: Gateway): string {
    try {
        return decryptAsMember(ciphertext, gateway.members[0]);
    } catch (error) {
        if (error instanceof UndecipherableError) {
            throw powerBiError(400, "DM_GWPipeline_Client_AsymmetricDecryptionError", error.message);
        }
        throw error;
    }
}

/** Why a connection with a credential failed, as Power BI words it. */
export function connectionError(error: ConnectorError): HttpError {
    const { code, message: value } = error;
    const details = [
        { code: "DM_ErrorDetailNameCode_UnderlyingErrorMessage", detail: { type: 1, value } },
        { code: "DM_ErrorDetailNameCode_UnderlyingErrorCode", detail: { type: 1, value: "-2147467259" } },
    ];
    return new HttpError(400, { error: { code, "pbi.error": { code, parameters: {}, details, exceptionCulprit: 1 } } });
}

function parseJson(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}
