import { execFileSync } from "node:child_process";
import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/**
 * Opens a gateway's ciphertext with the `openssl` command and a private key: written from the format's description
 * (PowerBI-CSharp, AsymmetricKeyEncryptor), sharing no line with what encrypts it.
 */
export function openWithOpenSsl(ciphertext: string, privateKey: string): unknown {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "decrypt-"));
    const keyFile = path.join(folder, "key.pem");
    fs.writeFileSync(keyFile, privateKey, { mode: 0o600 });
    try {
        const bits = crypto.createPrivateKey(privateKey).asymmetricKeyDetails!.modulusLength!;
        const plain = bits === 1024 ? openBlocks(ciphertext, keyFile) : openHybrid(ciphertext, keyFile, bits / 8);
        return JSON.parse(plain);
    } finally {
        fs.rmSync(folder, { recursive: true });
    }
}

function openBlocks(ciphertext: string, keyFile: string): string {
    const data = Buffer.from(ciphertext, "base64");
    let plain = "";
    for (let start = 0; start < data.length; start += 128) {
        plain += rsa(data.subarray(start, start + 128), keyFile, "sha1").toString("utf8");
    }
    return plain;
}

function openHybrid(ciphertext: string, keyFile: string, modulusBytes: number): string {
    const firstPart = 4 * Math.ceil(modulusBytes / 3);
    const keys = rsa(Buffer.from(ciphertext.substring(0, firstPart), "base64"), keyFile, "sha256");
    const rest = Buffer.from(ciphertext.substring(firstPart), "base64");
    const [mac, iv, body] = [rest.subarray(2, 34), rest.subarray(34, 50), rest.subarray(50)];
    const aesKey = keys.subarray(2, 34).toString("hex");
    const macKey = keys.subarray(34, 98).toString("hex");
    const signed = Buffer.concat([rest.subarray(0, 2), iv, body]);
    const expected = openssl(["dgst", "-sha256", "-mac", "HMAC", "-macopt", `hexkey:${macKey}`, "-binary"], signed);
    if (!expected.equals(mac)) {
        throw new Error("the HMAC does not fit");
    }
    return openssl(["enc", "-d", "-aes-256-cbc", "-K", aesKey, "-iv", iv.toString("hex")], body).toString("utf8");
}

function rsa(data: Buffer, keyFile: string, digest: string): Buffer {
    const options = ["rsa_padding_mode:oaep", `rsa_oaep_md:${digest}`].flatMap((option) => ["-pkeyopt", option]);
    return openssl(["pkeyutl", "-decrypt", "-inkey", keyFile, ...options], data);
}

function openssl(args: string[], input: Buffer): Buffer {
    return execFileSync("openssl", args, { input });
}
