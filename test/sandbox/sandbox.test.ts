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

    it("adds to an access control list with PATCH and replaces it with PUT, under both spellings of the path", async () => {
        const entry = { service_principal_name: "app", permission_level: "CAN_USE" };
        const body = { access_control_list: [entry] };
        const paths = ["sql/warehouses", "warehouses"].map((part) => `/api/2.0/permissions/${part}/44ff20e73e461e56`);
        assert.equal((await databricks.patch(paths[1], body)).data.access_control_list.length, 5);
        assert.equal((await databricks.get(paths[0])).data.access_control_list.length, 5);
        const refused = await databricks.put(paths[0], body);
        assert.match(refused.data.message, /with no existing owner must provide a new owner/);
        const owner = { user_name: "x@example.com", permission_level: "IS_OWNER" };
        const replaced = await databricks.put(paths[0], { access_control_list: [entry, owner] });
        assert.equal(replaced.data.access_control_list.length, 2);
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
