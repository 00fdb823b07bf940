import { BoundGatewayKind } from "../clients/gateway-kinds";
import { UserError } from "../clients/user-error";

/** Why nothing was sent at all: the datasource holds what it held. */
export class NothingSent extends UserError {}

/**
 * Whether a kind of gateway takes a secret in plain text, under the protection of the connection to Power BI. A kind that
 * is added has to be decided on here: none takes it by default.
 */
export function takesPlainText(kind: BoundGatewayKind): boolean {
    switch (kind) {
        case "VNET":
            return true;
        case "Onpremises":
            return false;
        default:
            return unknownKind(kind);
    }
}

function unknownKind(kind: never): never {
    throw new NothingSent(`${JSON.stringify(kind)} is no kind of gateway that a secret is sent to; nothing was sent.`);
}
