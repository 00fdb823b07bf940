import { z } from "zod";
import { dropsPattern } from "./dropped-fields";

const pattern = z.string().refine(isRegularExpression, "expected a regular expression");

const faultShape = z.strictObject({
    service: z.enum(["databricks", "entra", "powerBi", "fabric", "databricks2"]),
    method: z.string().optional(),
    /** A regular expression over path and query; without it every path matches. */
    path: pattern.optional(),
    /** A regular expression over the request's body as text. */
    bodyMatches: pattern.optional(),
    /** Only token requests that present a secret created after this fault was put. */
    newSecretsOnly: z.boolean().optional(),
    /** How many matching requests pass untouched first. */
    skip: z.number().int().nonnegative().default(0),
    /** How many requests are hit; without it all are. */
    times: z.number().int().positive().optional(),
    /** "after": the handler's change of state happens and only the reply is replaced. */
    when: z.enum(["before", "after"]).default("before"),
    delayInMs: z.number().nonnegative().optional(),
    /** Destroys the connection instead of a reply. */
    reset: z.boolean().optional(),
    /** Kills (SIGKILL) the process group of this id, and with it who asks; the connection is destroyed. */
    killsProcessGroup: z.number().int().positive().optional(),
    /** Whether the sandbox's own requests, those of reports and of credentials that are tested, are hit too. */
    hitsPowerBi: z.boolean().default(true),
    status: z.number().int().min(100).max(599).optional(),
    /** In headers and body, `${request.body}` and `${request.authorization}` stand for what the request said. */
    headers: z.record(z.string(), z.string()).optional(),
    body: z.unknown().optional(),
    /** Leaves a field out of the genuine answer; see `withoutField`. */
    drops: z.string().regex(dropsPattern, "expected a path like /value/*/name").optional(),
});

const fault = faultShape.refine((item) => item.drops === undefined || !replacesReply(item), {
    path: ["drops"],
    error: "a field can be left out of a genuine answer only, not of one that is replaced",
});

export type Fault = z.infer<typeof fault>;
export const faultList = z.array(fault);

export interface RequestFacts {
    service: string;
    method: string;
    path: string;
    bodyText: string;
    /** The id of the Databricks secret that a token request presents. */
    presentedSecretId?: string;
    /** Whether it is a request of the sandbox's own Power BI. */
    isPowerBi: boolean;
}

interface ActiveFault {
    fault: Fault;
    /** Matching requests, skipped ones included. */
    seen: number;
    hits: number;
}

/** What is to go wrong: put as a whole by the control API, consulted by every service. */
export class FaultList {
    private active: ActiveFault[] = [];
    private secretIdsAtPut = new Set<string>();

    replace(faults: Fault[], existingSecretIds: Iterable<string>): void {
        this.active = faults.map((item) => ({ fault: item, seen: 0, hits: 0 }));
        this.secretIdsAtPut = new Set(existingSecretIds);
    }

    list(): (Fault & { hits: number; seen: number })[] {
        return this.active.map(({ fault: item, seen, hits }) => ({ ...item, seen, hits }));
    }

    /**
     * The faults that hit a request and counts them: any number that only delay or drop a field, and at most one that
     * replies or resets.
     */
    take(facts: RequestFacts): Fault[] {
        const taken: Fault[] = [];
        for (const candidate of this.active) {
            if (!this.matches(candidate.fault, facts)) {
                continue;
            }
            candidate.seen += 1;
            const { skip, times } = candidate.fault;
            if (candidate.seen <= skip || (times !== undefined && candidate.hits >= times)) {
                continue;
            }
            candidate.hits += 1;
            taken.push(candidate.fault);
            if (replacesReply(candidate.fault)) {
                break;
            }
        }
        return taken;
    }

    private matches(item: Fault, facts: RequestFacts): boolean {
        return (
            item.service === facts.service &&
            (item.hitsPowerBi || !facts.isPowerBi) &&
            (item.method === undefined || item.method.toUpperCase() === facts.method) &&
            (item.path === undefined || new RegExp(item.path).test(facts.path)) &&
            (item.bodyMatches === undefined || new RegExp(item.bodyMatches).test(facts.bodyText)) &&
            (!item.newSecretsOnly ||
                (facts.presentedSecretId !== undefined && !this.secretIdsAtPut.has(facts.presentedSecretId)))
        );
    }
}

/**
 * A fault's headers or body with what the request said in the place of its placeholders: services do repeat in an error
 * what they were given.
 */
export function echo<T>(value: T, request: { bodyText: string; headers: { authorization?: string } }): T {
    const said: Record<string, string> = { body: request.bodyText, authorization: request.headers.authorization ?? "" };
    const fill = (text: string) =>
        text.replace(/\$\{request\.(body|authorization)\}/g, (_, name: string) => said[name]);
    const walk = (item: unknown): unknown => {
        if (typeof item === "string") {
            return fill(item);
        }
        if (Array.isArray(item)) {
            return item.map(walk);
        }
        return item !== null && typeof item === "object"
            ? Object.fromEntries(Object.entries(item).map(([key, inner]) => [key, walk(inner)]))
            : item;
    };
    return walk(value) as T;
}

/** Whether a fault puts something else in the place of the genuine answer. */
export function replacesReply(item: z.output<typeof faultShape>): boolean {
    return (
        item.reset === true ||
        item.killsProcessGroup !== undefined ||
        item.status !== undefined ||
        item.body !== undefined
    );
}

function isRegularExpression(text: string): boolean {
    try {
        new RegExp(text);
        return true;
    } catch {
        return false;
    }
}
