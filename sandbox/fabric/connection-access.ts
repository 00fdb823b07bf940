import { type FastifyRequest } from "fastify";
import { administers, reaches, roleOf } from "../power-bi/connection-roles";
import { type Sandbox } from "../sandbox";
import { type ConnectionRole, type Datasource } from "../world/power-bi-world";
import { demandCaller, fabricError } from "./access";

/** A request about one connection. */
export interface ByConnection {
    Params: { connection: string };
}

/** The connections that somebody has a role on: administering their gateway does not list them. */
export function connectionsOf(sandbox: Sandbox, caller: string): Datasource[] {
    return sandbox.world.powerBi.datasources.filter((item) => roleOf(sandbox, item, caller) !== undefined);
}

/**
 * A connection that the caller has a role on, or administers the gateway of.
 *
 * @param least the least role that will do; the gateway's admins need none.
 * @throws HttpError 404, whether it does not exist or is not theirs to see; 403 where the role does not suffice.
 */
export function demandConnection(
    sandbox: Sandbox,
    request: FastifyRequest<ByConnection>,
    least: ConnectionRole,
): Datasource {
    const caller = demandCaller(sandbox, request);
    const found = findConnection(sandbox, request.params.connection);
    const role = found && roleOf(sandbox, found, caller);
    if (!found || (role === undefined && !administers(sandbox, found, caller))) {
        throw fabricError(404, "EntityNotFound", "The requested resource could not be found");
    }
    if (!reaches(role, least) && !administers(sandbox, found, caller)) {
        throw insufficientPermissions();
    }
    return found;
}

/** The connection with an id. */
export function findConnection(sandbox: Sandbox, id: string | undefined): Datasource | undefined {
    return sandbox.world.powerBi.datasources.find(({ datasourceId }) => datasourceId === id?.toLowerCase());
}

/** What somebody is told whose role is too low. */
export function insufficientPermissions() {
    const message = "The caller has insufficient permissions to manage this connection";
    return fabricError(403, "InsufficientPermissionsToManageConnection", message);
}
