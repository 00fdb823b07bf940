import { type Sandbox } from "../sandbox";
import { type Datasource, type Gateway } from "../world/power-bi-world";
import { gatewayOf } from "./credential-details";

const ofGateway = {
    OnPremises: "OnPremisesGateway",
    OnPremisesPersonal: "OnPremisesGatewayPersonal",
    VirtualNetwork: "VirtualNetworkGateway",
    StreamingVirtualNetwork: "StreamingVirtualNetworkGateway",
} as const satisfies Record<Gateway["type"], string>;

/** Fabric's word for the way that a connection goes. */
export type ConnectivityType = "ShareableCloud" | "PersonalCloud" | (typeof ofGateway)[Gateway["type"]];

/** The way that a connection goes: through a gateway, or over the cloud as somebody's own or as a shareable one. */
export function connectivityOf(sandbox: Sandbox, datasource: Datasource): ConnectivityType {
    const gateway = gatewayOf(sandbox, datasource);
    if (gateway) {
        return ofGateway[gateway.type];
    }
    return datasource.shareable ? "ShareableCloud" : "PersonalCloud";
}
