import { randomUUID } from "node:crypto";
import { type FastifyRequest } from "fastify";
import { bearerToken, verifyToken } from "../http/access-token";
import { HttpError } from "../http/service-server";
import { type Sandbox } from "../sandbox";

/** The audience of tokens for Fabric. */
const fabricAudience = "https://api.fabric.microsoft.com";

/** An error as Fabric words it. */
export function fabricError(status: number, errorCode: string, message: string): HttpError {
    return new HttpError(status, { requestId: randomUUID(), errorCode, message, isRetriable: false });
}

/** The client id of the application that a request comes from, if its token is one for Fabric. */
export function findCaller(request: FastifyRequest): { clientId: string; expiresAt: number } | undefined {
    const token = bearerToken(request.headers.authorization);
    const claims = token === undefined ? undefined : verifyToken(token);
    return claims?.aud === fabricAudience
        ? { clientId: String(claims.appid), expiresAt: claims.exp * 1000 }
        : undefined;
}

/** @throws HttpError 401 or 403 */
export function demandCaller(sandbox: Sandbox, request: FastifyRequest): string {
    const caller = findCaller(request);
    if (!caller || caller.expiresAt <= sandbox.now().getTime()) {
        throw fabricError(401, "Unauthorized", "The caller is not authenticated to access this resource");
    }
    const { fabricApisAllowed, servicePrincipalsAllowed } = sandbox.world.powerBi;
    if (!fabricApisAllowed || !servicePrincipalsAllowed) {
        throw fabricError(403, "Forbidden", "Service principals may not use the Fabric APIs of this tenant");
    }
    return caller.clientId;
}
