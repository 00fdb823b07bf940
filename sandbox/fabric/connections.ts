import { type FastifyInstance } from "fastify";
import { z } from "zod";
import { connectivityOf } from "../power-bi/connectivity";
import { queryStored } from "../power-bi/stored-credential";
import { type Sandbox } from "../sandbox";
import { demandCaller, fabricError } from "./access";
import { type ByConnection, connectionsOf, demandConnection } from "./connection-access";
import { credentialDetails, demand, privacyLevel, testedCredentials } from "./connection-credentials";
import { refuseUsedName } from "./connection-creation";
import { renderConnection } from "./connection-shape";
import { type Operations } from "./operations";
import { page } from "./paging";

/** The body of `PATCH connection`. */
const updateRequest = z.object({
    connectivityType: z.string(),
    displayName: z.string().max(200).optional(),
    privacyLevel: privacyLevel.optional(),
    credentialDetails: credentialDetails.optional(),
});

/** Connections of all kinds: what Power BI calls datasources. */
export function registerConnections(server: FastifyInstance, sandbox: Sandbox, operations: Operations): void {
    server.get<{ Querystring: { continuationToken?: string } }>("/connections", async (request) => {
        const visible = connectionsOf(sandbox, demandCaller(sandbox, request));
        return page(sandbox, "/connections", request.query.continuationToken, visible, (item) =>
            renderConnection(sandbox, item),
        );
    });
    server.get<ByConnection>("/connections/:connection", async (request) =>
        renderConnection(sandbox, demandConnection(sandbox, request, "User")),
    );
    server.patch<ByConnection>("/connections/:connection", async (request) => {
        const connection = demandConnection(sandbox, request, "Owner");
        const update = demand(updateRequest, request.body);
        if (update.connectivityType !== connectivityOf(sandbox, connection)) {
            throw fabricError(400, "InvalidConnectivityType", `The connection is not ${update.connectivityType}`);
        }
        if (update.displayName !== undefined) {
            refuseUsedName(sandbox, update.displayName, connection);
        }
        const { credentialDetails: details, privacyLevel: level } = update;
        const received =
            details?.credentials === undefined
                ? {}
                : await testedCredentials(sandbox, connection, details, level, "UpdateGatewayConnectionFailed");
        // The test took a while: the world may be another one by now.
        const stored = demandConnection(sandbox, request, "Owner");
        Object.assign(stored, received);
        stored.name = update.displayName ?? stored.name;
        if (stored.credential) {
            stored.credential.privacyLevel = level ?? stored.credential.privacyLevel;
        }
        if (details?.singleSignOnType !== undefined) {
            stored.singleSignOnType = details.singleSignOnType;
        }
        return renderConnection(sandbox, stored);
    });
    server.delete<ByConnection>("/connections/:connection", async (request, reply) => {
        const { datasourceId: id } = demandConnection(sandbox, request, "Owner");
        const { powerBi } = sandbox.world;
        // Models that are mapped to it stay mapped, to nothing.
        powerBi.datasources = powerBi.datasources.filter(({ datasourceId }) => datasourceId !== id);
        return reply.code(200).send();
    });

    server.post<ByConnection>("/connections/:connection/testConnection", async (request, reply) => {
        const connection = demandConnection(sandbox, request, "User");
        if (connectivityOf(sandbox, connection) === "StreamingVirtualNetworkGateway") {
            throw fabricError(400, "InvalidInput", "Connections of streaming virtual network gateways are not tested");
        }
        const result = queryStored(sandbox, connection).then((outcome) =>
            outcome.ok
                ? { status: "Online", errors: [] }
                : { status: "Offline", errors: [{ errorCode: outcome.error.code, message: outcome.error.message }] },
        );
        if (sandbox.world.doubts.testConnection === "atOnce") {
            return reply.code(200).send(await result);
        }
        return operations.accept(reply, result);
    });
}
