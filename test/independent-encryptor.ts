import * as crypto from "node:crypto";

/** How a text is sealed for a gateway. */
export interface Sealing {
    /** The key of a gateway, as Power BI gives it. */
    publicKey: { modulus: string; exponent: string };
    /** For a key of 1024 bits: the hash of the padding, and how many bytes a block has. */
    blocks: { hash: "sha1" | "sha256"; size: number };
}

/** Microsoft's C# SDK and Java sample for a key of 1024 bits. */
export const blocksOfTheSdk = { hash: "sha1", size: 85 } as const;

/** Its Python and PowerShell samples, and the reference scripts, for the same: no gateway opens it. */
export const blocksOfTheScripts = { hash: "sha256", size: 60 } as const;

/**
 * Seals a text for a gateway: written from the format's description (PowerBI-CSharp, AsymmetricKeyEncryptor), sharing no
 * line with the program.
 */
export function sealForGateway(text: string, { publicKey, blocks }: Sealing): string {
    const urlSafe = (base64: string) => base64.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
    const jwk = { kty: "RSA", n: urlSafe(publicKey.modulus), e: urlSafe(publicKey.exponent) };
    const key = crypto.createPublicKey({ key: jwk, format: "jwk" });
    const rsa = (data: Uint8Array, oaepHash: string) =>
        crypto.publicEncrypt({ key, padding: crypto.constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, data);
    const data = Buffer.from(text, "utf8");
    if (Buffer.from(publicKey.modulus, "base64").length === 128) {
        const sealed: Buffer[] = [];
        for (let start = 0; start < data.length; start += blocks.size) {
            sealed.push(rsa(data.subarray(start, start + blocks.size), blocks.hash));
        }
        return Buffer.concat(sealed).toString("base64");
    }
    const [aesKey, macKey, iv] = [32, 64, 16].map((size) => crypto.randomBytes(size));
    const cipher = crypto.createCipheriv("aes-256-cbc", aesKey, iv);
    const encrypted = Buffer.concat([cipher.update(data), cipher.final()]);
    const algorithms = Buffer.from([0, 0]);
    const mac = crypto.createHmac("sha256", macKey).update(algorithms).update(iv).update(encrypted).digest();
    const keys = rsa(Buffer.concat([Buffer.from([0, 1]), aesKey, macKey]), "sha256");
    return keys.toString("base64") + Buffer.concat([algorithms, mac, iv, encrypted]).toString("base64");
}
