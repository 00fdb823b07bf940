import assert from "node:assert/strict";
import axios, { type AxiosResponse } from "axios";
import { estateWorldFile, type RunningSandbox, startSandbox } from "../../sandbox";
import { ControlClient } from "../../sandbox/control-client";
import { blocksOfTheSdk, sealForGateway } from "../independent-encryptor";
import { type GatewayType, type Known, type Script, sequenceOf, type Step } from "./sequences";

const principal = "powerbi-legacy";
const oldSecret = "dose-legacy-sandbox-secret";
const sp2 = {
    tenantId: "7e4a47aa-0000-4000-8000-000000000001",
    clientId: "c11e47aa-0000-4000-8000-000000000002",
    clientSecret: "sandbox-sp2-secret",
};
const sales = "44ff20e73e461e56";
const finance = "a1b2c3d4e5f60718";
/** The model behind the gateway with a key of 1024 bits. */
const behindShortKey = { workspace: "Finance Americas", dataset: "Plant cost", warehouse: finance };

/** Models behind each type of gateway. */
const models: [GatewayType, string, { workspace: string; dataset: string; warehouse: string }][] = [
    ["NoGateway", "in the cloud", { workspace: "Sales", dataset: "Orders", warehouse: sales }],
    ["Onpremises", "with a key of 2048 bits", { workspace: "Sales", dataset: "Store sales", warehouse: sales }],
    ["Onpremises", "with a key of 4096 bits", { workspace: "Finance Americas", dataset: "Audit", warehouse: finance }],
    ["VNET", "of a virtual network", { workspace: "Finance EMEA", dataset: "Cash", warehouse: finance }],
];
const scripts: Script[] = ["bash", "notebook"];
/** Requests of Entra and Power BI, with the refresh. */
const counts = {
    bash: { NoGateway: 7, Onpremises: 7, VNET: 6 },
    notebook: { NoGateway: 12, Onpremises: 12, VNET: 10 },
};

describe("the requests of the reference", () => {
    let sandbox: RunningSandbox;
    let control: ControlClient;
    beforeEach(async () => {
        sandbox = await startSandbox({ world: estateWorldFile });
        control = new ControlClient(sandbox.urls.control);
        await control.edit((world) => {
            const entries = Object.entries(sp2).map(([key, value]) => ({ key, value, lastUpdated: 0 }));
            const acls = [{ principal: "deployer@example.com", permission: "MANAGE" }];
            world.databricks.scopes.push({ name: "powerbi", entries, acls });
        });
    });
    afterEach(() => sandbox.close());

    const send = (step: Step, known: Known): Promise<AxiosResponse> => {
        const { databricks, entra, powerBi } = sandbox.urls;
        const base = { databricks, entra, powerBi: `${powerBi}/v1.0/myorg` }[step.service];
        const bearer = { databricks: "dapi-sandbox-deployer", entra: undefined, powerBi: known.bearer }[step.service];
        const form = step.form && new URLSearchParams(step.form(known)).toString();
        const contentType = form ? "application/x-www-form-urlencoded" : step.contentType;
        return axios.request({
            method: step.method,
            url: base + step.path.replace(/\{(\w+)\}/g, (_, name: string) => known[name]),
            params: step.query?.(known),
            data: form ?? step.body?.(known),
            headers: {
                ...(bearer ? { Authorization: `Bearer ${bearer}` } : {}),
                ...(contentType ? { "Content-Type": contentType } : {}),
            },
            validateStatus: () => true,
        });
    };

    /** Sends one request after another, as the script does; tells what it knows in the end. */
    const run = async (steps: Step[], given: Record<string, string>): Promise<Known> => {
        let known: Known = { servicePrincipal: principal, ...given };
        for (const step of steps) {
            const { status, data } = await send(step, known);
            const isFine = status < 300 || step.ignoresRefusal;
            assert.ok(isFine, `${step.method} ${step.path}: ${status} ${JSON.stringify(data)}`);
            known = { ...known, ...step.learn?.(data, known) };
        }
        return known;
    };

    const storedIn = async ({ datasourceId }: Known) => {
        const { powerBi } = await control.world();
        return powerBi.datasources.find((item: Known) => item.datasourceId === datasourceId);
    };

    /** What becomes of a report once the old secret is gone. */
    const reportWithoutOldSecret = async ({ workspaceId, datasetId }: Known) => {
        await control.edit((world) => {
            const [{ secrets }] = world.databricks.servicePrincipals;
            secrets.splice(
                secrets.findIndex(({ secret }: { secret: string }) => secret === oldSecret),
                1,
            );
        });
        return control.query(workspaceId, datasetId);
    };

    for (const script of scripts) {
        for (const [gatewayType, where, model] of models) {
            it(`${script} script for ${gatewayType}, ${where}, are taken, and the report reads with the new secret`, async () => {
                await control.forgetRequests();
                const known = await run(sequenceOf(script, gatewayType), model);
                const toOthers = (await control.requests()).filter(({ service }) => service !== "databricks");
                assert.equal(toOthers.length, counts[script][gatewayType]);
                const { credential } = await storedIn(known);
                assert.notEqual(known.secret, oldSecret);
                assert.equal(credential.password, known.secret);
                assert.equal(credential.useEndUserOAuth2Credentials, false);
                const isPrivate = script === "bash" && gatewayType === "Onpremises";
                assert.equal(credential.privacyLevel, isPrivate ? "Private" : "Organizational");
                assert.equal((await reportWithoutOldSecret(known)).ok, true);
            });
        }

        it(`${script} script for a key of 1024 bits are refused, as its encryption is not what gateways open`, async () => {
            const steps = sequenceOf(script, "Onpremises");
            const at = steps.findIndex(({ method }) => method === "PATCH");
            const known = await run(steps.slice(0, at), behindShortKey);
            const refused = await send(steps[at], known);
            assert.equal(refused.status, 400);
            assert.equal(refused.data.error.code, "DM_GWPipeline_Client_AsymmetricDecryptionError");
            assert.equal((await storedIn(known)).credential.password, oldSecret);
            assert.equal((await control.query(known.workspaceId, known.datasetId)).ok, true);
            assert.equal((await reportWithoutOldSecret(known)).ok, false);
        });
    }

    it("bash script for a key of 1024 bits are taken with the encryption of Microsoft's C# SDK", async () => {
        const steps = sequenceOf("bash", "Onpremises");
        const at = steps.findIndex(({ method }) => method === "PATCH");
        const known = await run(steps.slice(0, at), behindShortKey);
        const { applicationId: username, secret, modulus, exponent } = known;
        const data = Object.entries({ username, password: secret }).map(([name, value]) => ({ name, value }));
        const sealing = { publicKey: { modulus, exponent }, blocks: blocksOfTheSdk };
        const credentials = sealForGateway(JSON.stringify({ credentialData: data }), sealing);
        const { credentialDetails } = steps[at].body!(known) as { credentialDetails: object };
        const body = () => ({ credentialDetails: { ...credentialDetails, credentials } });
        assert.equal((await send({ ...steps[at], body }, known)).status, 200);
        assert.equal((await reportWithoutOldSecret(known)).ok, true);
    });

    it("bash script fill the five places for secrets: with the old one, four models are all", async () => {
        const steps = sequenceOf("bash", "NoGateway");
        const names = ["Orders", "Returns", "Customers", "Pipeline"];
        for (const dataset of names) {
            await run(steps, { ...models[0][2], dataset });
        }
        const fifth = run(steps, { ...models[0][2], dataset: "Forecast" });
        await assert.rejects(fifth, /POST .*credentials\/secrets: 400 .*maximum of 5 secrets/);
    });
});
