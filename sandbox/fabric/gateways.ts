import { type FastifyInstance, type FastifyRequest } from "fastify";
import { publicKeyOf } from "../power-bi/gateway-decryption";
import { type Sandbox } from "../sandbox";
import { type Gateway, type GatewayMember } from "../world/power-bi-world";
import { demandCaller, fabricError } from "./access";

interface ById {
    Params: { gateway: string };
}

/** Gateways of all kinds, with the members of on-premises clusters. */
export function registerGateways(server: FastifyInstance, sandbox: Sandbox): void {
    server.get("/gateways", async (request) => {
        const caller = demandCaller(sandbox, request);
        const { gateways } = sandbox.world.powerBi;
        return { value: gateways.filter(({ admins }) => admins.includes(caller)).map(render) };
    });
    server.get<ById>("/gateways/:gateway", async (request) => render(demandGateway(sandbox, request)));
    server.get<ById>("/gateways/:gateway/members", async (request) => {
        const { type, members } = demandGateway(sandbox, request);
        if (type !== "OnPremises") {
            throw fabricError(400, "InvalidInput", "Only on-premises gateways have members to list");
        }
        return { value: members.map(renderMember) };
    });
    server.post<ById>("/gateways/:gateway/checkStatus", async (request) => {
        const { name, online } = demandGateway(sandbox, request);
        const errorDetails = [{ errorCode: "GatewayOffline", message: `The gateway ${name} is offline` }];
        return online ? { status: "Online" } : { status: "Offline", errorDetails };
    });
}

function demandGateway(sandbox: Sandbox, request: FastifyRequest<ById>): Gateway {
    const caller = demandCaller(sandbox, request);
    const gateway = sandbox.world.powerBi.gateways.find(({ id }) => id === request.params.gateway);
    if (!gateway || !gateway.admins.includes(caller)) {
        throw fabricError(404, "EntityNotFound", "The requested resource could not be found");
    }
    return gateway;
}

function render(gateway: Gateway) {
    const { id, type, name: displayName, members } = gateway;
    const virtualNetworkAzureResource = {
        subscriptionId: "00000000-5b5c-4000-8000-000000000001",
        resourceGroupName: "network",
        virtualNetworkName: "hub",
        subnetName: "powerbi",
    };
    if (type === "VirtualNetwork") {
        const sleep = { inactivityMinutesBeforeSleep: 30, numberOfMemberGateways: 1 };
        return { id, type, displayName, virtualNetworkAzureResource, ...sleep };
    }
    if (type === "StreamingVirtualNetwork") {
        return { id, type, displayName, virtualNetworkAzureResource };
    }
    const [{ publicKey, version }] = members.map(renderMember);
    if (type === "OnPremisesPersonal") {
        return { id, type, publicKey, version };
    }
    return {
        id,
        type,
        displayName,
        publicKey,
        version,
        numberOfMemberGateways: members.length,
        loadBalancingSetting: "Failover",
        allowCloudConnectionRefresh: true,
        allowCustomConnectors: true,
    };
}

function renderMember(member: GatewayMember) {
    const { id, name: displayName, enabled } = member;
    return { id, displayName, publicKey: publicKeyOf(member), version: "3000.270", enabled };
}
