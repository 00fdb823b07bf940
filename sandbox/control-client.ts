import axios, { AxiosError, AxiosInstance } from "axios";
import { changesBetween } from "./control/json-patch";
import { connectorAgent } from "./http/connector-agent";

/** A request that a service of the sandbox answered. */
export interface LoggedRequest {
    time: string;
    service: "databricks" | "entra" | "powerBi" | "fabric" | "databricks2";
    method: string;
    path: string;
    /** 0 for a connection that was reset. */
    status: number;
    caller: string;
    userAgent: string;
}

/** A promise that did not hold after a request. */
export interface Violation {
    invariant: string;
    words: string;
    request: LoggedRequest;
}

/** What a report got. */
export type QueryResult = { ok: true; rows: unknown[] } | { ok: false; error: { code: string; message: string } };

/** Speaks with the control API of a sandbox: what demo and tests see and change behind the services' backs. */
// The world is whatever its schema says, and callers reach deep into it.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export class ControlClient<World = any> {
    private readonly http: AxiosInstance;

    constructor(address: string) {
        this.http = axios.create({ baseURL: address });
        this.http.interceptors.response.use(undefined, (error: AxiosError) => Promise.reject(asPlainError(error)));
    }

    /** The world as it is, secrets included. */
    async world(): Promise<World> {
        return (await this.http.get("/world")).data;
    }

    /**
     * Changes the world: what somebody does by hand in a service. Requests and reports may go on: only what differs is
     * sent, and where it was changed meanwhile the edit is made again.
     */
    async edit(change: (world: World) => void): Promise<void> {
        for (let status = 409; status === 409;) {
            const before = await this.world();
            const after = structuredClone(before);
            change(after);
            const validateStatus = (answered: number) => answered === 409 || (answered >= 200 && answered < 300);
            ({ status } = await this.http.patch("/world", changesBetween(before, after), { validateStatus }));
        }
    }

    /** Puts a world back that was taken out. */
    async restore(world: World): Promise<void> {
        await this.http.put("/world", world);
    }

    /** Every secret value that the sandbox ever issued or held. */
    async issuedValues(): Promise<string[]> {
        return (await this.http.get("/issued-values")).data;
    }

    /** The requests since the last `forgetRequests`, in the order of their answers, without the sandbox's own. */
    async requests(): Promise<LoggedRequest[]> {
        const all: LoggedRequest[] = (await this.http.get("/requests")).data;
        return all.filter((request) => request.userAgent !== connectorAgent);
    }

    async forgetRequests(): Promise<void> {
        await this.http.delete("/requests");
    }

    /**
     * Begins to watch the invariants.
     *
     * @param others the world as others left it, before the stack was there; default as it is now.
     */
    async watchInvariants(others?: World): Promise<void> {
        await this.http.post("/invariants", { others });
    }

    /** What has not held since `watchInvariants`, with the request after which it did not. */
    async violations(): Promise<Violation[]> {
        return (await this.http.get("/invariants")).data.violations;
    }

    /** What others have lost since `watchInvariants`, which counts once a run is over: schedules, gateways' mappings (I8). */
    async violationsAtEnd(): Promise<string[]> {
        return (await this.http.get("/invariants/at-end")).data;
    }

    /** The reports that were opened since `watchInvariants`. */
    async reports(): Promise<{ opened: number; failed: number }> {
        return (await this.http.get("/invariants")).data.reports;
    }

    /** Replaces all faults. */
    async faults(faults: object[]): Promise<void> {
        await this.http.put("/faults", faults);
    }

    /** The faults, with how many requests each has hit. */
    async listFaults(): Promise<{ hits: number }[]> {
        return (await this.http.get("/faults")).data;
    }

    /** Moves the sandbox's clock forward. */
    async advanceClock(seconds: number): Promise<void> {
        await this.http.post("/clock", { advanceInSeconds: seconds });
    }

    /** Does what a report does: reads through the dataset's datasource with the credential stored there. */
    async query(workspaceId: string, datasetId: string): Promise<QueryResult> {
        return (await this.http.post("/query", { workspaceId, datasetId })).data;
    }
}

/**
 * An error without the request that it comes from: that holds Node.js' own modules, and mocha, which takes the functions
 * out of an error before it passes it on from one of its processes, would take them out of those.
 */
function asPlainError({ message, config, response }: AxiosError): Error {
    const { method = "get", url = "" } = config ?? {};
    return new Error(
        `control API: ${method.toUpperCase()} ${url}: ${message}. ${JSON.stringify(response?.data ?? "")}`,
    );
}

/** Whether a request changed something: logins and queries do not. */
export function isMutation(request: LoggedRequest): boolean {
    const harmless =
        /\/oauth2\/v2\.0\/token|\/oidc\/v1\/token|\/api\/2\.0\/sql\/statements|\/getInfo\?|\/testConnection$/;
    return request.method !== "GET" && !harmless.test(request.path);
}
