import assert from "node:assert/strict";
import axios from "axios";
import { estateWorldFile, RunningSandbox, startSandbox } from "../../sandbox";
import { ControlClient } from "../../sandbox/control-client";

const tenantId = "7e4a47aa-0000-4000-8000-000000000001";
const clientId = "c11e47aa-0000-4000-8000-000000000002";
const exchange = "urn:ietf:params:oauth:grant-type:token-exchange";

describe("the sandbox's logins", () => {
    let sandbox: RunningSandbox;
    let control: ControlClient;
    beforeEach(async () => {
        sandbox = await startSandbox({ world: estateWorldFile });
        control = new ControlClient(sandbox.urls.control);
    });
    afterEach(() => sandbox.close());

    const post = (url: string, form: Record<string, string>) =>
        axios.post(url, new URLSearchParams(form).toString(), { validateStatus: () => true });
    const jobToken = async (audience: string) =>
        (
            await axios.get(`${sandbox.urls.control}/ci/github/token`, {
                params: { audience },
                headers: { Authorization: "Bearer ci-sandbox-token" },
            })
        ).data.value;
    const assertion = (client_assertion: string) =>
        post(`${sandbox.urls.entra}/${tenantId}/oauth2/v2.0/token`, {
            grant_type: "client_credentials",
            client_id: clientId,
            client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            client_assertion,
            scope: "https://analysis.windows.net/powerbi/api/.default",
        });

    it("take a pipeline's token that a federated credential trusts, for Entra only, and no forged one", async () => {
        assert.equal((await assertion(await jobToken("api://AzureADTokenExchange"))).status, 200);
        const other = await assertion(await jobToken("https://example.com"));
        assert.deepEqual(other.data.error_codes, [70021]);
        const forged = await assertion("eyJhbGciOiJSUzI1NiJ9.e30.c2ln");
        assert.deepEqual(forged.data.error_codes, [700027]);
        await control.edit((world) => (world.ci.githubSubject = "repo:someone/else:ref:refs/heads/main"));
        assert.equal((await assertion(await jobToken("api://AzureADTokenExchange"))).status, 401);
    });

    describe("give a token for a pipeline's at Databricks", () => {
        const exchanged = async (audience: string) => {
            const url = `${sandbox.urls.databricks}/oidc/v1/token`;
            const client_id = "0dd5ec7e-0000-4000-8000-000000000001";
            return (await post(url, { grant_type: exchange, client_id, subject_token: await jobToken(audience) }))
                .status;
        };
        const trust = (audiences: string[], issuer = "https://token.actions.githubusercontent.com") =>
            control.edit((world) => {
                world.databricks.servicePrincipals[0].federationPolicies = [
                    { issuer, subject: world.ci.githubSubject, audiences },
                ];
            });

        it("only by a federation policy with its issuer and subject", async () => {
            assert.equal(await exchanged("one"), 401);
            await trust(["one"], "https://example.com");
            assert.equal(await exchanged("one"), 401);
            await trust(["one"]);
            assert.equal(await exchanged("one"), 200);
        });

        it("only for an audience that the policy names", async () => {
            await trust(["one", "two"]);
            const { accountId } = (await control.world()).databricks;
            const found = [await exchanged("two"), await exchanged("three"), await exchanged(accountId)];
            assert.deepEqual(found, [200, 401, 401]);
        });

        it("for the account's id and no other audience where the policy names none", async () => {
            await trust([]);
            const { accountId } = (await control.world()).databricks;
            const ofWorkspace = `${sandbox.urls.databricks}/oidc/v1/token`;
            assert.deepEqual([await exchanged(accountId), await exchanged(ofWorkspace)], [200, 401]);
        });

        it("for the audience that the workspace tells clients to ask for", async () => {
            const metadata = await axios.get(`${sandbox.urls.databricks}/.well-known/databricks-config`);
            const [audience] = metadata.data.token_federation_default_oidc_audiences;
            await trust([`${sandbox.urls.databricks}/oidc/v1/token`]);
            assert.equal(await exchanged(audience), 200);
        });
    });

    it("keep the two Databricks workspaces apart: a token of one is nothing in the other", async () => {
        const form = {
            grant_type: "client_credentials",
            client_id: "0dd5ec7e-0000-4000-8000-000000000001",
            client_secret: "dose-legacy-sandbox-secret",
        };
        const { data } = await post(`${sandbox.urls.databricks}/oidc/v1/token`, form);
        assert.equal((await post(`${sandbox.urls.databricks2}/oidc/v1/token`, form)).status, 401);
        const me = async (base: string) =>
            (
                await axios.get(`${base}/api/2.0/preview/scim/v2/Me`, {
                    headers: { Authorization: `Bearer ${data.access_token}` },
                    validateStatus: () => true,
                })
            ).status;
        assert.deepEqual([await me(sandbox.urls.databricks), await me(sandbox.urls.databricks2)], [200, 401]);
    });
});
