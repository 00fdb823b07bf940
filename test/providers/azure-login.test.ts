import assert from "node:assert/strict";
import { Services } from "../../clients/services";
import { identityEndpoint } from "../identity-endpoint";
import * as support from "./support";

/** The real databricks provider cannot use these on loopback (reference of its SDK): here it is our own client. */
describe("Databricks by an identity of Azure's", () => {
    let bench: support.Bench;
    beforeEach(async () => {
        bench = await support.Bench.start();
        await bench.control.edit((world) => {
            const [application] = world.entra.tenants[0].applications;
            world.entra.managedIdentity = application.clientId;
            const { clientId: applicationId } = application;
            world.databricks.servicePrincipals.push({
                id: "4000000000000013",
                applicationId,
                displayName: "entra",
                workspaceAdmin: true,
            });
        });
    });
    afterEach(() => bench.close());

    const list = (values: Record<string, string>) => {
        const all: Record<string, string | undefined> = { ...bench.config, "databricks:token": undefined, ...values };
        return new Services((key) => all[key]).databricks(bench.databricks).listWarehouses();
    };
    const secret = {
        "databricks:authType": "azure-client-secret",
        "databricks:azureTenantId": "7e4a47aa-0000-4000-8000-000000000001",
        "databricks:azureClientId": "c11e47aa-0000-4000-8000-000000000002",
        "databricks:azureClientSecret": "sandbox-sp2-secret",
    };

    it("azure-client-secret logs in with Entra's token", async () => {
        assert.equal((await list(secret)).items.length, 2);
    });

    it("azure-msi logs in with the machine's identity", async () => {
        Object.assign(process.env, {
            IDENTITY_ENDPOINT: await identityEndpoint(`${bench.sandbox.urls.entra}/msi/token`),
            IDENTITY_HEADER: "sandbox-identity-header",
        });
        try {
            assert.equal((await list({ "databricks:authType": "azure-msi" })).items.length, 2);
        } finally {
            delete process.env.IDENTITY_ENDPOINT;
            delete process.env.IDENTITY_HEADER;
        }
    });

    it("says what to check when the login is refused, and never the secret", async () => {
        const wrong = { ...secret, "databricks:azureClientSecret": "wrong-secret-of-a-test" };
        await assert.rejects(list(wrong), (error: Error) => {
            assert.match(error.message, /Entra: the login of the service principal c11e47aa\S+ .*AADSTS7000215/);
            assert.ok(!error.message.includes("wrong-secret-of-a-test"));
            return true;
        });
    });

    it("says that Entra cannot be reached where it cannot, and blames no secret", async () => {
        // Nothing listens at the discard port.
        const entra = "http://127.0.0.1:9";
        const values: Record<string, string | undefined> = {
            ...bench.config,
            "databricks:token": undefined,
            ...secret,
        };
        const endpoints = JSON.stringify({ ...JSON.parse(values.endpoints!), entra });
        const services = new Services((key) => (key === "endpoints" ? endpoints : values[key]));
        await assert.rejects(services.databricks(bench.databricks).listWarehouses(), (error: Error) => {
            assert.match(
                error.message,
                /^Entra: http:\/\/127\.0\.0\.1:9 gave .* no token: .*\. Look whether it can be reached from here/,
            );
            assert.doesNotMatch(error.message, /azureClientSecret/);
            return true;
        });
    });
});
