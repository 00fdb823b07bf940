import { z } from "zod";
import { oneLine } from "./redaction";
import { ServiceError, ServiceErrorDetails } from "./service-error";

/** Which request was answered. */
export type AnsweredRequest = Pick<ServiceErrorDetails, "service" | "method" | "path" | "status" | "requestId">;

/**
 * An answer with a status of success that is not what the contract promises: a proxy's page, `{}`, a member that is
 * missing. Nothing is made up in its place. The message names the member and what was expected of it, and never repeats
 * what came instead: that may be a secret at the wrong place.
 */
export class UnexpectedAnswer extends ServiceError {
    /**
     * @param field the member that is not as expected, like `value[3].id`; empty for the answer as a whole.
     * @param problem what it is, and what was expected.
     */
    constructor(
        request: AnsweredRequest,
        readonly field: string,
        readonly problem: string,
    ) {
        super({ ...request, reason: `unexpected answer: ${field === "" ? "it" : field} ${problem}` });
        this.name = "UnexpectedAnswer";
    }
}

/**
 * What a service answered, if it is what was expected.
 *
 * @throws UnexpectedAnswer
 */
export function demandAnswer<T>(request: AnsweredRequest, schema: z.ZodType<T>, answer: unknown): T {
    const result = schema.safeParse(answer);
    if (!result.success) {
        const { field, problem } = firstIssue(answer, result.error);
        throw new UnexpectedAnswer(request, field, problem);
    }
    return result.data;
}

/** Where a value is not as expected, and how: `is absent; expected a text`. Values are not repeated. */
export function firstIssue(value: unknown, error: z.ZodError): { field: string; problem: string } {
    const [{ path, message }] = error.issues;
    const field = path.reduce<string>(
        (place, step) => (typeof step === "number" ? `${place}[${step}]` : join(place, String(step))),
        "",
    );
    const found = path.reduce<unknown>((inner, step) => (inner as Record<PropertyKey, unknown> | null)?.[step], value);
    return { field: oneLine(field), problem: `${whatItIs(found)}; ${message}` };
}

function join(place: string, step: string): string {
    return place === "" ? step : `${place}.${step}`;
}

function whatItIs(value: unknown): string {
    if (value === undefined) {
        return "is absent";
    }
    if (value === null) {
        return "is null";
    }
    if (Array.isArray(value)) {
        return "is a list";
    }
    const names: Record<string, string> = { string: "text", object: "structure", boolean: "yes or no" };
    return value === "" ? "is empty" : `is a ${names[typeof value] ?? typeof value}`;
}
