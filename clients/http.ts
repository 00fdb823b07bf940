import axios, { AxiosError, AxiosInstance, AxiosRequestConfig, AxiosResponse } from "axios";
import axiosRetry from "axios-retry";
import PQueue from "p-queue";
import { z } from "zod";
import { isRefusal, pathOf, requestIdOf, secretsOf, ServiceError, toServiceError } from "./service-error";
import { AnsweredRequest, demandAnswer, UnexpectedAnswer } from "./unexpected-answer";

/** How requests to one service are made. Every client uses this policy and no other. */
export interface HttpOptions {
    /** The service as its users call it; it begins every error. */
    service: string;
    /** The address that paths are appended to. */
    baseUrl: string;
    /** Gives the value of the `Authorization` header; absent for requests that carry their own. */
    authorization?: () => Promise<string>;
    /** How long an answer may take. Default 60 000. */
    timeoutInMs?: number;
    /** How many requests may be under way at once. Default 6. */
    concurrency?: number;
    /** How many requests may be started a minute. Default 600. */
    requestsPerMinute?: number;
    /** How often a request is repeated. Default 5. */
    maxRetries?: number;
    /** The pause before the first repetition, doubled for each further one, with jitter. Default 500. */
    retryDelayInMs?: number;
    /** The longest pause that a `Retry-After` is granted; above it the request fails and says so. Default 60 000. */
    maxRetryAfterInMs?: number;
}

/** What of it users may choose. */
export type Pace = Pick<HttpOptions, "timeoutInMs" | "requestsPerMinute">;

/** One request. */
export interface HttpRequest {
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
    path: string;
    query?: Record<string, string | number>;
    body?: unknown;
    headers?: Record<string, string>;
    /** How many times the usual timeout this request may take. Default 1. */
    patience?: number;
    /**
     * Whether doing it twice is the same as doing it once, so that it may be repeated after an answer that leaves open
     * whether it was carried out. Default: all but POST.
     */
    repeatable?: boolean;
    /** Values in the request that no error may repeat. */
    sensitive?: string[];
}

/** What a service answered. */
export interface HttpAnswer {
    status: number;
    headers: Record<string, unknown>;
    /**
     * The JSON body, if it is what is expected.
     *
     * @throws UnexpectedAnswer
     */
    read<T>(schema: z.ZodType<T>): T;
}

const defaults = {
    concurrency: 6,
    requestsPerMinute: 600,
    maxRetries: 5,
    retryDelayInMs: 500,
    maxRetryDelayInMs: 20_000,
    maxRetryAfterInMs: 60_000,
    timeoutInMs: 60_000,
};

/** Speaks HTTP with one service: a timeout on everything, retries for what is safe to repeat, a rate limit. */
export class HttpClient {
    private readonly http: AxiosInstance;
    private readonly queue: PQueue;

    constructor(private readonly options: HttpOptions) {
        this.queue = new PQueue({
            concurrency: options.concurrency ?? defaults.concurrency,
            interval: 60_000,
            intervalCap: options.requestsPerMinute ?? defaults.requestsPerMinute,
        });
        // The login goes to this service only, wherever an answer or an id points.
        this.http = axios.create({ baseURL: options.baseUrl, maxRedirects: 0, allowAbsoluteUrls: false });
        axiosRetry(this.http, {
            retries: options.maxRetries ?? defaults.maxRetries,
            shouldResetTimeout: true,
            retryCondition: (error) => this.mayRepeat(error),
            retryDelay: (count, error) => retryAfterInMs(error) ?? this.backoffInMs(count),
        });
    }

    /**
     * Makes a request and answers its JSON body, if it is what is expected.
     *
     * @param schema what the program uses of it.
     * @throws ServiceError
     * @throws UnexpectedAnswer
     */
    async request<T>(request: HttpRequest, schema: z.ZodType<T>): Promise<T> {
        return (await this.exchange(request)).read(schema);
    }

