import assert from "node:assert/strict";
import * as http from "node:http";
import { AddressInfo } from "node:net";
import fc from "fast-check";
import { EntraTokens } from "../../clients/entra";
import { HttpClient } from "../../clients/http";
import { requestIdToken } from "../../clients/id-tokens";
import { Services } from "../../clients/services";
import { describePlan } from "../../planning/describe";
import { discover } from "../../planning/discover";
import { fits } from "../../planning/patterns";
import { reasonOf } from "../../dynamic-providers/dataset-refresh";
import { DatasetBinding } from "../../settings/binding";
import { wrongOnPurpose } from "../hooks/wrong-on-purpose";
import * as support from "./support";
import { toText } from "../../diagnostics/render";

const connectionId = "c0000000-0000-4000-8000-000000000001";

/** A host that is none of the services, and what it was sent. */
class ForeignHost {
    readonly received: { url: string; headers: http.IncomingHttpHeaders }[] = [];
    private readonly server = http.createServer((request, response) => {
        this.received.push({ url: request.url ?? "", headers: request.headers });
        response.setHeader("content-type", "application/json").end('{"status":"Succeeded","value":[]}');
    });

    async start(): Promise<string> {
        await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
        return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    }

    close(): void {
        this.server.close();
        this.server.closeAllConnections();
    }
}

