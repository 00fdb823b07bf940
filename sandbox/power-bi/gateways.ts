import { type FastifyInstance, type FastifyRequest } from "fastify";
import { HttpError } from "../http/service-server";
import { type Sandbox } from "../sandbox";
import { type Datasource, type Gateway } from "../world/power-bi-world";
import { demandCaller, powerBiError } from "./access";
import { administers, roleOf } from "./connection-roles";
import { query } from "./connector";
import { answerPatch } from "./answers";
import { canBeStored, connectionError, gatewayOf, readCredential } from "./credential-details";
import { publicKeyOf } from "./gateway-decryption";
import { queryStored } from "./stored-credential";

interface ByDatasource {
    Params: { gateway: string; datasource: string };
}

/** Gateways and their datasources; the cloud's stand under virtual gateways. */
export function registerGateways(server: FastifyInstance, sandbox: Sandbox): void {
    server.get("/gateways", async (request) => {
        const caller = demandCaller(sandbox, request);
        const { doubts, powerBi } = sandbox.world;
        const administered = powerBi.gateways.filter((gateway) => isListed(gateway, caller));
        const listed = doubts.gatewayAdmin === "gatewayByIdOnly" ? [] : administered;
        return { value: listed.map((gateway) => renderGateway(sandbox, gateway)) };
    });
    server.get<ByDatasource>("/gateways/:gateway", async (request) =>
        renderGateway(sandbox, demandGateway(sandbox, request)),
    );
    server.get<ByDatasource>("/gateways/:gateway/datasources", async (request) => {
        const { id } = demandGateway(sandbox, request);
        const { doubts, powerBi } = sandbox.world;
        const all = powerBi.datasources.filter((item) => item.gatewayId === id);
        const listed = doubts.gatewayAdmin === "noDatasources" ? [] : all;
        return { value: listed.map((datasource) => render(sandbox, datasource)) };
    });
    server.get<ByDatasource>("/gateways/:gateway/datasources/:datasource", async (request) =>
        render(sandbox, demandReadable(sandbox, request)),
    );
    server.get<ByDatasource>("/gateways/:gateway/datasources/:datasource/status", async (request, reply) => {
        const datasource = demandReadable(sandbox, request);
        const result = await queryStored(sandbox, datasource);
        if (!result.ok) {
            throw connectionError(result.error);
        }
        return reply.code(200).send();
    });
    server.patch<ByDatasource & { Body: { credentialDetails?: unknown } }>(
        "/gateways/:gateway/datasources/:datasource",
        async (request, reply) => {
            const datasource = demandOwned(sandbox, request);
            const received = readCredential(request.body?.credentialDetails, gatewayOf(sandbox, datasource));
            if (!canBeStored(sandbox, received.credential)) {
                throw powerBiError(400, "InvalidRequest", "A Basic credential cannot be used with single sign-on");
            }
            const result = await query(sandbox, datasource, received.credential);
            if (!result.ok) {
                throw connectionError(result.error);
            }
            // The test took a while: the world may be another one by now.
            const stored = sandbox.world.powerBi.datasources.find(
                (item) => item.datasourceId === datasource.datasourceId,
            );
            if (stored) {
                Object.assign(stored, received);
            }
            return answerPatch(sandbox, reply);
        },
    );
}

/** VNET gateways are none of this API's; personal ones are. */
function isListed(gateway: Gateway, caller: string): boolean {
    return gateway.type.startsWith("OnPremises") && gateway.admins.includes(caller);
}

function demandGateway(sandbox: Sandbox, request: FastifyRequest<ByDatasource>): Gateway {
    const caller = demandCaller(sandbox, request);
    const gateway = sandbox.world.powerBi.gateways.find(({ id }) => id === request.params.gateway);
    if (!gateway || !isListed(gateway, caller)) {
        throw powerBiError(404, "PowerBIEntityNotFound");
    }
    return gateway;
}

/** A datasource that the caller may see and change: who owns it in the cloud, an admin of its gateway elsewhere. */
function demandOwned(sandbox: Sandbox, request: FastifyRequest<ByDatasource>): Datasource {
    const caller = demandCaller(sandbox, request);
    const { gateway: gatewayId, datasource: id } = request.params;
    const datasource = sandbox.world.powerBi.datasources.find(
        (candidate) => candidate.datasourceId === id && candidate.gatewayId === gatewayId,
    );
    if (!datasource) {
        throw powerBiError(404, "PowerBIEntityNotFound");
    }
    const gateway = gatewayOf(sandbox, datasource);
    if (gateway?.type === "VirtualNetwork" && sandbox.world.doubts.virtualNetworkOnPowerBi === "refused") {
        throw powerBiError(404, "PowerBIEntityNotFound");
    }
    const isTheirs = gateway
        ? administers(sandbox, datasource, caller)
        : roleOf(sandbox, datasource, caller) === "Owner";
    if (!isTheirs) {
        throw powerBiError(401, "PowerBINotAuthorizedException");
    }
    if (sandbox.notYet.isTooEarly(`rights on ${id}`)) {
        throw new HttpError(403, undefined);
    }
    return datasource;
}

/** A datasource that the caller may see: of one in the cloud that is doubted, though it is theirs. */
function demandReadable(sandbox: Sandbox, request: FastifyRequest<ByDatasource>): Datasource {
    const datasource = demandOwned(sandbox, request);
    const { cloudDatasource } = sandbox.world.doubts;
    if (!datasource.cloud || cloudDatasource === "readable") {
        return datasource;
    }
    throw cloudDatasource === "forbidden"
        ? powerBiError(403, "PowerBINotAuthorizedException")
        : powerBiError(404, "PowerBIEntityNotFound");
}

function renderGateway(sandbox: Sandbox, gateway: Gateway) {
    const { id, name, members, type, online } = gateway;
    const annotation = {
        gatewayContactInformation: [],
        gatewayVersion: "3000.270.10",
        gatewayMachine: members[0].name,
    };
    return {
        id,
        name,
        type: type === "OnPremisesPersonal" ? "Personal" : "Resource",
        publicKey: sandbox.world.doubts.publicKey === "told" ? publicKeyOf(members[0]) : undefined,
        gatewayAnnotation: JSON.stringify(annotation),
        gatewayStatus: online ? "Live" : "NotReachable",
    };
}

function render(sandbox: Sandbox, datasource: Datasource) {
    const path = JSON.stringify({ host: datasource.host, httpPath: datasource.httpPath });
    const isText = sandbox.world.doubts.gatewayConnectionDetails === "text";
    const details = {
        extensionDataSourceKind: datasource.kind,
        // Encoded twice, with escaped slashes, as the service does it for gateways' datasources.
        extensionDataSourcePath: isText ? path.replaceAll("/", "\\/") : path,
    };
    return {
        id: datasource.datasourceId,
        gatewayId: datasource.gatewayId,
        datasourceName: datasource.name || undefined,
        datasourceType: "Extension",
        connectionDetails: isText ? JSON.stringify(details) : details,
        credentialType: datasource.credential?.credentialType ?? "NotSpecified",
        credentialDetails: {
            useEndUserOAuth2Credentials: datasource.credential?.useEndUserOAuth2Credentials ?? false,
        },
    };
}
