import { type Answer, type JudgedService, type Operation, type Parameter, type Side } from "./operation";
import { hasFormat, type Misfit, type Schemas } from "./schemas";
import { type Specification } from "./specification";

/** A request and what it was answered. */
export interface Exchange {
    service: JudgedService;
    method: string;
    /** Path and query. */
    url: string;
    contentType?: string;
    /** Parsed; undefined for none. */
    body?: unknown;
    /** Absent where something else stood in for it, as a fault does. */
    answer?: { status: number; headers: Record<string, unknown>; body: string };
}

/** What is not as a contract has it. */
export interface ContractViolation extends Misfit {
    side: Side;
    method: string;
    /** As it was sent, without the query. */
    path: string;
}

/** What a judge found. */
export interface Judgement {
    /** None when the services have no such operation. */
    operation?: Operation;
    violations: ContractViolation[];
}

/** Judges one exchange: what was asked, and, where it is given, what was answered. */
export function judge({ operations, schemas }: Specification, exchange: Exchange): Judgement {
    const [path, query] = split(exchange.url);
    const told = (side: Side) => (misfit: Misfit) => ({ side, method: exchange.method, path, ...misfit });
    const sameService = operations.filter(({ service }) => service === exchange.service);
    const there = sameService.filter((candidate) => candidate.path.test(path));
    const operation = there.find(({ method }) => method === exchange.method);
    if (!operation) {
        const what = there.length > 0 ? `is none of ${there.map(({ method }) => method).join(", ")}` : "is not known";
        return { violations: [told("request")({ where: there.length > 0 ? "method" : "path", what })] };
    }
    const violations = [
        ...judgePath(operation, path).map(told("request")),
        ...judgeQuery(operation, query).map(told("request")),
        ...judgeBody(schemas, operation, exchange).map(told("request")),
        ...(exchange.answer ? judgeAnswer(schemas, operation, exchange.answer).map(told("answer")) : []),
    ];
    return { operation, violations };
}

function split(url: string): [string, URLSearchParams] {
    const mark = url.indexOf("?");
    return mark < 0 ? [url, new URLSearchParams()] : [url.slice(0, mark), new URLSearchParams(url.slice(mark + 1))];
}

function judgePath(operation: Operation, path: string): Misfit[] {
    const values = operation.path.exec(path)!.slice(1);
    return operation.pathParameters.flatMap((parameter, position) => {
        const what = misfitOf(parameter, decode(values[position]));
        return what === undefined ? [] : [{ where: `path.${parameter.name}`, what }];
    });
}

function judgeQuery(operation: Operation, query: URLSearchParams): Misfit[] {
    const unknown = [...query.keys()]
        .filter((name) => !operation.anyQuery && !operation.query.some((parameter) => parameter.name === name))
        .map((name) => ({ where: `query.${name}`, what: "is no parameter that is known there" }));
    const wrong = operation.query.flatMap((parameter) => {
        const value = query.get(parameter.name);
        const what = value === null ? (parameter.required ? "is missing" : undefined) : misfitOf(parameter, value);
        return what === undefined ? [] : [{ where: `query.${parameter.name}`, what }];
    });
    return [...unknown, ...wrong];
}

/** Why a text cannot be the value of a parameter. */
function misfitOf({ type, format, enum: values, minimum, maximum }: Parameter, text: string): string | undefined {
    switch (type) {
        case "integer": {
            const isRight =
                /^-?\d+$/.test(text) && Number(text) >= (minimum ?? -Infinity) && Number(text) <= (maximum ?? Infinity);
            return isRight
                ? undefined
                : `must be an integer${minimum === undefined ? "" : ` of at least ${minimum}`}${maximum === undefined ? "" : ` and at most ${maximum}`}`;
        }
        case "boolean":
            return /^(true|false)$/i.test(text) ? undefined : "must be true or false";
        default:
            if (values && !values.includes(text)) {
                return `is none of ${values.join(", ")}`;
            }
            return hasFormat(text, format) ? undefined : `must be a ${format}`;
    }
}

function judgeBody(schemas: Schemas, { body }: Operation, exchange: Exchange): Misfit[] {
    const isThere = exchange.body !== undefined && exchange.body !== "";
    if (!body) {
        return isThere && !isEmptyObject(exchange.body) ? [{ where: "body", what: "is sent where there is none" }] : [];
    }
    if (!isThere) {
        return body.required ? [{ where: "body", what: "is missing" }] : [];
    }
    const expected = body.type === "form" ? /^application\/x-www-form-urlencoded/i : /^application\/(\w+\+)?json/i;
    if (!expected.test(exchange.contentType ?? "")) {
        return [{ where: "header Content-Type", what: `does not say ${body.type === "form" ? "form" : "JSON"}` }];
    }
    return body.schemaId === undefined ? [] : schemas.check(body.schemaId, exchange.body).map(inBody);
}

function judgeAnswer(schemas: Schemas, operation: Operation, answer: NonNullable<Exchange["answer"]>): Misfit[] {
    const expected = operation.answers.get(answer.status) ?? (answer.status >= 400 ? operation.failure : undefined);
    if (!expected) {
        const known = [...operation.answers.keys()].join(", ");
        return [{ where: "status", what: `${answer.status} is none of ${known}` }];
    }
    return [...judgeHeaders(expected, answer.headers), ...judgeAnswerBody(schemas, expected, answer)];
}

function judgeHeaders(expected: Answer, headers: Record<string, unknown>): Misfit[] {
    return expected.headers.flatMap(({ name, type, format, required }) => {
        const value = headers[name.toLowerCase()];
        const what =
            value === undefined
                ? required
                    ? "is missing"
                    : undefined
                : misfitOf({ name, type, format }, String(value));
        return what === undefined ? [] : [{ where: `header ${name}`, what }];
    });
}

function judgeAnswerBody(schemas: Schemas, expected: Answer, answer: NonNullable<Exchange["answer"]>): Misfit[] {
    if (expected.schemaId === undefined) {
        return answer.body === "" || expected.anyBody
            ? []
            : [{ where: "body", what: "is answered where there is none" }];
    }
    if (answer.body === "" && answer.status >= 400) {
        // A refusal needs no words.
        return [];
    }
    if (!/json/i.test(String(answer.headers["content-type"] ?? ""))) {
        return [{ where: "header Content-Type", what: "does not say JSON" }];
    }
    try {
        return schemas.check(expected.schemaId, JSON.parse(answer.body)).map(inBody);
    } catch (error) {
        if (error instanceof SyntaxError) {
            return [{ where: "body", what: "is no JSON" }];
        }
        throw error;
    }
}

function inBody({ where, what }: Misfit): Misfit {
    return { where: where === "" ? "body" : `body.${where}`, what };
}

function isEmptyObject(value: unknown): boolean {
    return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

function decode(text: string): string {
    try {
        return decodeURIComponent(text);
    } catch {
        return text;
    }
}

/** One line about a violation; never with a value that was sent. */
export function words({ side, method, path, where, what }: ContractViolation): string {
    return `${method} ${path}: ${side}: ${where} ${what}`;
}
