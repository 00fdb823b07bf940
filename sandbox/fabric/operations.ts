import { randomUUID } from "node:crypto";
import { type FastifyInstance, type FastifyReply } from "fastify";
import { type Sandbox } from "../sandbox";
import { demandCaller, fabricError } from "./access";

/** A long-running operation: its result is there at the second look. */
interface Operation {
    looks: number;
    result: Promise<unknown>;
}

/**
 * Long-running operations.
 *
 * @see https://learn.microsoft.com/rest/api/fabric/articles/long-running-operation
 */
export class Operations {
    private readonly all = new Map<string, Operation>();

    constructor(private readonly sandbox: Sandbox) {}

    /** Answers that something is on its way, and where it can be watched. */
    accept(reply: FastifyReply, result: Promise<unknown>): FastifyReply {
        const id = randomUUID();
        this.all.set(id, { looks: 0, result });
        return reply
            .code(202)
            .headers({
                Location: `${this.sandbox.urls.fabric}/v1/operations/${id}`,
                "x-ms-operation-id": id,
                "Retry-After": "1",
            })
            .send();
    }

    /** Where operations are watched and their results are fetched. */
    register(server: FastifyInstance): void {
        server.get<{ Params: { id: string } }>("/operations/:id", async (request) => {
            demandCaller(this.sandbox, request);
            const operation = this.demand(request.params.id);
            operation.looks += 1;
            const isDone = operation.looks > 1;
            return { status: isDone ? "Succeeded" : "Running", percentComplete: isDone ? 100 : 50, error: null };
        });
        server.get<{ Params: { id: string } }>("/operations/:id/result", async (request) => {
            demandCaller(this.sandbox, request);
            return this.demand(request.params.id).result;
        });
    }

    private demand(id: string): Operation {
        const operation = this.all.get(id);
        if (!operation) {
            throw fabricError(404, "OperationNotFound", "The requested operation could not be found");
        }
        return operation;
    }
}
