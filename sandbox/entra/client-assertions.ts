import { constants, createPublicKey, verify, X509Certificate } from "node:crypto";
import { type TokenClaims, verifyToken } from "../http/access-token";
import { type EntraApplication } from "../world/entra-world";

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** What became of a client assertion. */
export type AssertionResult = "accepted" | "badSignature" | "noMatchingCredential" | "none";

/**
 * Judges a client assertion: one that the application signed with the key of a certificate of its own, or a token of
 * somebody whom a federated credential trusts.
 *
 * @param now in seconds since 1970.
 */
export function judgeAssertion(
    form: Record<string, string>,
    application: EntraApplication,
    tenantId: string,
    now: number,
): AssertionResult {
    if (form.client_assertion_type !== assertionType) {
        return "none";
    }
    const assertion = form.client_assertion ?? "";
    const foreign = verifyToken(assertion);
    if (foreign) {
        return isTrusted(foreign, application) && foreign.exp > now ? "accepted" : "noMatchingCredential";
    }
    const claims = decode(assertion.split(".")[1]) as Partial<TokenClaims>;
    const isOwn = claims.iss === application.clientId && claims.sub === application.clientId;
    const isMeant = String(claims.aud).includes(tenantId) && (claims.exp ?? 0) > now;
    return isOwn && isMeant && application.certificates.some((pem) => isSigned(assertion, pem))
        ? "accepted"
        : "badSignature";
}

function isTrusted(claims: TokenClaims, application: EntraApplication): boolean {
    return (
        claims.aud === "api://AzureADTokenExchange" &&
        application.federatedCredentials.some(({ issuer, subject }) => issuer === claims.iss && subject === claims.sub)
    );
}

function isSigned(assertion: string, pem: string): boolean {
    const [header, payload, signature] = assertion.split(".");
    const { alg } = decode(header) as { alg?: string };
    const key = createPublicKey(new X509Certificate(pem).publicKey.export({ type: "spki", format: "pem" }));
    const padding = alg === "PS256" ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
    const saltLength = constants.RSA_PSS_SALTLEN_DIGEST;
    return verify(
        "sha256",
        Buffer.from(`${header}.${payload}`),
        { key, padding, saltLength },
        Buffer.from(signature ?? "", "base64url"),
    );
}

function decode(part = ""): unknown {
    try {
        return JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    } catch {
        return {};
    }
}
