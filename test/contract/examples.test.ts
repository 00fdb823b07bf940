import assert from "node:assert/strict";
import axios, { AxiosInstance } from "axios";
import { estateWorldFile, RunningSandbox, startSandbox } from "../../sandbox";
import { judge } from "../../sandbox/contract/judge";
import { loadSpecification, type NamedExample, type Specification } from "../../sandbox/contract/specification";
import { contradictions } from "./contradictions";

const tenantId = "7e4a47aa-0000-4000-8000-000000000001";
const clientId = "c11e47aa-0000-4000-8000-000000000002";
const group = "90000000-0000-4000-8000-0000000000a1";
const dataset = "d0000000-0000-4000-8000-000000000001";
const plant = {
    gatewayId: "6a7e0000-0000-4000-8000-0000000000b0",
    datasourceId: "50000000-0000-4000-8000-000000000003",
};

/** The operations that the sandbox has and the examples of which change something or say what is wanted. */
const replayed =
    /^(PATCH .*\/gateways\/[^/]+\/datasources\/[^/]+|POST .*\/groups\/[^/]+\/datasets\/[^/]+\/(refreshes|Default\.TakeOver|Default\.BindToGateway)|PATCH .*\/groups\/[^/]+\/datasets\/[^/]+\/refreshSchedule|POST .*\/admin\/workspaces\/getInfo)$/;

/** What the sandbox answers to a credential that it has read, and that opens nothing. */
const readAndTried = [
    "DM_GWPipeline_Gateway_InvalidConnectionCredentials",
    "DMTS_OAuthTokenRefreshFailedError",
    // The example leaves out most of its ciphertext.
    "DM_GWPipeline_Client_AsymmetricDecryptionError",
];

/** The request of an example: with its own ids, or with those of a world. */
function requestOf({ operation, template, places, example }: NamedExample, ids: Record<string, string> = {}) {
    const query = new URLSearchParams();
    let url = template;
    let body: unknown;
    for (const [name, value] of Object.entries(example.parameters ?? {})) {
        if (places[name] === "path") {
            url = url.replace(`{${name}}`, encodeURIComponent(ids[name] ?? String(value)));
        } else if (places[name] === "query") {
            query.set(name, String(value));
        } else {
            body = value;
        }
    }
    url = url.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? group);
    const text = query.size > 0 ? `${url}?${query}` : url;
    return { service: operation.service, method: operation.method, url: text, contentType: "application/json", body };
}

/** Whether an example names parameters of its operation only, and all that are needed: not all do. */
function isComplete({ operation, places, example }: NamedExample): boolean {
    const given = Object.keys(example.parameters ?? {});
    const needed = operation.query.filter(({ required }) => required).map(({ name }) => name);
    return given.every((name) => name in places) && needed.every((name) => given.includes(name));
}

const describeJudged = process.env.CONTRACTS ? describe : () => undefined;

describeJudged("the contracts' own examples", () => {
    let specification: Specification;
    before(() => (specification = loadSpecification(process.env.CONTRACTS!)));

    it("of requests keep to the contracts, but for those that contradict them", () => {
        const complete = specification.examples.filter(isComplete);
        assert.ok(complete.length > 350, `${complete.length} of ${specification.examples.length}`);
        const misfits = complete.flatMap((example) =>
            judge(specification, requestOf(example)).violations.map(
                ({ where, what }) => `${example.operation.name}: ${where} ${what}`,
            ),
        );
        assert.deepEqual([...new Set(misfits)].sort(), [...contradictions].sort());
    });

    describe("of what the sandbox has", () => {
        let sandbox: RunningSandbox;
        let powerBi: AxiosInstance;
        let cloud: Record<string, string>;
        beforeEach(async () => {
            sandbox = await startSandbox({ world: estateWorldFile });
            sandbox.world.powerBi.adminApisAllowed.push(clientId);
            const form = { grant_type: "client_credentials", client_id: clientId, client_secret: "sandbox-sp2-secret" };
            const scope = "https://analysis.windows.net/powerbi/api/.default";
            const login = new URLSearchParams({ ...form, scope }).toString();
            const token = await axios.post(`${sandbox.urls.entra}/${tenantId}/oauth2/v2.0/token`, login);
            powerBi = axios.create({
                baseURL: sandbox.urls.powerBi,
                headers: { Authorization: `Bearer ${token.data.access_token}` },
                validateStatus: () => true,
            });
            const path = `/v1.0/myorg/groups/${group}/datasets/${dataset}`;
            await powerBi.post(`${path}/Default.TakeOver`);
            const [{ gatewayId, datasourceId }] = (await powerBi.get(`${path}/datasources`)).data.value;
            cloud = { gatewayId, datasourceId };
        });
        afterEach(() => sandbox.close());

        it("are all accepted", async () => {
            const examples = specification.examples.filter(({ operation }) => replayed.test(operation.name));
            assert.equal(examples.length, 16);
            for (const { title, ...example } of examples) {
                const isEncrypted = JSON.stringify(example.example).includes("RSA-OAEP");
                const ids = { groupId: group, datasetId: dataset, ...(isEncrypted ? plant : cloud) };
                const { method, url, body } = requestOf({ title, ...example }, ids);
                const answer = await powerBi.request({ method, url, data: ofThisWorld(body) });
                const code: string = answer.data?.error?.code ?? "";
                assert.ok(answer.status < 300 || readAndTried.includes(code), `${title}: ${answer.status} ${code}`);
                await finished(sandbox);
            }
        });

        it("among them: Basic credentials with the text False instead of the value, which is stored as false", async () => {
            const [basic] = specification.examples.filter(({ title }) =>
                /PATCH .*: Basic credentials example$/.test(title),
            );
            const { url, body } = requestOf(basic, cloud);
            const { credentialDetails } = body as { credentialDetails: Record<string, unknown> };
            assert.equal(credentialDetails.useEndUserOAuth2Credentials, "False");
            const [{ applicationId, secrets }] = sandbox.world.databricks.servicePrincipals;
            const credentials = String(credentialDetails.credentials)
                .replace('"john"', JSON.stringify(applicationId))
                .replace('"*****"', JSON.stringify(secrets[0].secret));
            const answer = await powerBi.patch(url, { credentialDetails: { ...credentialDetails, credentials } });
            assert.equal(answer.status, 200, JSON.stringify(answer.data));
            const stored = sandbox.world.powerBi.datasources.find(
                ({ datasourceId }) => datasourceId === cloud.datasourceId,
            );
            assert.equal(stored?.credential?.useEndUserOAuth2Credentials, false);
        });
    });
});

/**
 * A body with the ids of a world in the place of an example's. Service principals get no mail, as the contract says beside
 * the examples that ask for one.
 */
function ofThisWorld(body: unknown): unknown {
    const sources = ["1", "2"].map((last) => `50000000-0000-4000-8000-00000000000${last}`);
    return body === undefined
        ? undefined
        : JSON.parse(JSON.stringify(body), (name, value) =>
              name === "gatewayObjectId"
                  ? "6a7e0000-0000-4000-8000-0000000000a0"
                  : name === "datasourceObjectIds"
                    ? sources
                    : name === "notifyOption"
                      ? "NoNotification"
                      : value,
          );
}

/** A refresh that runs makes the next one be refused. */
async function finished(sandbox: RunningSandbox): Promise<void> {
    const running = () =>
        sandbox.world.powerBi.workspaces
            .flatMap(({ datasets }) => datasets)
            .some(({ refreshes }) => refreshes.some(({ status }) => status === "Unknown"));
    while (running()) {
        await new Promise((resolve) => setImmediate(resolve));
    }
}
