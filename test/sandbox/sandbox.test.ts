import assert from "node:assert/strict";
import { ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as readline from "node:readline";
import axios, { AxiosInstance } from "axios";
import { projectRoot } from "../../engine/home";
import { RunningSandbox, startSandbox } from "../../sandbox";
import { ControlClient } from "../../sandbox/control-client";
import { wrongOnPurpose } from "../hooks/wrong-on-purpose";

const workspaceId = "90000000-0000-4000-8000-0000000000a1";
const datasetId = "d0000000-0000-4000-8000-0000000000a1";

describe("the sandbox", () => {
    let sandbox: RunningSandbox;
    let control: ControlClient;
    let databricks: AxiosInstance;
    beforeEach(async () => {
        sandbox = await startSandbox();
        control = new ControlClient(sandbox.urls.control);
        databricks = axios.create({
            baseURL: sandbox.urls.databricks,
            headers: { Authorization: "Bearer dapi-sandbox-deployer" },
            validateStatus: () => true,
        });
    });
    afterEach(() => sandbox.close());

    it("uses the stored credential for a report: without its secret the report fails", async () => {
        assert.equal((await control.query(workspaceId, datasetId)).ok, true);
        await control.edit((world) => {
            world.databricks.servicePrincipals[0].secrets = [];
        });
        const result = await control.query(workspaceId, datasetId);
        assert.equal(!result.ok && result.error.code, "DM_GWPipeline_Gateway_InvalidConnectionCredentials");
    });

    it("refuses an expired secret by its own clock", async () => {
        await control.edit((world) => {
            const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
            world.databricks.servicePrincipals[0].secrets[0].expireTime = inAnHour;
        });
        assert.equal((await control.query(workspaceId, datasetId)).ok, true);
        await control.advanceClock(7200);
        assert.equal((await control.query(workspaceId, datasetId)).ok, false);
    });

    it("gives a service principal five secrets and no more", async () => {
        const path = "/api/2.0/accounts/servicePrincipals/4000000000000001/credentials/secrets";
        for (let count = 2; count <= 5; count += 1) {
            assert.equal((await databricks.post(path, {})).status, 200);
        }
        const refused = await databricks.post(path, {});
        assert.equal(refused.status, 400);
        assert.equal(refused.data.error_code, "INVALID_PARAMETER_VALUE");
        assert.equal((await databricks.get(path)).data.secrets.length, 5);
    });

    it("answers unknown routes with 404 in the service's shape, and lists them in the log", async () => {
        const bases = [sandbox.urls.databricks, `${sandbox.urls.powerBi}/v1.0/myorg`, `${sandbox.urls.fabric}/v1`];
        const answers = await wrongOnPurpose(() =>
            Promise.all(bases.map((base) => axios.get(`${base}/nowhere`, { validateStatus: () => true }))),
        );
        assert.deepEqual(
            answers.map(({ status, data }) => [status, data.error_code ?? data.error?.code ?? data.errorCode]),
            [
                [404, "ENDPOINT_NOT_FOUND"],
                [404, "PowerBIEntityNotFound"],
                [404, "EntityNotFound"],
            ],
        );
        const logged = (await control.requests()).filter((request) => request.path.endsWith("/nowhere"));
        assert.equal(logged.length, 3);
    });

    it("plays faults before or after the change, as often as asked, and counts requests that it reset", async () => {
        const path = "/api/2.0/accounts/servicePrincipals/4000000000000001/credentials/secrets";
        const fault = { service: "databricks", method: "POST", path: "/credentials/secrets$", times: 1 };
        const count = async () => (await databricks.get(path)).data.secrets.length;
        await control.faults([{ ...fault, status: 500 }]);
        assert.equal((await databricks.post(path, {})).status, 500);
        assert.equal(await count(), 1);
        await control.faults([{ ...fault, when: "after", status: 503 }]);
        assert.equal((await databricks.post(path, {})).status, 503);
        assert.equal(await count(), 2);
        await control.faults([{ ...fault, reset: true }]);
        await assert.rejects(databricks.post(path, {}));
        assert.equal(await count(), 2);
        assert.ok((await control.requests()).some((request) => request.status === 0));
    });

    it("drops a field from a genuine answer, of one element or of all, and nothing else of it", async () => {
        const path = "/api/2.0/sql/warehouses";
        const { warehouses } = (await databricks.get(path)).data;
        assert.ok(warehouses.length > 1);
        const answer = async (...drops: string[]) => {
            await control.faults(drops.map((field) => ({ service: "databricks", path, drops: field })));
            return (await databricks.get(path)).data;
        };
        const withoutName = warehouses.map(({ name: _, ...rest }: { name: string }) => rest);
        assert.deepEqual(await answer("/warehouses/*/name"), { warehouses: withoutName });
        assert.deepEqual(await answer("/warehouses/1/name"), { warehouses: [warehouses[0], withoutName[1]] });
        assert.deepEqual(await answer("/warehouses/0"), { warehouses: [warehouses[1]] });
        const all = (await answer("/warehouses/*/odbc_params/path", "/warehouses/*/name")).warehouses;
        assert.ok(all.every((one: { odbc_params: object }) => !("path" in one.odbc_params) && !("name" in one)));
        assert.deepEqual(await answer("/warehouses"), {});
        assert.deepEqual(await answer("/nothing/*/of/that"), { warehouses });
        assert.deepEqual(
            (await control.listFaults()).map(({ hits }) => hits),
            [1],
        );
    });

    it("drops fields from genuine answers only, and refuses a path that is none", async () => {
        for (const drops of ["warehouses", "/warehouses/", ""]) {
            await assert.rejects(control.faults([{ service: "databricks", drops }]), /400/);
        }
        for (const other of [{ status: 200 }, { body: {} }, { reset: true }]) {
            await assert.rejects(control.faults([{ service: "databricks", drops: "/warehouses", ...other }]), /400/);
        }
        await control.faults([{ service: "databricks", drops: "/message" }]);
        const refused = await wrongOnPurpose(() => databricks.get("/api/2.0/nowhere"));
        assert.equal(refused.status, 404);
        assert.ok(refused.data.message, "an error is said in full");
    });

    it("takes its world out and back in unchanged, and refuses one that is none", async () => {
        const before = await control.world();
        await control.edit(() => {});
        assert.deepEqual(await control.world(), before);
        const refused = await axios.put(
            `${sandbox.urls.control}/world`,
            { databrick: {} },
            { validateStatus: () => true },
        );
        assert.equal(refused.status, 400);
        assert.match(refused.data.message, /not a valid world: .*databrick/);
    });
});

describe("npm run sandbox", () => {
    let child: ChildProcessWithoutNullStreams | undefined;
    const run = (...args: string[]) => {
        const command = ["-r", "ts-node/register/transpile-only", "sandbox/main.ts", ...args];
        child = spawn(process.execPath, command, { cwd: projectRoot });
        return child;
    };
    // One that outlives a failed test would keep the test runner waiting.
    afterEach(() => child?.kill("SIGKILL"));

    it("prints one line of addresses once it listens, and ends with a signal", async () => {
        const sandbox = run("--port", "0");
        const [line] = await new Promise<string[]>((resolve) =>
            readline.createInterface({ input: sandbox.stdout }).once("line", (text) => resolve([text])),
        );
        const urls = JSON.parse(line);
        assert.deepEqual(Object.keys(urls), ["databricks", "entra", "powerBi", "fabric", "control", "databricks2"]);
        assert.equal((await axios.get(`${urls.control}/world`)).status, 200);
        sandbox.kill("SIGTERM");
        assert.equal(await new Promise((resolve) => sandbox.once("exit", resolve)), 0);
    });

    it("names the file and the place of what is wrong with a world", async () => {
        const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "world-")), "world.json");
        fs.writeFileSync(file, JSON.stringify({ databricks: { warehouses: [{ name: "x" }] } }));
        const sandbox = run("--port", "0", "--world", file);
        let errors = "";
        sandbox.stderr.on("data", (chunk) => (errors += chunk));
        assert.equal(await new Promise((resolve) => sandbox.once("close", resolve)), 1);
        assert.match(errors, /world\.json is not a valid world: databricks\.warehouses\[0\]\.id/);
    });
});
