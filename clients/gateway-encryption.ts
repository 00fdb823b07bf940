import * as crypto from "node:crypto";

/** The public key of a gateway or of one of its members, base64 as the APIs give it. */
export interface GatewayPublicKey {
    exponent: string;
    modulus: string;
}

/**
 * Encrypts a credential so that only the gateway can read it, as Microsoft's C# SDK does (PowerBI-CSharp,
 * sdk/PowerBI.Api/Extensions: AsymmetricKeyEncryptor and its two helpers):
 * - a key of 1024 bit: RSA-OAEP with SHA-1 over segments of 85 bytes;
 * - a longer key: AES-256-CBC with HMAC-SHA256 under fresh keys, and those under RSA-OAEP with SHA-256.
 *
 * The result differs each time: it says nothing about whether a credential changed.
 *
 * @throws Error when the key cannot be used.
 */
export function encryptForGateway(plaintext: string, publicKey: GatewayPublicKey): string {
    const key = importKey(publicKey);
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    if (bits < 1024) {
        throw new Error(`the gateway's public key cannot be used: it has ${bits} bit, and 1024 is the least`);
    }
    const data = Buffer.from(plaintext, "utf8");
    return bits <= 1024 ? encryptSegments(data, key) : encryptHybrid(data, key);
}

/** What tells one public key from another, short enough to be stored and read: SHA-256 over modulus and exponent. */
export function fingerprintOf({ modulus, exponent }: GatewayPublicKey): string {
    const hash = crypto.createHash("sha256");
    for (const number of [modulus, exponent]) {
        // The same number may come with or without zeros in front.
        hash.update(Buffer.from(number, "base64").toString("hex").replace(/^0+/, "")).update("\n");
    }
    return `SHA256:${hash.digest("base64url")}`;
}

/** The names and values of a credential as the gateway expects them. */
export function serializeBasicCredential(username: string, password: string): string {
    const credentialData = [
        { name: "username", value: username },
        { name: "password", value: password },
    ];
    return JSON.stringify({ credentialData });
}

function encryptSegments(data: Buffer, key: crypto.KeyObject): string {
    // 128 bytes of modulus less twice the 20 of SHA-1 less 2 would be 86; the gateway expects 85.
    const segmentLength = 85;
    const segments = [];
    for (let start = 0; start < data.length; start += segmentLength) {
        segments.push(encryptRsa(data.subarray(start, start + segmentLength), key, "sha1"));
    }
    return Buffer.concat(segments).toString("base64");
}

function encryptHybrid(data: Buffer, key: crypto.KeyObject): string {
    const [encryptionKey, macKey, iv] = [crypto.randomBytes(32), crypto.randomBytes(64), crypto.randomBytes(16)];
    const cipher = crypto.createCipheriv("aes-256-cbc", encryptionKey, iv);
    const ciphertext = Buffer.concat([cipher.update(data), cipher.final()]);
    // Both bytes 0: AES-256-CBC with PKCS#7 padding, HMAC-SHA256.
    const algorithms = Buffer.from([0, 0]);
    const mac = crypto
        .createHmac("sha256", macKey)
        .update(Buffer.concat([algorithms, iv, ciphertext]))
        .digest();
    // 0 and 1: a key of 32 and a key of 64 bytes follow.
    const keys = encryptRsa(Buffer.concat([Buffer.from([0, 1]), encryptionKey, macKey]), key, "sha256");
    return keys.toString("base64") + Buffer.concat([algorithms, mac, iv, ciphertext]).toString("base64");
}

function encryptRsa(data: Buffer, key: crypto.KeyObject, oaepHash: string): Buffer {
    return crypto.publicEncrypt({ key, padding: crypto.constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, data);
}

function importKey({ exponent, modulus }: GatewayPublicKey): crypto.KeyObject {
    const base64url = (text: string) => Buffer.from(text, "base64").toString("base64url");
    try {
        const key = { kty: "RSA", n: base64url(modulus), e: base64url(exponent) };
        return crypto.createPublicKey({ key, format: "jwk" });
    } catch (error) {
        throw new Error(`the gateway's public key cannot be used: ${(error as Error).message}`);
    }
}
