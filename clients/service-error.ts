import { AxiosError, AxiosResponse } from "axios";
import { oneLine, redact, redactAll } from "./redaction";
import { UserError } from "./user-error";

/** What is known of a request that a service refused or did not answer. */
export interface ServiceErrorDetails {
    /** The service as its users call it, e.g. `Power BI`. */
    service: string;
    method: string;
    /** The path without its query. */
    path: string;
    /** The HTTP status; absent when no answer came. */
    status?: number;
    /** The service's own error code, e.g. `PowerBINotAuthorizedException`. */
    code?: string;
    /** The service's own words. */
    reason?: string;
    /** The id under which the service's support finds the request. */
    requestId?: string;
    /** Whether an earlier attempt may have been carried out: its answer was lost, say. */
    mayBeDone?: boolean;
}

/**
 * A request that failed. Its message carries method, path, status, the service's code and request id, and never a header
 * or a body: those may hold a secret.
 */
export class ServiceError extends UserError {
    readonly details: ServiceErrorDetails;

    constructor(details: ServiceErrorDetails) {
        super(describe(details));
        this.name = "ServiceError";
        this.details = details;
    }
}

/**
 * Whether a service said that it did not carry out a request, at each attempt: any other error leaves that open. A last
 * refusal says nothing of an attempt before it whose answer was lost.
 */
export function wasRefused(error: unknown): boolean {
    return error instanceof ServiceError && isRefusal(error.details.status) && !error.details.mayBeDone;
}

/** Whether a status says that the request was not carried out. */
export function isRefusal(status: number | undefined): boolean {
    return status !== undefined && status >= 400 && status < 500 && status !== 408;
}

/** Whether an error is a service's answer with one of these statuses. */
export function hasStatus(error: unknown, ...statuses: number[]): boolean {
    return (
        error instanceof ServiceError && error.details.status !== undefined && statuses.includes(error.details.status)
    );
}

/**
 * Turns what axios throws into a ServiceError.
 *
 * @param sensitive values that the request carried and that no part of the error may repeat; its headers are looked at.
 * @param mayBeDone whether an earlier attempt may have been carried out.
 */
export function toServiceError(
    service: string,
    error: AxiosError,
    sensitive: string[] = [],
    mayBeDone = false,
): ServiceError {
    const answer = error.response;
    const secrets = [...sensitive, ...secretsOf(error.config?.headers?.Authorization)];
    // Before anything is cut: the rest of a value would not be known as one.
    const said = answer ? readErrorBody(redactAll(answer.data, secrets)) : { reason: noAnswer(error) };
    return new ServiceError({
        service,
        method: (error.config?.method ?? "get").toUpperCase(),
        path: pathOf(error.config?.baseURL, error.config?.url),
        status: answer?.status,
        code: said.code && oneLine(said.code),
        reason: said.reason && oneLine(said.reason),
        requestId: answer && requestIdOf(answer, secrets),
        mayBeDone,
    });
}

/**
 * Reads code and words out of the error bodies that Power BI, Fabric, Entra, Databricks and SCIM use. Anything else, an
 * HTML page for instance, is not repeated.
 */
export function readErrorBody(body: unknown): { code?: string; reason?: string } {
    if (typeof body !== "object" || body === null) {
        return {};
    }
    const fields = body as Record<string, unknown>;
    if (typeof fields.error === "object" && fields.error !== null) {
        return readPowerBiError(fields.error as Record<string, unknown>);
    }
    return {
        code: firstText(fields.error_code, fields.errorCode, fields.error),
        reason: firstText(fields.message, fields.Message, fields.detail, firstLine(fields.error_description)),
    };
}

function readPowerBiError(error: Record<string, unknown>): { code?: string; reason?: string } {
    const inner = (error["pbi.error"] ?? {}) as { details?: { code?: string; detail?: { value?: string } }[] };
    const underlying = inner.details?.find((detail) => detail.code?.endsWith("UnderlyingErrorMessage"));
    return { code: firstText(error.code), reason: firstText(error.message, underlying?.detail?.value) };
}

function describe(details: ServiceErrorDetails): string {
    const answer = details.status === undefined ? "got no answer" : `answered ${details.status}`;
    const code = details.code ? ` ${details.code}` : "";
    const reason = details.reason ? `: ${details.reason.replace(/\.$/, "")}` : "";
    const id = details.requestId ? ` (request id ${details.requestId})` : "";
    return `${details.service}: ${details.method} ${details.path} ${answer}${code}${reason}${id}.`;
}

function noAnswer(error: AxiosError): string {
    if (error.code === "ECONNABORTED" || error.code === "ETIMEDOUT") {
        return `no answer within ${(error.config?.timeout ?? 0) / 1000} s`;
    }
    return error.code ?? "the connection failed";
}

/** The id of a request, by which a service's support finds it; without secrets, should it hold one. */
export function requestIdOf({ headers }: Pick<AxiosResponse, "headers">, secrets: string[]): string | undefined {
    const names = ["requestid", "x-ms-request-id", "x-request-id", "x-databricks-request-id"];
    const id = names.map((name) => headers[name] as unknown).find((value) => typeof value === "string" && value !== "");
    return id === undefined ? undefined : oneLine(redact(id as string, secrets));
}

/** The path of an address, without its query. */
export function pathOf(base = "", url = ""): string {
    return new URL(/^https?:/.test(url) ? url : base + url, "http://none").pathname;
}

/** The secrets in an `Authorization` header: the token, or what stands behind `id:` in base64. */
export function secretsOf(header: unknown): string[] {
    const [scheme, value = ""] = typeof header === "string" ? header.split(" ") : [];
    const password =
        scheme === "Basic"
            ? Buffer.from(value, "base64")
                  .toString("utf8")
                  .replace(/^[^:]*:/, "")
            : "";
    return [value, password];
}

function firstText(...values: unknown[]): string | undefined {
    return values.find((value): value is string => typeof value === "string" && value !== "");
}

function firstLine(value: unknown): string | undefined {
    return typeof value === "string" ? value.split(/\r?\n/)[0] : undefined;
}
