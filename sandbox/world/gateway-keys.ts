import { generateKeyPairSync } from "node:crypto";

/** Making a long key takes a second or more: the same member has the same key in every world of a process. */
const made = new Map<string, string>();

/** The private key (PEM) of a gateway's member whose world names only its size. */
export function keyOfMember(memberId: string, bits: number): string {
    const name = `${memberId} ${bits}`;
    let key = made.get(name);
    if (!key) {
        const { privateKey } = generateKeyPairSync("rsa", { modulusLength: bits });
        key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
        made.set(name, key);
    }
    return key;
}
