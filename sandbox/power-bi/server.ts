import { randomUUID } from "node:crypto";
import { type FastifyInstance } from "fastify";
import { acceptGuidsInCapitals } from "../http/guids";
import { createServiceServer } from "../http/service-server";
import { type Sandbox } from "../sandbox";
import { findCaller, powerBiError } from "./access";
import { throttle } from "./throttling";
import { registerAdmin } from "./admin";
import { registerGateways } from "./gateways";
import { registerOtherHolders } from "./other-holders";
import { registerRefreshes } from "./refreshes";
import { registerWorkspaces } from "./workspaces";

/** The Power BI REST API. */
export function createPowerBi(sandbox: Sandbox): FastifyInstance {
    const server = createServiceServer({
        sandbox,
        service: "powerBi",
        caseSensitive: false,
        identify: (request) => {
            request.caller = findCaller(request)?.clientId ?? "anonymous";
        },
        replyHeaders: () => ({ RequestId: randomUUID() }),
        notFound: () => powerBiError(404, "PowerBIEntityNotFound"),
        failure: (status, message) =>
            powerBiError(status, status === 400 ? "BadRequest" : "InternalServerError", message),
    });
    acceptGuidsInCapitals(server);
    throttle(server, sandbox);
    void server.register(
        async (api) => {
            registerWorkspaces(api, sandbox);
            registerOtherHolders(api, sandbox);
            registerGateways(api, sandbox);
            registerRefreshes(api, sandbox);
            registerAdmin(api, sandbox);
        },
        { prefix: "/v1.0/myorg" },
    );
    return server;
}
