import { LoggedRequest } from "../../sandbox/control-client";

/** What can go wrong with one request. */
export type FaultKind =
    | "429 with Retry-After"
    | "500"
    | "503"
    | "403"
    | "404"
    | "reset before commit"
    | "reset after commit"
    | "reply lost after commit"
    | "slow beyond the timeout"
    | "HTML 200"
    | "empty list"
    | "no elements"
    | "kill -9 before commit"
    | "kill -9 after commit";

/** How long the program and its provider wait for an answer in the matrix, in seconds. */
export const timeoutInSeconds = 2;

/** Longer than five times the timeout: requests that test a credential are waited for that long. */
export const beyondTheTimeoutInMs = (timeoutInSeconds * 5 + 1) * 1000;

const html = {
    status: 200,
    headers: { "content-type": "text/html; charset=utf-8" },
    body: "<html><body>Sign in to continue</body></html>",
};
const refused = (status: number) => ({
    status,
    body: { error_code: "INJECTED", message: "injected by the fault matrix", error: { code: "Injected" } },
});

/** The faults as the sandbox plays them. A kill needs the process group, which is known once the command runs. */
export const faultKinds: Record<FaultKind, object> = {
    "429 with Retry-After": { ...refused(429), headers: { "retry-after": "1" } },
    "500": refused(500),
    "503": refused(503),
    "403": refused(403),
    "404": refused(404),
    "reset before commit": { reset: true },
    "reset after commit": { reset: true, when: "after" },
    "reply lost after commit": { ...refused(504), when: "after" },
    "slow beyond the timeout": { delayInMs: beyondTheTimeoutInMs },
    "HTML 200": html,
    "empty list": { status: 200, body: {} },
    "no elements": { status: 200, body: { value: [] } },
    "kill -9 before commit": {},
    "kill -9 after commit": { when: "after" },
};

/**
 * The faults that make a difference for a request: one that changes nothing has no commit to be before or after, and only
 * such a one answers with a list. Microsoft's lists are in `value`.
 */
export function faultsFor({ service, method }: Pick<LoggedRequest, "service" | "method">): FaultKind[] {
    const all = Object.keys(faultKinds) as FaultKind[];
    if (method !== "GET") {
        return all.filter((kind) => kind !== "empty list" && kind !== "no elements");
    }
    const isMicrosofts = service === "powerBi" || service === "fabric";
    return all.filter((kind) => !kind.endsWith("after commit") && (kind !== "no elements" || isMicrosofts));
}
