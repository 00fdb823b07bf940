import assert from "node:assert/strict";
import * as crypto from "node:crypto";
import { encryptForGateway, fingerprintOf, serializeBasicCredential } from "../../clients/gateway-encryption";
import { openWithOpenSsl } from "../independent-decryptor";

describe("encryption for an on-premises gateway", () => {
    const keyPair = (bits: number) => {
        const { publicKey, privateKey } = crypto.generateKeyPairSync("rsa", { modulusLength: bits });
        const { n, e } = publicKey.export({ format: "jwk" });
        const base64 = (text: string) => Buffer.from(text, "base64url").toString("base64");
        return {
            publicKey: { modulus: base64(n!), exponent: base64(e!) },
            privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
        };
    };
    const password = `dose${"p".repeat(60)}"\\ü`;
    const credential = serializeBasicCredential("0dd5ec7e-0000-4000-8000-000000000001", password);
    const expected = {
        credentialData: [
            { name: "username", value: "0dd5ec7e-0000-4000-8000-000000000001" },
            { name: "password", value: password },
        ],
    };

    for (const bits of [1024, 2048, 3072, 4096]) {
        it(`with a key of ${bits} bit is opened by openssl with the private key, and differs each time`, () => {
            const { publicKey, privateKey } = keyPair(bits);
            const [one, other] = [encryptForGateway(credential, publicKey), encryptForGateway(credential, publicKey)];
            assert.notEqual(one, other);
            assert.deepEqual(openWithOpenSsl(one, privateKey), expected);
            assert.deepEqual(openWithOpenSsl(other, privateKey), expected);
        });
    }

    it("with 1024 bit uses segments of 85 bytes, as the C# SDK does", () => {
        const { publicKey } = keyPair(1024);
        const lengthOf = (text: string) => Buffer.from(encryptForGateway(text, publicKey), "base64").length;
        assert.deepEqual(
            [85, 86, 170, 171].map((length) => lengthOf("x".repeat(length))),
            [128, 256, 256, 384],
        );
    });

    it("refuses a key that is none", () => {
        assert.throws(
            () => encryptForGateway("{}", { modulus: "", exponent: "AQAB" }),
            /the gateway's public key cannot be used/,
        );
    });

    it("tells one key from another by a fingerprint, whether or not its numbers have zeros in front", () => {
        const base64 = (hex: string) => Buffer.from(hex, "hex").toString("base64");
        const key = { modulus: base64("c0ffee"), exponent: "AQAB" };
        assert.equal(fingerprintOf(key), fingerprintOf({ ...key, modulus: base64("00c0ffee") }));
        assert.notEqual(fingerprintOf(key), fingerprintOf({ ...key, modulus: base64("c0ffef") }));
        assert.notEqual(fingerprintOf(key), fingerprintOf({ ...key, exponent: "Aw==" }));
        assert.match(fingerprintOf(key), /^SHA256:[\w-]{43}$/);
    });
});
