import { type FastifyInstance, type FastifyRequest } from "fastify";
import { type Sandbox } from "../sandbox";
import { type Datasource, type Gateway } from "../world/power-bi-world";
import { demandCaller, powerBiError } from "./access";
import { administers, roleOf } from "./connection-roles";
import { query } from "./connector";
import { connectionError, gatewayOf, readCredential } from "./credential-details";
import { publicKeyOf } from "./gateway-decryption";
import { queryStored } from "./stored-credential";

interface ByDatasource {
    Params: { gateway: string; datasource: string };
}

/** Gateways and their datasources; the cloud's stand under virtual gateways. */
export function registerGateways(server: FastifyInstance, sandbox: Sandbox): void {
    server.get("/gateways", async (request) => {
        const caller = demandCaller(sandbox, request);
        const administered = sandbox.world.powerBi.gateways.filter((gateway) => isListed(gateway, caller));
        return { value: administered.map(renderGateway) };
    });
    server.get<ByDatasource>("/gateways/:gateway", async (request) => renderGateway(demandGateway(sandbox, request)));
    server.get<ByDatasource>("/gateways/:gateway/datasources", async (request) => {
        const { id } = demandGateway(sandbox, request);
        return { value: sandbox.world.powerBi.datasources.filter((item) => item.gatewayId === id).map(render) };
    });
    server.get<ByDatasource>("/gateways/:gateway/datasources/:datasource", async (request) =>
        render(demandOwned(sandbox, request)),
    );
    server.get<ByDatasource>("/gateways/:gateway/datasources/:datasource/status", async (request, reply) => {
        const datasource = demandOwned(sandbox, request);
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
            return reply.code(200).send();
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
    const isTheirs = gatewayOf(sandbox, datasource)
        ? administers(sandbox, datasource, caller)
        : roleOf(sandbox, datasource, caller) === "Owner";
    if (!isTheirs) {
        throw powerBiError(401, "PowerBINotAuthorizedException");
    }
    return datasource;
}

function renderGateway(gateway: Gateway) {
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
        publicKey: publicKeyOf(members[0]),
        gatewayAnnotation: JSON.stringify(annotation),
        gatewayStatus: online ? "Live" : "NotReachable",
    };
}

function render(datasource: Datasource) {
    const path = JSON.stringify({ host: datasource.host, httpPath: datasource.httpPath });
    return {
        id: datasource.datasourceId,
        gatewayId: datasource.gatewayId,
        datasourceName: datasource.name || undefined,
        datasourceType: "Extension",
        // Encoded twice, with escaped slashes, as the service does it for gateways' datasources.
        connectionDetails: JSON.stringify({
            extensionDataSourceKind: datasource.kind,
            extensionDataSourcePath: path.replaceAll("/", "\\/"),
        }),
        credentialType: datasource.credential?.credentialType ?? "NotSpecified",
        credentialDetails: {
            useEndUserOAuth2Credentials: datasource.credential?.useEndUserOAuth2Credentials ?? false,
        },
    };
}
