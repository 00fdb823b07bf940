import { type FastifyReply } from "fastify";
import { type Sandbox } from "../sandbox";

/** Answers a PATCH that was done (a doubt). */
export function answerPatch(sandbox: Sandbox, reply: FastifyReply): FastifyReply {
    switch (sandbox.world.doubts.answerToPatch) {
        case "empty":
            return reply.code(200).send();
        case "emptyObject":
            return reply.code(200).send({});
        case "accepted":
            return reply.code(202).send();
    }
}
