import { type FastifyInstance, type FastifyRequest } from "fastify";
import { type Sandbox } from "../sandbox";
import { type Datasource } from "../world/power-bi-world";
import { demandCaller, fabricError } from "./access";
import { type ByConnection, findConnection } from "./connection-access";
import { renderConnection } from "./connection-shape";
import { page } from "./paging";
import { renderAssignments } from "./role-assignments";

interface Paged {
    Querystring: { continuationToken?: string };
}

/**
 * All connections of the tenant, for who may see them: a preview, closed by default.
 *
 * @see https://learn.microsoft.com/rest/api/fabric/admin/connections/list-connections
 */
export function registerAdminConnections(server: FastifyInstance, sandbox: Sandbox): void {
    const demandAdmin = (request: FastifyRequest) => {
        const caller = demandCaller(sandbox, request);
        if (!sandbox.world.powerBi.adminConnectionsAllowed.includes(caller)) {
            throw fabricError(401, "Unauthorized", "The caller doesn't have permission to call the API");
        }
    };
    const demandConnection = (request: FastifyRequest<ByConnection>): Datasource => {
        demandAdmin(request);
        const found = findConnection(sandbox, request.params.connection);
        if (!found) {
            throw fabricError(404, "EntityNotFound", "The requested resource could not be found");
        }
        return found;
    };

    server.get<Paged>("/admin/connections", async (request) => {
        demandAdmin(request);
        const { datasources } = sandbox.world.powerBi;
        return page(sandbox, "/admin/connections", request.query.continuationToken, datasources, (item) =>
            renderConnection(sandbox, item),
        );
    });
    server.get<ByConnection>("/admin/connections/:connection", async (request) =>
        renderConnection(sandbox, demandConnection(request)),
    );
    server.get<ByConnection & Paged>("/admin/connections/:connection/roleAssignments", async (request) =>
        renderAssignments(sandbox, "/admin", demandConnection(request), request.query.continuationToken),
    );
}
