import { type FastifyInstance } from "fastify";
import { acceptGuidsInCapitals } from "../http/guids";
import { createServiceServer } from "../http/service-server";
import { type Sandbox } from "../sandbox";
import { fabricError, findCaller } from "./access";
import { registerConnections } from "./connections";
import { registerGateways } from "./gateways";

/** The Fabric API, as far as it is about gateways and connections. */
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
            registerConnections(api, sandbox);
        },
        { prefix: "/v1" },
    );
    return server;
}
