import { type FastifyRequest } from "fastify";
import { bearerToken, verifyToken } from "../http/access-token";
import { HttpError } from "../http/service-server";
import { type Sandbox } from "../sandbox";
import { type Warehouse } from "../world/databricks-world";
import { groupsOf, principalOf } from "./principals";

/** An error as Databricks words it. */
export function databricksError(status: number, code: string, message: string): HttpError {
    return new HttpError(status, { error_code: code, message });
}

/** An error as a proxy before Databricks words it: for people, with the reason in a header alone. */
export function htmlError(status: number, reason: string): HttpError {
    return new HttpError(status, `<html><head><title>Error ${status}</title></head><body></body></html>`, {
        "content-type": "text/html",
        "X-Databricks-Reason-Phrase": reason,
    });
}

/** The audience of Entra's tokens for Databricks on Azure. */
export const azureDatabricks = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d";

/** Who a request comes from. */
export interface DatabricksCaller {
    /** The user's name or the service principal's application id. */
    name: string;
    isAdmin: boolean;
}

/** The caller of a request, or undefined when its token is unknown, expired or its service principal is gone. */
export function findCaller(sandbox: Sandbox, request: FastifyRequest): DatabricksCaller | undefined {
    const token = bearerToken(request.headers.authorization);
    const { tokens, servicePrincipals } = sandbox.world.databricks;
    const personal = tokens.find((candidate) => candidate.token === token);
    if (personal) {
        return { name: personal.user, isAdmin: personal.workspaceAdmin };
    }
    const claims = token === undefined ? undefined : verifyToken(token);
    if (!claims || claims.exp * 1000 <= sandbox.now().getTime()) {
        return undefined;
    }
    const isOwn = claims.aud === "databricks" && claims.workspace === sandbox.world.databricks.workspaceId;
    // A service principal of Entra's is known in Databricks by the same id.
    const name = isOwn ? claims.sub : claims.aud === azureDatabricks ? claims.appid : undefined;
    const principal = servicePrincipals.find((candidate) => candidate.applicationId === name);
    const isDead =
        typeof claims.secret === "string" &&
        sandbox.world.doubts.tokensOfDeletedSecrets === "die" &&
        !principal?.secrets.some(({ id }) => id === claims.secret);
    return principal?.active && !isDead
        ? { name: principal.applicationId, isAdmin: principal.workspaceAdmin }
        : undefined;
}

/** @throws HttpError 401 */
export function demandCaller(sandbox: Sandbox, request: FastifyRequest): DatabricksCaller {
    const caller = findCaller(sandbox, request);
    if (!caller) {
        const message = "Credential was not sent or was of an unsupported type for this API.";
        throw sandbox.world.doubts.foreignLogin === "html403"
            ? htmlError(403, message)
            : databricksError(401, "UNAUTHENTICATED", message);
    }
    return caller;
}

/** @throws HttpError 401 or 403 */
export function demandAdmin(sandbox: Sandbox, request: FastifyRequest): DatabricksCaller {
    const caller = demandCaller(sandbox, request);
    if (!caller.isAdmin) {
        throw databricksError(403, "PERMISSION_DENIED", `${caller.name} is not a workspace admin.`);
    }
    return caller;
}

/** Whether a caller may run queries on a warehouse: by an entry of its own, through a group, or as an admin. */
export function mayUse(sandbox: Sandbox, warehouse: Warehouse, caller: DatabricksCaller): boolean {
    const names = [caller.name, ...groupsOf(sandbox, caller.name)];
    const using = ["CAN_USE", "CAN_MONITOR", "CAN_MANAGE", "IS_OWNER"];
    return (
        caller.isAdmin ||
        warehouse.acl.some((entry) => names.includes(principalOf(entry).name) && using.includes(entry.permissionLevel))
    );
}

/** Whether a service principal may use Databricks SQL at all: by an entitlement of its own, or by that of `users`. */
export function hasSqlAccess(sandbox: Sandbox, caller: DatabricksCaller): boolean {
    const { servicePrincipals, usersHaveSqlAccess } = sandbox.world.databricks;
    const principal = servicePrincipals.find(({ applicationId }) => applicationId === caller.name);
    const isEntitled = !principal || principal.entitlements.includes("databricks-sql-access");
    return isEntitled || caller.isAdmin || usersHaveSqlAccess;
}
