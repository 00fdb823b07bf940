import { FabricConnection } from "../clients/fabric";
import { oneLine } from "../clients/redaction";

/**
 * What is known of a datasource that is behind none of the gateways that the Power BI service principal (SP2) sees. Ids of
 * gateways look alike whether they are real or virtual, and lists show only what their caller may see: that a source is on
 * no list proves nothing.
 */
export type CloudProof =
    /** It is somebody's personal cloud connection: a take-over makes it SP2's. */
    | { verdict: "proven" }
    /** It is behind a gateway that SP2 does not administer: by the gateway's id, or the connection's name where none is told. */
    | { verdict: "gateway"; gateway: string }
    /** It is something else: a take-over does harm, or nothing. */
    | { verdict: "contradicted"; why: string }
    /** Nobody says what it is. Only a person can. */
    | { verdict: "silent" };

/**
 * Judges what Fabric says of a connection.
 *
 * @param connection the one that the datasource is, from SP2's own list or from the tenant's; undefined where neither has it.
 * @see https://learn.microsoft.com/rest/api/fabric/core/connections/list-connections
 */
export function judgeConnection(connection: FabricConnection | undefined): CloudProof {
    if (connection === undefined) {
        return { verdict: "silent" };
    }
    const { connectivityType, id } = connection;
    const name = oneLine(connection.displayName ?? id);
    switch (connectivityType) {
        case "PersonalCloud":
            return { verdict: "proven" };
        case "OnPremisesGateway":
        case "VirtualNetworkGateway":
            return { verdict: "gateway", gateway: connection.gatewayId ?? name };
        case "ShareableCloud":
            return {
                verdict: "contradicted",
                why:
                    `it uses the shareable cloud connection "${name}", whose credential serves every model that uses it. ` +
                    "A take-over would move the model off it",
            };
        default:
            // An open enum: what nobody here knows is not written in plain text.
            return {
                verdict: "contradicted",
                why: `its connection "${name}" is of the kind ${oneLine(connectivityType)}`,
            };
    }
}
