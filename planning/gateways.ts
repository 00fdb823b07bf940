import { BoundGatewayKind, gatewayKinds, isBehindGateway, isListedByFabric } from "../clients/gateway-kinds";
import { AnsweredList, describeUnreadable } from "../clients/answered-list";
import { FabricGateway } from "../clients/fabric";
import { Gateway } from "../clients/power-bi-gateways";
import { hasStatus } from "../clients/service-error";
import { oneLine } from "../clients/redaction";
import { Services } from "../clients/services";
import { sameId } from "./names";

/** A gateway that SP2 may change the datasources of. */
export interface KnownGateway {
    id: string;
    name: string;
    kind: BoundGatewayKind;
}

/** The gateways there are for SP2. */
export interface Gateways {
    /** Those whose datasources it may change. */
    administered: KnownGateway[];
    /** Those that it sees and may not change: on-premises ones that it does not administer, and all of other kinds. By id. */
    foreign: Map<string, string>;
    /** Whether Fabric told its gateways; without it a VNET gateway looks like the cloud. */
    complete: boolean;
}

/**
 * Lists the gateways: on-premises ones from Power BI, which lists those that SP2 administers, and VNET ones from Fabric,
 * which Power BI does not know.
 *
 * @returns also those that a list has and that cannot be read, in words.
 */
export async function listGateways(services: Services): Promise<Gateways & { unreadable: string[] }> {
    const [onPremises, fabric] = await Promise.all([services.powerBi.gateways.list(), listFabricGateways(services)]);
    const unreadable = [...onPremises.unreadable, ...(fabric?.unreadable ?? [])];
    const { administered, foreign, complete } = sortGateways(onPremises.items, fabric?.items);
    // What is behind one of them is not in the cloud.
    for (const { id, name } of unreadable.filter(
        ({ id = "" }) => !administered.some((known) => sameId(known.id, id)),
    )) {
        if (id !== undefined) {
            foreign.set(id.toLowerCase(), name ?? id);
        }
    }
    return { administered, foreign, complete, unreadable: unreadable.map(describeUnreadable) };
}

/** What Fabric calls them. @see https://learn.microsoft.com/rest/api/fabric/core/gateways/list-gateways */
const fabricTypes: Record<BoundGatewayKind, string> = { Onpremises: "OnPremises", VNET: "VirtualNetwork" };

/** Tells for each gateway of both lists what it is. */
export function sortGateways(onPremises: Gateway[], fabric: FabricGateway[] | undefined): Gateways {
    const known = onPremises.map(({ id, name }): KnownGateway => ({ id, name: name || id, kind: "Onpremises" }));
    const ids = new Set(known.map(({ id }) => id.toLowerCase()));
    const others = (fabric ?? []).filter(({ id }) => !ids.has(id.toLowerCase()));
    const ofFabric = others.flatMap(({ id, displayName, type }): KnownGateway[] => {
        const kind = gatewayKinds
            .filter(isBehindGateway)
            .find((one) => isListedByFabric(one) && fabricTypes[one] === type);
        return kind ? [{ id, name: displayName ?? id, kind }] : [];
    });
    const foreign = others.filter(({ id }) => !ofFabric.some((gateway) => gateway.id === id));
    return {
        administered: [...known, ...ofFabric],
        foreign: new Map(foreign.map(({ id, displayName }) => [id.toLowerCase(), oneLine(displayName ?? id)])),
        complete: fabric !== undefined,
    };
}

/** Fabric's gateways; undefined where SP2 may not ask, because the tenant does not let it or the cloud has no Fabric. */
async function listFabricGateways(services: Services): Promise<AnsweredList<FabricGateway> | undefined> {
    if (!services.hasFabric) {
        return undefined;
    }
    try {
        return await services.fabric.listGateways();
    } catch (error) {
        if (hasStatus(error, 401, 403, 404)) {
            return undefined;
        }
        throw error;
    }
}

/** The gateway of an id among those that SP2 administers. */
export function administered(gateways: Gateways, gatewayId: string | undefined): KnownGateway | undefined {
    return gateways.administered.find(({ id }) => sameId(id, gatewayId ?? ""));
}

/** Whether an id is that of a gateway that SP2 sees, whatever it may do there. */
export function isGateway(gateways: Gateways, gatewayId = ""): boolean {
    return administered(gateways, gatewayId) !== undefined || gateways.foreign.has(gatewayId.toLowerCase());
}
