import assert from "node:assert/strict";
import * as http from "node:http";
import { RunningSandbox, startSandbox } from "../../sandbox";

describe("the sandbox's door", () => {
    let sandbox: RunningSandbox;
    beforeEach(async () => {
        sandbox = await startSandbox();
    });
    afterEach(() => sandbox.close());

    /** What a request gets that says these headers; axios would not let a `Host` through. */
    function ask(address: string, headers: http.OutgoingHttpHeaders, method = "GET"): Promise<[number, string]> {
        return new Promise((resolve, reject) => {
            const request = http.request(address, { method, headers }, (answer) => {
                let body = "";
                answer.on("data", (part) => (body += part));
                answer.on("end", () => resolve([answer.statusCode!, body]));
            });
            request.on("error", reject).end();
        });
    }

    const paths = {
        databricks: "/.well-known/databricks-config",
        databricks2: "/.well-known/databricks-config",
        entra: "/common/discovery/instance",
        powerBi: "/v1.0/myorg/groups",
        fabric: "/v1/connections",
        control: "/world",
    } as const;

    for (const [service, path] of Object.entries(paths) as [keyof typeof paths, string][]) {
        it(`is open to the names of loopback only: ${service}`, async () => {
            const address = sandbox.urls[service] + path;
            const { port } = new URL(address);
            for (const host of [`127.0.0.1:${port}`, "localhost", "LOCALHOST:1", `[::1]:${port}`]) {
                assert.notEqual((await ask(address, { host }))[0], 421, host);
            }
            const foreign = [
                "example.org",
                `example.org:${port}`,
                `127.0.0.1.example.org:${port}`,
                "localhost.example.org",
            ];
            for (const host of [...foreign, "10.0.0.1", "0.0.0.0", "127.0.0.1:port", "127.0.0.1@example.org"]) {
                const [status, body] = await ask(address, { host });
                assert.equal(status, 421, host);
                assert.match(body, /loopback only/);
            }
        });
    }

    it("keeps the control API from web pages of elsewhere, for reading and writing", async () => {
        const address = `${sandbox.urls.control}/world`;
        const own = sandbox.urls.control;
        assert.equal((await ask(address, { origin: own }))[0], 200);
        const elsewhere = ["https://example.org", "http://localhost:3000", own.replace("http:", "https:"), "null", ""];
        for (const origin of elsewhere) {
            for (const method of ["GET", "PUT", "OPTIONS"]) {
                const [status, body] = await ask(address, { origin }, method);
                assert.equal(status, 403, `${method} ${origin}`);
                assert.doesNotMatch(body, /sandbox-sp2-secret|"databricks"/);
            }
        }
    });
});
