import { type FastifyRequest } from "fastify";

/** The user agent of Power BI's connector: it marks the sandbox's own requests, in the log and for faults. */
export const connectorAgent = "PowerBI";

/** Whether a request is one that the sandbox's own Power BI makes: a report, or a credential that is tested. */
export function isOfConnector(request: FastifyRequest): boolean {
    return request.headers["user-agent"] === connectorAgent;
}