    /**
     * Makes a request and answers status, headers and JSON body, for where the body is not all that counts.
     *
     * @throws ServiceError
     * @throws UnexpectedAnswer for a web page.
     */
    async exchange(request: HttpRequest): Promise<HttpAnswer> {
        return (await this.queue.add(() => this.send(request))) as HttpAnswer;
    }

    private async send(request: HttpRequest): Promise<HttpAnswer> {
        const authorization = await this.options.authorization?.();
        const config: RepeatableConfig = {
            method: request.method,
            url: request.path,
            params: request.query,
            data: request.body,
            headers: { ...(authorization ? { Authorization: authorization } : {}), ...request.headers },
            timeout: (request.patience ?? 1) * (this.options.timeoutInMs ?? defaults.timeoutInMs),
            repeatable: request.repeatable ?? request.method !== "POST",
        };
        let answer: AxiosResponse<unknown>;
        try {
            answer = await this.http.request<unknown>(config);
        } catch (error) {
            throw axios.isAxiosError(error) ? this.explain(error, request) : error;
        }
        const { status, headers, data } = answer;
        const sent = config.headers!.Authorization;
        const answered: AnsweredRequest = {
            service: this.options.service,
            method: request.method,
            path: pathOf(this.options.baseUrl, request.path),
            status,
            requestId: requestIdOf(answer, [...(request.sensitive ?? []), ...secretsOf(sent)]),
        };
        if (/html/.test(String(headers["content-type"]))) {
            const problem = "is a web page; expected JSON. A proxy or a login page may stand in between";
            throw new UnexpectedAnswer(answered, "", problem);
        }
        return { status, headers, read: (schema) => demandAnswer(answered, schema, data) };
    }

    private mayRepeat(error: AxiosError): boolean {
        const status = error.response?.status;
        if (error.config && !isRefusal(status)) {
            (error.config as RepeatableConfig).mayBeDone = true;
        }
        if ((retryAfterInMs(error) ?? 0) > this.maxRetryAfterInMs) {
            return false;
        }
        // A refused request was not carried out, whatever it was.
        if (status === 429) {
            return true;
        }
        const repeatable = (error.config as RepeatableConfig | undefined)?.repeatable ?? false;
        return repeatable && (status === undefined || [408, 500, 502, 503, 504].includes(status));
    }

    private explain(error: AxiosError, request: HttpRequest): ServiceError {
        const { mayBeDone } = (error.config ?? {}) as RepeatableConfig;
        const explained = toServiceError(this.options.service, error, request.sensitive, mayBeDone);
        const wait = retryAfterInMs(error);
        if (wait !== undefined && wait > this.maxRetryAfterInMs) {
            const reason =
                `it asks to wait ${Math.round(wait / 1000)} s, longer than the ${this.maxRetryAfterInMs / 1000} s that a ` +
                "run waits; run the same command again after that, it goes on where this one stopped";
            return new ServiceError({ ...explained.details, reason });
        }
        return explained;
    }

    private backoffInMs(count: number): number {
        const base = this.options.retryDelayInMs ?? defaults.retryDelayInMs;
        const longest = Math.min(base * 2 ** (count - 1), defaults.maxRetryDelayInMs);
        return longest / 2 + Math.random() * (longest / 2);
    }

    private get maxRetryAfterInMs(): number {
        return this.options.maxRetryAfterInMs ?? defaults.maxRetryAfterInMs;
    }
}

interface RepeatableConfig extends AxiosRequestConfig {
    repeatable?: boolean;
    /** Whether an earlier attempt ended without an answer that says that it was not carried out. */
    mayBeDone?: boolean;
}

function retryAfterInMs(error: AxiosError): number | undefined {
    const value = error.response?.headers["retry-after"] as string | undefined;
    if (!value) {
        return undefined;
    }
    const seconds = Number(value);
    const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - Date.now();
    return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}
