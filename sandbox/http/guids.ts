import { type FastifyInstance } from "fastify";

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A GUID as the services write it, however it was written; any other text as it is. */
export function lowerGuid(text: string): string {
    return guid.test(text) ? text.toLowerCase() : text;
}

/** Lets GUIDs in paths be written in capitals. */
export function acceptGuidsInCapitals(server: FastifyInstance): void {
    server.addHook("preHandler", async (request) => {
        const params = request.params as Record<string, string>;
        for (const [name, value] of Object.entries(params ?? {})) {
            params[name] = lowerGuid(value);
        }
    });
}
