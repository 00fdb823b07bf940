import {
    constants,
    createDecipheriv,
    createHmac,
    createPrivateKey,
    createPublicKey,
    type KeyObject,
    privateDecrypt,
    timingSafeEqual,
} from "node:crypto";
import { type GatewayMember } from "../world/power-bi-world";

/** A ciphertext that the member's key does not open. */
export class UndecipherableError extends Error {}

const macLength = 32;
const ivLength = 16;

/**
 * Opens what was encrypted for a member of a gateway, in the format of Microsoft's C# SDK:
 * - 1024 bit: blocks of RSA-OAEP with SHA-1, each of at most 85 bytes;
 * - longer keys: RSA-OAEP with SHA-256 over `00 01`, a key of 32 and one of 64 bytes, then `00 00`, HMAC-SHA256, the
 *   initialization vector and AES-256-CBC; both parts in base64 of their own.
 *
 * @throws UndecipherableError
 */
export function decryptAsMember(ciphertext: string, member: GatewayMember): string {
    const key = createPrivateKey(member.privateKey);
    const keyLength = (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
    try {
        return keyLength <= 128 ? openBlocks(ciphertext, key, keyLength) : openHybrid(ciphertext, key, keyLength);
    } catch (error) {
        throw new UndecipherableError(`The credentials cannot be decrypted: ${(error as Error).message}`);
    }
}

/** The public half of a member's key as the APIs give it: base64 of big-endian bytes. */
export function publicKeyOf(member: GatewayMember): { exponent: string; modulus: string } {
    const { n, e } = createPublicKey(member.privateKey).export({ format: "jwk" });
    const base64 = (text = "") => Buffer.from(text, "base64url").toString("base64");
    return { exponent: base64(e), modulus: base64(n) };
}

function openBlocks(ciphertext: string, key: KeyObject, keyLength: number): string {
    const data = Buffer.from(ciphertext, "base64");
    if (data.length === 0 || data.length % keyLength !== 0) {
        throw new Error(`expected blocks of ${keyLength} bytes`);
    }
    const blocks = Array.from({ length: data.length / keyLength }, (_, index) =>
        openRsa(data.subarray(index * keyLength, (index + 1) * keyLength), key, "sha1"),
    );
    return Buffer.concat(blocks).toString("utf8");
}

function openHybrid(ciphertext: string, key: KeyObject, keyLength: number): string {
    const split = Math.ceil(keyLength / 3) * 4;
    const keys = openRsa(Buffer.from(ciphertext.slice(0, split), "base64"), key, "sha256");
    if (keys.length !== 98 || keys[0] !== 0 || keys[1] !== 1) {
        throw new Error("expected 00 01 before a key of 32 and one of 64 bytes");
    }
    const [encryptionKey, macKey] = [keys.subarray(2, 34), keys.subarray(34)];
    const body = Buffer.from(ciphertext.slice(split), "base64");
    const algorithms = body.subarray(0, 2);
    const mac = body.subarray(2, 2 + macLength);
    const iv = body.subarray(2 + macLength, 2 + macLength + ivLength);
    const encrypted = body.subarray(2 + macLength + ivLength);
    if (algorithms.length !== 2 || algorithms[0] !== 0 || algorithms[1] !== 0) {
        throw new Error("expected 00 00 for AES-256-CBC and HMAC-SHA256");
    }
    const expected = createHmac("sha256", macKey)
        .update(Buffer.concat([algorithms, iv, encrypted]))
        .digest();
    if (mac.length !== macLength || !timingSafeEqual(mac, expected)) {
        throw new Error("the HMAC does not fit");
    }
    const decipher = createDecipheriv("aes-256-cbc", encryptionKey, iv);
    return Buffer.concat([decipher.update(encrypted), decipher.final()]).toString("utf8");
}

function openRsa(data: Buffer, key: KeyObject, oaepHash: string): Buffer {
    return privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, data);
}
