/** What stands between Power BI and a datasource: the seed's GatewayType. */
export const gatewayKinds = ["NoGateway", "Onpremises", "VNET"] as const;

/** One of them. */
export type GatewayKind = (typeof gatewayKinds)[number];

/** A kind of gateway that datasources are bound on. */
export type BoundGatewayKind = Exclude<GatewayKind, "NoGateway">;

/** Which API documents a kind of gateway: it lists its datasources, and stores credentials in them by default. */
export const documentedApi: Record<BoundGatewayKind, "powerbi" | "fabric"> = { Onpremises: "powerbi", VNET: "fabric" };

/** Whether only Fabric lists what is behind a kind: where a tenant closes its API, that looks like the cloud. */
export function isListedByFabric(kind: GatewayKind): boolean {
    return kind !== "NoGateway" && documentedApi[kind] === "fabric";
}

/** Whether a kind stands for a gateway. */
export function isBehindGateway(kind: GatewayKind): kind is BoundGatewayKind {
    return kind !== "NoGateway";
}
