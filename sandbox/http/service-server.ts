import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { setTimeout as sleep } from "node:timers/promises";
import { watchContract } from "../contract/watch";
import { type Sandbox, type ServiceName } from "../sandbox";
import { installBodyParsers } from "./body-parsers";
import { isOfConnector } from "./connector-agent";
import { withoutField } from "./dropped-fields";
import { echo, type Fault, replacesReply } from "./faults";
import { isLoopback } from "./loopback";

declare module "fastify" {
    interface FastifyRequest {
        bodyText: string;
        caller: string;
        /** The id of the Databricks secret that a token request presents. */
        presentedSecretId?: string;
        /** Faults that wait until the handler is done. */
        lateFaults: Fault[];
        /** Whether a fault, and not the service, answers. */
        isAnsweredByFault: boolean;
    }
}

/** An error reply in a service's own shape. */
export class HttpError extends Error {
    constructor(
        public readonly status: number,
        public readonly body: unknown,
        public readonly headers: Record<string, string> = {},
    ) {
        super(`${status} ${JSON.stringify(body)}`);
    }
}

export interface ServiceOptions {
    sandbox: Sandbox;
    service: ServiceName;
    caseSensitive?: boolean;
    /** Names who sends a request, before anything is allowed or refused: sets `caller` and `presentedSecretId`. */
    identify(request: FastifyRequest): void;
    /** Headers that every reply of the service has. */
    replyHeaders?(): Record<string, string>;
    notFound(request: FastifyRequest): HttpError;
    /** The reply to a body that cannot be parsed, and to a defect of the sandbox itself (500). */
    failure(status: number, message: string): HttpError;
}

/** A server of one service: parses bodies, plays faults, logs requests and words errors in the service's shape. */
export function createServiceServer(options: ServiceOptions): FastifyInstance {
    const server = fastify({
        forceCloseConnections: true,
        routerOptions: { maxParamLength: 1000, caseSensitive: options.caseSensitive ?? true },
    });
    installBodyParsers(server);
    server.decorateRequest("bodyText", "");
    server.decorateRequest("caller", "anonymous");
    server.decorateRequest("presentedSecretId", undefined);
    server.decorateRequest("isAnsweredByFault", false);
    server.addHook("onRequest", async (request, reply) => {
        request.lateFaults = [];
        if (!isLoopback(request.headers.host)) {
            const message = "The sandbox answers to the names of loopback only";
            return sendError(reply, options.failure(421, message));
        }
        return undefined;
    });
    server.addHook("preHandler", (request, reply) => playEarlyFaults(options, request, reply));
    server.addHook("onSend", async (request, reply, payload) => {
        for (const [name, value] of Object.entries(options.replyHeaders?.() ?? {})) {
            if (!reply.hasHeader(name)) {
                reply.header(name, value);
            }
        }
        const own = { status: reply.statusCode, headers: reply.getHeaders(), payload };
        const replaced = await playLateFaults(options, request, reply, payload);
        options.sandbox.onAnswer?.(
            { service: options.service, method: request.method, path: request.url, status: reply.statusCode },
            replaced,
        );
        if (!reply.raw.destroyed) {
            const { doubts } = options.sandbox.world;
            watchContract(options.service, request, doubts, request.isAnsweredByFault ? undefined : own);
            log(options, request, reply.statusCode);
        }
        return replaced;
    });
    server.setNotFoundHandler(async (request, reply) => {
        process.stderr.write(`${options.service}: unknown route ${request.method} ${request.url}\n`);
        return sendError(reply, options.notFound(request));
    });
    server.setErrorHandler(async (error: Error & { statusCode?: number }, request, reply) => {
        if (error instanceof HttpError) {
            return sendError(reply, error);
        }
        const status = error.statusCode ?? 500;
        if (status >= 500) {
            process.stderr.write(`${options.service}: ${request.method} ${request.url}: ${error.stack}\n`);
        }
        return sendError(reply, options.failure(status, error.message));
    });
    return server;
}

function sendError(reply: FastifyReply, error: HttpError): FastifyReply {
    return reply.code(error.status).headers(error.headers).send(error.body);
}

async function playEarlyFaults(options: ServiceOptions, request: FastifyRequest, reply: FastifyReply) {
    options.identify(request);
    const faults = options.sandbox.faults.take({
        service: options.service,
        method: request.method,
        path: request.url,
        bodyText: request.bodyText,
        presentedSecretId: request.presentedSecretId,
        isPowerBi: isOfConnector(request),
    });
    const isLate = (fault: Fault) => fault.when === "after" || fault.drops !== undefined;
    request.lateFaults = faults.filter(isLate);
    for (const fault of faults.filter((item) => !isLate(item))) {
        await sleep(fault.delayInMs ?? 0);
        if (fault.reset || fault.killsProcessGroup) {
            // After this the reply is nobody's: the handler must not run.
            reply.hijack();
            resetConnection(options, request, fault);
            return reply;
        }
        if (replacesReply(fault)) {
            request.isAnsweredByFault = true;
            return reply
                .code(fault.status ?? 200)
                .headers(echo(fault.headers ?? {}, request))
                .send(echo(fault.body, request));
        }
    }
    return undefined;
}

async function playLateFaults(
    options: ServiceOptions,
    request: FastifyRequest,
    reply: FastifyReply,
    genuine: unknown,
): Promise<unknown> {
    let payload = genuine;
    for (const fault of request.lateFaults) {
        await sleep(fault.delayInMs ?? 0);
        if (fault.drops !== undefined && reply.statusCode < 400) {
            payload = withoutField(payload, fault.drops);
            reply.removeHeader("content-length");
        }
        if (fault.reset || fault.killsProcessGroup) {
            resetConnection(options, request, fault);
            return payload;
        }
        if (replacesReply(fault)) {
            request.isAnsweredByFault = true;
            const body = echo(fault.body, request);
            const isText = body === undefined || typeof body === "string";
            reply.removeHeader("content-length");
            reply.code(fault.status ?? reply.statusCode);
            reply.header("content-type", isText ? "text/plain; charset=utf-8" : "application/json; charset=utf-8");
            reply.headers(echo(fault.headers ?? {}, request));
            return isText ? (body ?? "") : JSON.stringify(body);
        }
    }
    return payload;
}

function resetConnection(options: ServiceOptions, request: FastifyRequest, fault: Fault): void {
    watchContract(options.service, request, options.sandbox.world.doubts);
    log(options, request, 0);
    if (fault.killsProcessGroup) {
        killGroup(fault.killsProcessGroup);
    }
    request.raw.socket.resetAndDestroy();
}

function killGroup(id: number): void {
    try {
        process.kill(-id, "SIGKILL");
    } catch (error) {
        // It may have ended by itself.
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") {
            throw error;
        }
    }
}

function log(options: ServiceOptions, request: FastifyRequest, status: number): void {
    const entry = {
        time: options.sandbox.now().toISOString(),
        service: options.service,
        method: request.method,
        path: request.url,
        status,
        caller: request.caller,
        userAgent: request.headers["user-agent"] ?? "",
    };
    options.sandbox.requests.add(entry);
    options.sandbox.invariants.look(options.sandbox.watchedWorld, entry);
}
