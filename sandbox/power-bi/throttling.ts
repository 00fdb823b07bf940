import { type FastifyInstance } from "fastify";
import { HttpError } from "../http/service-server";
import { type Sandbox } from "../sandbox";

/** Of how many requests one is too many, where throttling is doubted. */
const each = 20;

/** Refuses some of the requests as too many (a doubt). The answer has another shape than all others of Power BI. */
export function throttle(server: FastifyInstance, sandbox: Sandbox): void {
    let requests = 0;
    server.addHook("preHandler", async () => {
        const { throttling } = sandbox.world.doubts;
        requests += 1;
        if (throttling === "never" || requests % each !== 0) {
            return;
        }
        const message =
            "You have exceeded the amount of requests allowed in the current time frame and further requests will fail.";
        throw new HttpError(429, { message }, throttling === "retryAfter" ? { "Retry-After": "1" } : {});
    });
}
