import axios, { AxiosError, AxiosInstance, AxiosRequestConfig } from "axios";
import axiosRetry from "axios-retry";
import PQueue from "p-queue";
import { isRefusal, ServiceError, toServiceError } from "./service-error";

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
export interface HttpAnswer<T> {
    status: number;
    headers: Record<string, unknown>;
    data: T;
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
     * Makes a request and answers its JSON body.
     *
     * @throws ServiceError
     */
    async request<T>(request: HttpRequest): Promise<T> {
        return (await this.exchange<T>(request)).data;
    }

    /**
     * Makes a request and answers status, headers and JSON body, for where the body is not all that counts.
     *
     * @throws ServiceError
     */
    async exchange<T>(request: HttpRequest): Promise<HttpAnswer<T>> {
        return (await this.queue.add(() => this.send<T>(request))) as HttpAnswer<T>;
    }

    private async send<T>(request: HttpRequest): Promise<HttpAnswer<T>> {
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
        try {
            const answer = await this.http.request<T>(config);
            if (/html/.test(String(answer.headers["content-type"]))) {
                throw this.webPage(request, answer.status);
            }
            return { status: answer.status, headers: answer.headers, data: answer.data };
        } catch (error) {
            throw axios.isAxiosError(error) ? this.explain(error, request) : error;
        }
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

    private webPage(request: HttpRequest, status: number): ServiceError {
        return new ServiceError({
            service: this.options.service,
            method: request.method,
            path: request.path,
            status,
            reason: "a web page came back instead of JSON; a proxy or a login page may stand in between",
        });
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