describe("input from outside", () => {
    let bench: support.Bench;
    let foreign: ForeignHost;
    let foreignAddress: string;
    let services: Services;
    beforeEach(async () => {
        bench = await support.Bench.start();
        foreign = new ForeignHost();
        foreignAddress = await foreign.start();
        services = new Services((key) => bench.config[key]);
    });
    afterEach(async () => {
        foreign.close();
        await bench.close();
    });
    const databricks = () => services.databricks(bench.databricks);

    describe("an answer that points elsewhere", () => {
        const answer202 = (headers: Record<string, string>) =>
            bench.control.faults([{ service: "fabric", method: "POST", path: "testConnection", status: 202, headers }]);

        it("does not take a login to a foreign host: Fabric's long-running operations are watched on Fabric only", async () => {
            const places = [
                `${foreignAddress}/v1/operations/1`,
                `//${new URL(foreignAddress).host}/v1/operations/1`,
                `${bench.sandbox.urls.fabric}@${new URL(foreignAddress).host}/v1/operations/1`,
                `${bench.sandbox.urls.fabric}.example.org/v1/operations/1`,
            ];
            for (const Location of places) {
                await answer202({ Location });
                await assert.rejects(
                    services.fabric.testConnection(connectionId),
                    /Fabric: POST .*testConnection answered 202: it names no operation of its own to watch/,
                    Location,
                );
            }
            assert.deepEqual(foreign.received, []);
        });

        it("is followed within Fabric, with and without the operation's id", async () => {
            const unknown = /GET \/v1\/operations\/77 answered 404/;
            await answer202({ Location: `${bench.sandbox.urls.fabric}/v1/operations/77` });
            await assert.rejects(services.fabric.testConnection(connectionId), unknown);
            await answer202({ "x-ms-operation-id": "77", Location: `${foreignAddress}/v1/operations/1` });
            await assert.rejects(services.fabric.testConnection(connectionId), unknown);
            assert.deepEqual(foreign.received, []);
        });

        it("does not take a login to an address in the place of a path", async () => {
            const authorization = async () => "Bearer a-token-of-a-test";
            const client = new HttpClient({ service: "X", baseUrl: bench.sandbox.urls.databricks, authorization });
            for (const path of [`${foreignAddress}/x`, `//${new URL(foreignAddress).host}/x`]) {
                await wrongOnPurpose(() => assert.rejects(client.exchange({ method: "GET", path }), /answered 404/));
            }
            assert.deepEqual(foreign.received, []);
        });

        it("does not take a login along when it is a redirect", async () => {
            const redirect = { status: 307, headers: { Location: `${foreignAddress}/x` } };
            await bench.control.faults([
                { service: "databricks", path: "/warehouses", ...redirect },
                { service: "databricks", path: "/oidc", ...redirect },
                { service: "powerBi", path: "/groups", ...redirect },
            ]);
            await assert.rejects(databricks().listWarehouses(), /answered 307/);
            await assert.rejects(databricks().requestToken("id", "a-secret"), /answered 307/);
            await assert.rejects(services.powerBi.listWorkspaces(), /answered 307/);
            assert.deepEqual(foreign.received, []);
        });
    });

    describe("an address in the state, or of Azure's", () => {
        it("gets no login when it is no Databricks workspace's, and the error says which workspace it is about", () => {
            for (const host of ["https://example.org", foreignAddress.replace("127.0.0.1", "example.org"), "dbc", ""]) {
                assert.throws(
                    () => services.databricks({ workspace: "databricks", host }),
                    /^ConfigurationError: the host of the workspace "databricks": .*(is no Databricks workspace|is not)/,
                );
            }
        });
    });

    describe("an id that is none", () => {
        const ids = ["..", ".", "", "../../groups", "a/b", "a?b", "a#b", "%2e%2e", "a%2Fb", "a\\b", "é", "a b"];

        it("stays one segment of the path, or is refused", () => wrongOnPurpose(staysOneSegment));

        async function staysOneSegment() {
            for (const id of ids) {
                await bench.control.forgetRequests();
                const calls = [
                    services.powerBi.listDatasources(id, id),
                    services.powerBi.gateways.getDatasource({ gatewayId: id, datasourceId: id }),
                    services.fabric.getConnection(id),
                    databricks().getWarehouseAcl(id),
                    databricks().listSecrets(id),
                ];
                for (const result of await Promise.allSettled(calls)) {
                    assert.equal(result.status, "rejected", id);
                }
                const sent = await bench.control.requests();
                for (const { path } of sent.filter(({ service }) => service !== "entra")) {
                    const allowed =
                        /^\/v1\.0\/myorg\/(groups\/[^/?#]+\/datasets\/[^/?#]+\/datasources|gateways\/[^/?#]+\/datasources\/[^/?#]+)$|^\/v1\/connections\/[^/?#]+$|^\/api\/2\.0\/(permissions\/warehouses\/[^/?#]+|accounts\/servicePrincipals\/[^/?#]+\/credentials\/secrets)$/;
                    assert.match(path, allowed, `${JSON.stringify(id)} led to another place: ${path}`);
                }
            }
        }
    });

    describe("a name in a filter", () => {
        it("finds the service principal of that very name, whatever characters it has, and no other", async () => {
            const names = [
                'x" or displayName ne "',
                "x' or displayName ne '",
                'powerbi "sales"',
                "back\\slash",
                'ends with \\"',
                "a&filter=x#?%22",
                "Vertrieb – 営業 🚀 مبيعات",
                "e\u0301",
                "n".repeat(256),
            ];
            await bench.control.edit((world) => {
                world.databricks.servicePrincipals.push(
                    ...names.map((displayName, index) => ({
                        id: `41${index}`,
                        applicationId: `0dd5ec7e-0000-4000-8000-00000000010${index}`,
                        displayName,
                    })),
                );
            });
            for (const name of names) {
                const found = await databricks().findServicePrincipals("displayName", name);
                assert.deepEqual(
                    found.map(({ displayName }) => displayName),
                    [name],
                );
            }
        });

        it("is one value of the filter, for any name", async () => {
            await fc.assert(
                fc.asyncProperty(fc.string({ unit: "grapheme", minLength: 1 }), async (name) => {
                    assert.deepEqual(await databricks().findServicePrincipals("displayName", name), []);
                }),
                { numRuns: 50 },
            );
        });
    });

    describe("a name that somebody else chose", () => {
        const hostile = 'Sales"\n::add-mask::x\r\n##vso[task.complete]\u001b[2J\u202eevil';
        const credential = (binding: object) => ({
            name: "powerbi-sales",
            databricks: "databricks",
            warehouse: support.warehouseId,
            grants: [],
            release: [],
            bindings: [
                {
                    ...{
                        kind: "dataset",
                        gatewayType: "NoGateway",
                        refresh: false,
                        allowCredentialLoss: false,
                        keepSchedule: false,
                        switchOffSingleSignOn: false,
                    },
                    ...binding,
                } as DatasetBinding,
            ],
        });
        const plan = (binding: object) => discover([credential(binding)], services, () => bench.databricks);

        it("steers no terminal and begins no line of its own, wherever it is shown", async () => {
            await bench.control.edit((world) => {
                const [workspace] = world.powerBi.workspaces;
                workspace.name = hostile;
                workspace.datasets[0].name = hostile;
                world.databricks.warehouses[0].name = hostile;
            });
            const ids = { workspace: support.workspaceId, dataset: support.datasetId };
            const { plans, warnings } = await plan(ids);
            const texts = [
                JSON.stringify(plans),
                ...[describePlan("powerbi-sales", plans[0]), ...warnings].map(toText),
            ];
            for (const wrong of [
                { ...ids, workspace: "none" },
                { ...ids, dataset: "none" },
            ]) {
                texts.push(await plan(wrong).then(String, (error: Error) => error.message));
            }
            for (const text of texts) {
                assert.doesNotMatch(text, /[\p{Cc}\u202e](?<!\n)|\n(?!  cloud|  takes over|- )/u, text);
                assert.doesNotMatch(text, /##vso\[/);
                assert.match(text, /::add-mask::x/);
            }
        });

        it("is found in whichever way its accents are written", async () => {
            await bench.control.edit((world) => {
                world.powerBi.workspaces[0].name = "Cafe\u0301";
                world.powerBi.workspaces[0].datasets[0].name = "Mode\u0300le";
            });
            const { plans } = await plan({ workspace: "Caf\u00e9", dataset: "Mod\u00e8le" });
            assert.equal(plans[0].cloud.length, 1);
            assert.ok(fits("Cafe\u0301 EMEA", ["caf\u00e9 *"]));
        });
    });

    describe("an answer that went well and tells of a failure", () => {
        const secret = `dose${"0123456789abcdef".repeat(2)}`;

        it("repeats no secret: neither the test of a connection nor a refresh", async () => {
            const body = {
                status: "Offline",
                errors: [{ errorCode: "Refused", message: `no\n::x:: login ${secret}` }],
            };
            await bench.control.faults([{ service: "fabric", path: "testConnection", status: 200, body }]);
            assert.deepEqual(await services.fabric.testConnection(connectionId), ["Refused: no ::x:: login [secret]"]);
            const exception = { errorCode: "ModelRefreshFailed", errorDescription: `login ${secret}\nfailed` };
            const refresh = { requestId: "1", status: "Failed", serviceExceptionJson: JSON.stringify(exception) };
            assert.equal(reasonOf(refresh), "ModelRefreshFailed: login [secret] failed");
        });
    });

    describe("an answer that is not what was asked for", () => {
        const ok = (path: string, body: unknown) =>
            bench.control.faults([{ service: "databricks", path, status: 200, body }]);

        it("is no login: a token endpoint has to give a token", async () => {
            for (const body of [
                {},
                { access_token: "" },
                { access_token: 7 },
                { token: "dose-x" },
                [],
                '"text"',
                "dose-x",
            ]) {
                await ok("/oidc/v1/token", body);
                await assert.rejects(
                    databricks().requestToken("id", "a-secret-of-a-test"),
                    /Databricks: POST \/oidc\/v1\/token answered 200: unexpected answer: (it|access_token) is (absent|empty|a number|a list|a text); expected a (text|structure)/,
                );
            }
        });

        it("is no token of a pipeline's job", async () => {
            const environment = {
                ACTIONS_ID_TOKEN_REQUEST_URL: `${foreignAddress}/token`,
                ACTIONS_ID_TOKEN_REQUEST_TOKEN: "a-token-of-a-test",
            };
            await assert.rejects(
                requestIdToken({ from: "github" }, "audience", environment),
                /^UnexpectedAnswer: GitHub: GET \/token answered 200: unexpected answer: value is a list; expected a text\.$/,
            );
        });

        it("is no login at Entra, and repeats no secret whichever login it was", async () => {
            const echoing = "AADSTS7000215: ${request.body}\nsecond line";
            const body = { error: "invalid_client", error_description: echoing };
            await bench.control.faults([{ service: "entra", method: "POST", status: 401, body }]);
            const secret = "s3cret/+~of a test";
            const login = { tenantId: "7e4a47aa-0000-4000-8000-000000000001", clientId: support.legacy.applicationId };
            const logins = [
                { ...login, login: "clientSecret" as const, clientSecret: secret },
                { login: "environment" as const },
            ];
            const before = process.env;
            process.env = {
                ...before,
                AZURE_TENANT_ID: login.tenantId,
                AZURE_CLIENT_ID: login.clientId,
                AZURE_CLIENT_SECRET: secret,
            };
            try {
                for (const direct of logins) {
                    const tokens = new EntraTokens(direct, bench.sandbox.urls.entra, async () => direct);
                    await assert.rejects(tokens.token("https://api.fabric.microsoft.com/.default"), (error: Error) => {
                        assert.match(error.message, /^Entra: the login of .* failed: /);
                        assert.doesNotMatch(error.message, /s3cret|second line/);
                        return true;
                    });
                }
            } finally {
                process.env = before;
            }
        });

        it("is no value of a secret scope, and is not repeated", async () => {
            for (const body of [{ value: 12345678 }, { value: ["c2VjcmV0"] }, {}]) {
                await ok("/secrets/get", body);
                await assert.rejects(databricks().getSecretValue("scope", "key"), (error: Error) => {
                    assert.match(
                        error.message,
                        /secrets\/get answered 200: unexpected answer: value is .*; expected a text/,
                    );
                    assert.doesNotMatch(error.message, /12345678|c2VjcmV0/);
                    return true;
                });
            }
        });
    });
});
