import { type FastifyInstance } from "fastify";

/**
 * Parses JSON (SCIM's too), forms and, as text, everything else; keeps the text for faults. An empty body is
 * `undefined` whatever its type says: clients send `Content-Type` with bodiless DELETEs.
 */
export function installBodyParsers(server: FastifyInstance): void {
    server.removeAllContentTypeParsers();
    server.addContentTypeParser("*", { parseAs: "string" }, (request, body, done) => {
        request.bodyText = body.toString();
        if (request.bodyText === "") {
            done(null, undefined);
            return;
        }
        const type = (request.headers["content-type"] ?? "").split(";")[0].trim().toLowerCase();
        try {
            done(null, parse(type, request.bodyText));
        } catch (error) {
            done(Object.assign(error as Error, { statusCode: 400 }));
        }
    });
}

function parse(type: string, text: string): unknown {
    if (type === "application/x-www-form-urlencoded") {
        return Object.fromEntries(new URLSearchParams(text));
    }
    return type === "application/json" || type.endsWith("+json") ? JSON.parse(text) : text;
}
