import { type Sandbox } from "../sandbox";
import { type DatasetSource, type Datasource, type Gateway, type GatewayMember } from "../world/power-bi-world";
import { type ConnectorResult, query } from "./connector";
import { gatewayOf } from "./credential-details";
import { decryptAsMember, UndecipherableError } from "./gateway-decryption";

/**
 * Reads through a datasource with the credential that is stored there, as reports and refreshes do. An on-premises gateway
 * has to open what was encrypted for it first: with another key than it had then, it cannot.
 */
export async function queryStored(
    sandbox: Sandbox,
    datasource: Datasource,
    table?: DatasetSource["table"],
): Promise<ConnectorResult> {
    const gateway = gatewayOf(sandbox, datasource);
    if (gateway && datasource.ciphertexts.length > 0 && !opens(gateway, datasource.ciphertexts)) {
        const message = `The gateway ${gateway.name} cannot decrypt the stored credential.`;
        return { ok: false, error: { code: "DM_GWPipeline_Client_AsymmetricDecryptionError", message } };
    }
    return query(sandbox, datasource, datasource.credential, table);
}

/** Whether the member that is used opens its ciphertext; what Power BI's route stored is for the first member's key. */
function opens(gateway: Gateway, ciphertexts: Datasource["ciphertexts"]): boolean {
    const used = gateway.members.find(({ enabled }) => enabled) ?? gateway.members[0];
    const sent = ciphertexts.find(({ memberId }) => memberId === used.id);
    return sent !== undefined && [used, gateway.members[0]].some((member) => isFor(member, sent.value));
}

function isFor(member: GatewayMember, ciphertext: string): boolean {
    try {
        decryptAsMember(ciphertext, member);
        return true;
    } catch (error) {
        if (error instanceof UndecipherableError) {
            return false;
        }
        throw error;
    }
}
