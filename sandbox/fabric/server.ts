import { type FastifyInstance } from "fastify";
import { acceptGuidsInCapitals } from "../http/guids";
import { createServiceServer } from "../http/service-server";
import { type Sandbox } from "../sandbox";
import { fabricError, findCaller } from "./access";
import { registerAdminConnections } from "./admin-connections";
import { registerConnectionCreation } from "./connection-creation";
import { registerConnections } from "./connections";
import { registerGateways } from "./gateways";
import { registerItemConnections } from "./item-connections";
import { Operations } from "./operations";
import { registerRoleAssignments } from "./role-assignments";

/** The Fabric API, as far as it is about gateways and connections, and about what is mapped to those. */
export function createFabric(sandbox: Sandbox): FastifyInstance {
    const server = createServiceServer({
        sandbox,
        service: "fabric",
        caseSensitive: false,
        identify: (request) => {
            request.caller = findCaller(request)?.clientId ?? "anonymous";
        },
        notFound: () => fabricError(404, "EntityNotFound", "The requested resource could not be found"),
        failure: (status, message) => fabricError(status, "InvalidRequest", message),
    });
    acceptGuidsInCapitals(server);
    void server.register(
        async (api) => {
            registerGateways(api, sandbox);
            const operations = new Operations(sandbox);
            operations.register(api);
            registerConnections(api, sandbox, operations);
            registerConnectionCreation(api, sandbox);
            registerRoleAssignments(api, sandbox);
            registerItemConnections(api, sandbox);
            registerAdminConnections(api, sandbox);
        },
        { prefix: "/v1" },
    );
    return server;
}
