import assert from "node:assert/strict";
import axios from "axios";
import { estateWorldFile, RunningSandbox, startSandbox } from "../../sandbox";
import { ControlClient } from "../../sandbox/control-client";

const admin = { headers: { Authorization: "Bearer dapi-sandbox-deployer" }, validateStatus: () => true };

describe("the sandbox's record of secrets", () => {
    let sandbox: RunningSandbox;
    let control: ControlClient;
    beforeEach(async () => {
        sandbox = await startSandbox({ world: estateWorldFile });
        control = new ControlClient(sandbox.urls.control);
    });
    afterEach(() => sandbox.close());

    it("holds what the world came with: tokens, secrets, stored credentials and the gateways' keys", async () => {
        const values = await control.issuedValues();
        for (const value of ["dapi-sandbox-deployer", "sandbox-sp2-secret", "ci-sandbox-token"]) {
            assert.ok(values.includes(value), value);
        }
        const { powerBi } = await control.world();
        const keys = powerBi.gateways.flatMap(({ members }: { members: { privateKey: string }[] }) =>
            members.map(({ privateKey }) => privateKey),
        );
        assert.ok(keys.length > 0 && keys.every((key: string) => values.includes(key)));
    });

    it("keeps what was issued after it is gone: secrets, tokens, and what was stored in a scope", async () => {
        const { databricks } = sandbox.urls;
        const [principal] = (await control.world()).databricks.servicePrincipals;
        const path = `/api/2.0/accounts/servicePrincipals/${principal.id}/credentials/secrets`;
        const { id, secret } = (await axios.post(databricks + path, {}, admin)).data;
        const auth = { username: principal.applicationId, password: secret };
        const form = "grant_type=client_credentials&scope=all-apis";
        const login = await axios.post(`${databricks}/oidc/v1/token`, form, { auth });
        await axios.post(`${databricks}/api/2.0/secrets/scopes/create`, { scope: "s" }, admin);
        const entry = { scope: "s", key: "k", string_value: "kept-in-a-scope" };
        await axios.post(`${databricks}/api/2.0/secrets/put`, entry, admin);
        await control.edit((world) => {
            world.databricks.scopes = [];
        });
        await axios.delete(`${databricks}${path}/${id}`, admin);
        const values = await control.issuedValues();
        assert.ok([secret, login.data.access_token, "kept-in-a-scope"].every((value) => values.includes(value)));
    });

    it("has no ids in it, which may be shown", async () => {
        assert.deepEqual(
            (await control.issuedValues()).filter((value) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)),
            [],
        );
    });

    it("goes with faults that repeat what the request said, in body and headers, before and after the change", async () => {
        for (const when of ["before", "after"]) {
            await control.faults([
                {
                    service: "databricks",
                    path: "/secrets/list",
                    when,
                    status: 400,
                    headers: { "x-request-id": "${request.authorization}" },
                    body: { message: ["said: ${request.authorization}"] },
                },
            ]);
            const answer = await axios.get(`${sandbox.urls.databricks}/api/2.0/secrets/list?scope=s`, admin);
            assert.equal(answer.headers["x-request-id"], "Bearer dapi-sandbox-deployer");
            assert.deepEqual(answer.data, { message: ["said: Bearer dapi-sandbox-deployer"] });
        }
    });
});
