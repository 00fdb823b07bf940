import { FoundDataset, showFound } from "./datasets";
import { GatewayKind, Gateways } from "./gateways";
import { Source } from "./sources";
import { Memory } from "./memory";
import { sameId } from "./names";

/** A gateway that holds the credential since the last up, and that SP2 does not see now. */
export interface HiddenGateway {
    name: string;
    kind: GatewayKind;
    /** The datasource there. */
    datasourceId: string;
    /** Whether the dataset says that it is bound there still; otherwise it was when the last up looked. */
    isStillBound: boolean;
}

/**
 * The gateway behind which a source may be that now looks like one in the cloud. Where an answer about gateways is missing,
 * they all look like that; and a take-over of the dataset could not be undone.
 *
 * @param letsGo whether the configuration says of a gateway that datasets are not behind it any more.
 */
export function hiddenGateway(
    { memory, gateways, letsGo }: { memory: Memory; gateways: Gateways; letsGo: (gateway: string) => boolean },
    datasetId: string,
    { gatewayId, datasourceId }: Pick<Source, "gatewayId" | "datasourceId">,
): HiddenGateway | undefined {
    const isHidden = (gateway: string) => !gateways.administered.some(({ id }) => sameId(id, gateway));
    const bound = gatewayId === undefined ? undefined : memory.gateway(gatewayId);
    if (bound && isHidden(bound.id)) {
        return { ...bound, datasourceId: datasourceId ?? "", isStillBound: true };
    }
    const former = memory.sources(datasetId);
    if (former.some((source) => source.kind === "NoGateway" && sameId(source.gatewayId, gatewayId ?? ""))) {
        return undefined;
    }
    const behind = former.find(
        (source) => source.kind !== "NoGateway" && isHidden(source.gatewayId) && !letsGo(source.gateway),
    );
    return behind && { ...behind, name: behind.gateway, isStillBound: false };
}

/** Says why a dataset that is named is not bound, and what to do. */
export function hiddenGatewayWords(
    where: string,
    dataset: FoundDataset,
    { name, kind, isStillBound }: HiddenGateway,
    { complete }: Gateways,
): string {
    const gateway = `${kind} gateway "${name}"`;
    const found = isStillBound
        ? `reads through ${gateway}, which SP2 does not see any more`
        : `was behind ${gateway} at the last up, and SP2 does not see that gateway any more`;
    const reason = complete ? "" : " (Fabric does not let SP2 list its gateways)";
    const right = kind === "VNET" ? ', and allow "Service principals can call Fabric public APIs" in the tenant' : "";
    const otherwise = isStillBound
        ? "If the gateway is gone, point the dataset to another, or take the binding out."
        : "If the dataset reads through the cloud now, say gatewayType: NoGateway.";
    return (
        `${where}: ${showFound(dataset)} ${found}${reason}. It is not taken for one in the cloud: that would take it over for ` +
        `good. Make SP2 an admin of the gateway again${right}. ${otherwise}`
    );
}
