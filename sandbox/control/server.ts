import { fastify, type FastifyInstance, type FastifyReply } from "fastify";
import { registerPipelines } from "../ci/pipelines";
import { installBodyParsers } from "../http/body-parsers";
import { faultList } from "../http/faults";
import { isForeignOrigin, isLoopback } from "../http/loopback";
import { queryDataset } from "../power-bi/reports";
import { type Sandbox } from "../sandbox";
import { InvalidWorldError, parseWorld } from "../world/world";
import { changes, ConflictError, patched } from "./json-patch";

interface ClockBody {
    advanceInSeconds?: number;
    now?: string;
}

/** The control API: the world in and out, every secret value there ever was, the request log, faults, the clock, and reports that are opened. */
export function createControl(sandbox: Sandbox): FastifyInstance {
    const server = fastify({ forceCloseConnections: true, bodyLimit: 64 * 1024 * 1024 });
    // Every secret is to be had here: no web page may ask, whatever name it goes by.
    server.addHook("onRequest", async ({ headers }, reply) => {
        if (!isLoopback(headers.host)) {
            return reply.code(421).send({ message: "The control API answers to the names of loopback only" });
        }
        if (isForeignOrigin(headers.origin, headers.host)) {
            return reply.code(403).send({ message: "The control API answers to no other origin's pages" });
        }
        return undefined;
    });

    server.get("/world", async () => sandbox.world);
    /** Puts another world in the place of the present one, in one piece: no request is served in between. */
    const replaceWorld = (make: () => unknown, reply: FastifyReply) => {
        try {
            sandbox.issued.noteWorld(sandbox.world);
            sandbox.world = parseWorld(make(), "the body", sandbox.databricksHosts);
            return sandbox.world;
        } catch (error) {
            if (error instanceof InvalidWorldError) {
                return reply.code(400).send({ message: error.message });
            }
            if (error instanceof ConflictError) {
                return reply.code(409).send({ message: error.message });
            }
            throw error;
        }
    };
    server.put("/world", async (request, reply) => replaceWorld(() => request.body, reply));
    // Changes what is named and nothing else: what services and reports do meanwhile is not undone.
    server.patch("/world", async (request, reply) => {
        const parsed = changes.safeParse(request.body);
        return parsed.success
            ? replaceWorld(() => patched(sandbox.world, parsed.data), reply)
            : reply.code(400).send({ message: parsed.error.message });
    });

    server.get("/issued-values", async () => {
        sandbox.issued.noteWorld(sandbox.world);
        return sandbox.issued.list();
    });

    server.get("/requests", async () => sandbox.requests.list());
    server.delete("/requests", async () => {
        sandbox.requests.clear();
        return {};
    });

    server.get("/invariants", async (_request, reply) => {
        return sandbox.invariants.report() ?? reply.code(404).send({ message: "POST /invariants starts the watch" });
    });
    server.get("/invariants/at-end", async (_request, reply) => {
        const lost = sandbox.invariants.lostAtEnd(sandbox.world);
        return lost ?? reply.code(404).send({ message: "POST /invariants starts the watch" });
    });
    server.post<{ Body: { others?: unknown } }>("/invariants", async ({ body: { others } }) => {
        const left = others === undefined ? sandbox.world : parseWorld(others, "others", sandbox.databricksHosts);
        sandbox.invariants.restart(left);
        return { violations: [] };
    });

    server.get("/faults", async () => sandbox.faults.list());
    server.put("/faults", async (request, reply) => {
        const parsed = faultList.safeParse(request.body);
        if (!parsed.success) {
            return reply.code(400).send({ message: parsed.error.message });
        }
        const { databricks, databricks2 } = sandbox.world;
        const principals = [...databricks.servicePrincipals, ...databricks2.servicePrincipals];
        sandbox.faults.replace(
            parsed.data,
            principals.flatMap(({ secrets }) => secrets.map(({ id }) => id)),
        );
        return sandbox.faults.list();
    });

    server.post<{ Body: ClockBody }>("/clock", async (request) => {
        const { advanceInSeconds = 0, now } = request.body;
        const { sandboxTime } = sandbox.world;
        if (now !== undefined) {
            sandboxTime.offsetInSeconds = (Date.parse(now) - Date.now()) / 1000;
        }
        sandboxTime.offsetInSeconds += advanceInSeconds;
        return { now: sandbox.now().toISOString() };
    });

    server.post<{ Body: { workspaceId: string; datasetId: string } }>("/query", async (request, reply) => {
        const result = await queryDataset(sandbox, request.body.workspaceId, request.body.datasetId);
        if (result) {
            sandbox.invariants.noteReport(result.ok);
        }
        return result ?? reply.code(404).send({ message: "there is no such dataset in the world" });
    });
    void server.register(async (ci) => {
        installBodyParsers(ci);
        registerPipelines(ci, sandbox);
    });
    return server;
}
