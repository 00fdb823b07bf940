import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** One per process: a token of an earlier sandbox is worth nothing in this one. */
const signingKey = randomBytes(32);

export type TokenClaims = Record<string, unknown> & { exp: number };

/** Signs claims to a JWT. */
export function signToken(claims: TokenClaims): string {
    const header = encode({ typ: "JWT", alg: "HS256", kid: "sandbox" });
    const payload = encode(claims);
    return `${header}.${payload}.${signature(`${header}.${payload}`)}`;
}

/** The claims of a token that this sandbox signed, expired or not; undefined for every other text. */
export function verifyToken(token: string): TokenClaims | undefined {
    const [header, payload, mac] = token.split(".");
    if (!header || !payload || !mac) {
        return undefined;
    }
    const expected = Buffer.from(signature(`${header}.${payload}`));
    const given = Buffer.from(mac);
    if (expected.length !== given.length || !timingSafeEqual(expected, given)) {
        return undefined;
    }
    return JSON.parse(Buffer.from(payload, "base64url").toString()) as TokenClaims;
}

/** The token of an `Authorization: Bearer` header. */
export function bearerToken(authorization: string | undefined): string | undefined {
    return /^Bearer\s+(\S+)$/i.exec(authorization ?? "")?.[1];
}

function encode(value: unknown): string {
    return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function signature(text: string): string {
    return createHmac("sha256", signingKey).update(text).digest("base64url");
}
