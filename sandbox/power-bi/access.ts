import { type FastifyRequest } from "fastify";
import { bearerToken, verifyToken } from "../http/access-token";
import { HttpError } from "../http/service-server";
import { type Sandbox } from "../sandbox";
import { type Dataset, type Workspace } from "../world/power-bi-world";

/** The audience of tokens for Power BI. */
export const powerBiAudience = "https://analysis.windows.net/powerbi/api";

/** An error as Power BI words it. */
export function powerBiError(status: number, code: string, message?: string): HttpError {
    return new HttpError(status, {
        error: { code, message, "pbi.error": { code, parameters: {}, details: [], exceptionCulprit: 1 } },
    });
}

/** The client id of the application that a request comes from, if its token is one for Power BI. */
export function findCaller(request: FastifyRequest): { clientId: string; expiresAt: number } | undefined {
    const token = bearerToken(request.headers.authorization);
    const claims = token === undefined ? undefined : verifyToken(token);
    return claims?.aud === powerBiAudience
        ? { clientId: String(claims.appid), expiresAt: claims.exp * 1000 }
        : undefined;
}

/** @throws HttpError 401 or 403 */
export function demandCaller(sandbox: Sandbox, request: FastifyRequest): string {
    const caller = findCaller(request);
    if (!caller || !sandbox.world.powerBi.servicePrincipalsAllowed) {
        throw powerBiError(401, "PowerBINotAuthorizedException");
    }
    if (caller.expiresAt <= sandbox.now().getTime()) {
        if (sandbox.world.doubts.expiredToken === "unauthorized") {
            throw new HttpError(401, undefined);
        }
        throw powerBiError(403, "TokenExpired", "Access token has expired, resubmit with a new access token");
    }
    return caller.clientId;
}

/**
 * A workspace that the caller is a member of.
 *
 * @throws HttpError 404, whether it does not exist or is not theirs
 */
export function demandWorkspace(sandbox: Sandbox, caller: string, id: string, write = false): Workspace {
    const workspace = sandbox.world.powerBi.workspaces.find((candidate) => candidate.id === id);
    const role = workspace?.members.find((member) => member.principal === caller)?.role;
    if (!workspace || role === undefined) {
        throw powerBiError(404, "PowerBIEntityNotFound");
    }
    if (write && role === "Viewer") {
        throw powerBiError(403, "PowerBINotAuthorizedException", "The caller has no write permission on the workspace");
    }
    return workspace;
}

/** @throws HttpError 404, also where the capacity of the workspace is paused */
export function demandDataset(workspace: Workspace, id: string): Dataset {
    demandActiveCapacity(workspace);
    const dataset = workspace.datasets.find((candidate) => candidate.id === id);
    if (!dataset) {
        throw powerBiError(404, "PowerBIEntityNotFound");
    }
    return dataset;
}

/** @throws HttpError 404 for a workspace whose capacity is paused */
export function demandActiveCapacity(workspace: Workspace): void {
    if (isSuspended(workspace)) {
        throw powerBiError(404, capacityNotActive.code, capacityNotActive.message);
    }
}

/** Why nothing of a workspace on a paused capacity can be used. */
export const capacityNotActive = { code: "CapacityNotActive", message: "The capacity of the workspace is not active." };

/** Whether the capacity of a workspace is paused. */
export function isSuspended({ capacity }: Workspace): boolean {
    return capacity?.state === "Suspended";
}
