import { type FastifyRequest } from "fastify";
import { type ChosenDoubts } from "../doubts";
import { type ServiceName } from "../sandbox";
import { judge } from "./judge";
import { type JudgedService } from "./operation";
import { record, writeCounts } from "./records";
import { loadSpecification, type Specification } from "./specification";
import { isUndocumented } from "./undocumented";

let specification: Specification | undefined;

/**
 * Holds an exchange against the published contracts, where the environment variable CONTRACTS names their folder.
 *
 * @param doubts how the services behave where nobody knows: some of it is against a contract.
 * @param answer absent where a fault, and not the service, answered.
 */
export function watchContract(
    service: ServiceName,
    request: FastifyRequest,
    doubts: ChosenDoubts,
    answer?: { status: number; headers: Record<string, unknown>; payload: unknown },
): void {
    const folder = process.env.CONTRACTS;
    if (!folder) {
        return;
    }
    if (!specification) {
        specification = loadSpecification(folder);
        process.once("exit", writeCounts);
    }
    const judgement = judge(specification, {
        service: judgedService(service),
        method: request.method,
        url: request.url,
        contentType: request.headers["content-type"],
        body: request.body ?? (request.bodyText || undefined),
        answer: answer && { ...answer, body: textOf(answer.payload) },
    });
    const violations = judgement.violations.filter((violation) => !isUndocumented(violation, doubts));
    record({ ...judgement, violations });
}

function judgedService(service: ServiceName): JudgedService {
    return service === "databricks2" ? "databricks" : service;
}

function textOf(payload: unknown): string {
    return typeof payload === "string" ? payload : Buffer.isBuffer(payload) ? payload.toString("utf8") : "";
}
