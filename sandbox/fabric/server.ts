import { randomUUID } from "node:crypto";
import { type FastifyInstance } from "fastify";
import { createServiceServer, HttpError } from "../http/service-server";
import { type Sandbox } from "../sandbox";

/** The Fabric API: no route of it is needed for cloud datasources, so it knows none and says so. */
export function createFabric(sandbox: Sandbox): FastifyInstance {
    const error = (status: number, errorCode: string, message: string) =>
        new HttpError(status, { requestId: randomUUID(), errorCode, message, isRetriable: false });
    return createServiceServer({
        sandbox,
        service: "fabric",
        identify: () => {},
        notFound: () => error(404, "EntityNotFound", "The requested resource could not be found"),
        failure: (status, message) => error(status, "InvalidRequest", message),
    });
}
