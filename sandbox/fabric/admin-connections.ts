import { type FastifyInstance } from "fastify";
import { type Sandbox } from "../sandbox";
import { demandCaller, fabricError } from "./access";
import { renderConnection } from "./connection-shape";
import { page } from "./paging";

/**
 * All connections of the tenant, for who may see them: a preview, closed by default.
 *
 * @see https://learn.microsoft.com/rest/api/fabric/admin/connections/list-connections
 */
export function registerAdminConnections(server: FastifyInstance, sandbox: Sandbox): void {
    server.get<{ Querystring: { continuationToken?: string } }>("/admin/connections", async (request) => {
        const caller = demandCaller(sandbox, request);
        const { adminConnectionsAllowed, datasources } = sandbox.world.powerBi;
        if (!adminConnectionsAllowed.includes(caller)) {
            throw fabricError(401, "Unauthorized", "The caller doesn't have permission to call the API");
        }
        return page(sandbox, "/admin/connections", request.query.continuationToken, datasources, (item) =>
            renderConnection(sandbox, item),
        );
    });
}
