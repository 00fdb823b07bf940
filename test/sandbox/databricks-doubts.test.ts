import assert from "node:assert/strict";
import axios, { AxiosInstance, AxiosResponse } from "axios";
import { RunningSandbox, startSandbox } from "../../sandbox";
import { ControlClient } from "../../sandbox/control-client";
import { databricksDoubts } from "../../sandbox/doubts/databricks-doubts";
import { type Doubt } from "../../sandbox/doubts/doubt";

type Doubts = typeof databricksDoubts;
type Shows = () => Promise<void>;

const warehouse = "44ff20e73e461e56";
const permissions = `/api/2.0/permissions/warehouses/${warehouse}`;
const grants = "/api/2.1/unity-catalog/permissions";
const scim = "/api/2.0/preview/scim/v2/ServicePrincipals";
const privileges = { catalog: ["USE_CATALOG"], schema: ["USE_SCHEMA", "SELECT"] };

describe("what nobody knows about Databricks:", () => {
    let sandbox: RunningSandbox;
    let control: ControlClient;
    let databricks: AxiosInstance;
    const validateStatus = () => true;

    const choose = async (name: string, behaviour: string) => {
        await control.edit((world) => (world.doubts[name] = behaviour));
    };
    const makePrincipal = async () => (await databricks.post(scim, { displayName: "new" })).data as Principal;
    const secretsOf = ({ id }: Principal) => `/api/2.0/accounts/servicePrincipals/${id}/credentials/secrets`;
    const makeSecret = async (principal: Principal) =>
        (await databricks.post(secretsOf(principal), {})).data as { id: string; secret: string };
    const permit = ({ applicationId }: Principal) =>
        databricks.patch(permissions, {
            access_control_list: [{ service_principal_name: applicationId, permission_level: "CAN_USE" }],
        });
    const grant = (type: keyof typeof privileges, fullName: string, principal: string) =>
        databricks.patch(`${grants}/${type}/${fullName}`, { changes: [{ principal, add: privileges[type] }] });
    const logIn = ({ applicationId }: Principal, secret: string): Promise<AxiosResponse> =>
        axios.post(`${sandbox.urls.databricks}/oidc/v1/token`, "grant_type=client_credentials&scope=all-apis", {
            auth: { username: applicationId, password: secret },
            validateStatus,
        });
    const run = async (token: string, statement: string): Promise<AxiosResponse> =>
        axios.post(
            `${sandbox.urls.databricks}/api/2.0/sql/statements`,
            { warehouse_id: warehouse, statement },
            { headers: { Authorization: `Bearer ${token}` }, validateStatus },
        );
    /** A new principal that may use the warehouse and is logged in. */
    const prepare = async () => {
        const principal = await makePrincipal();
        await permit(principal);
        const { id, secret } = await makeSecret(principal);
        return { principal, secretId: id, token: (await logIn(principal, secret)).data.access_token as string };
    };
    /** What three requests in a row are answered, and that the fourth is not. */
    const threeTimes = async (send: () => Promise<AxiosResponse>, ...expected: unknown[]) => {
        for (let time = 1; time <= 3; time += 1) {
            assert.deepEqual(summary(await send()), expected, `time ${time}`);
        }
        const fourth = await send();
        assert.ok(fourth.status < 300, JSON.stringify(fourth.data));
        return fourth;
    };
    const isOk = async (send: () => Promise<AxiosResponse>) => {
        const { status, data } = await send();
        assert.ok(status < 300, JSON.stringify(data));
        return data;
    };

    const shows: { [Name in keyof Doubts]: Record<keyof Doubts[Name]["behaviours"], Shows> } = {
        newPrincipalInPermissions: {
            known: async () => void (await isOk(async () => permit(await makePrincipal()))),
            notFound404: () => notYetPermitted(404, "RESOURCE_DOES_NOT_EXIST"),
            badRequest400: () => notYetPermitted(400, "INVALID_PARAMETER_VALUE"),
            forbidden403: () => notYetPermitted(403, "PERMISSION_DENIED"),
            unavailable503: () => notYetPermitted(503, "TEMPORARILY_UNAVAILABLE"),
        },
        newPrincipalForSecrets: {
            known: async () => void (await makeSecret(await makePrincipal())),
            notFound404: () => noSecretsYet(404, "RESOURCE_DOES_NOT_EXIST"),
            unavailable503: () => noSecretsYet(503, "TEMPORARILY_UNAVAILABLE"),
        },
        newPrincipalInList: {
            shown: async () => {
                const { applicationId } = await makePrincipal();
                assert.equal(await listed(applicationId), 1);
            },
            later: async () => {
                const { id, applicationId } = await makePrincipal();
                const found = [1, 2, 3, 4].map(() => () => listed(applicationId));
                const counts = [];
                for (const look of found) {
                    counts.push(await look());
                }
                assert.deepEqual(counts, [0, 0, 0, 1]);
                assert.equal((await databricks.get(`${scim}/${id}`)).status, 200);
            },
        },
        newPrincipalInCatalog: {
            known: async () => {
                const { applicationId } = await makePrincipal();
                await isOk(() => grant("catalog", "main", applicationId));
            },
            notFound404: () => notYetGranted(404, "PRINCIPAL_DOES_NOT_EXIST"),
            badRequest400: () => notYetGranted(400, "INVALID_PARAMETER_VALUE"),
        },
        permissionInForce: {
            atOnce: async () => {
                const { token, principal } = await prepare();
                await isOk(() => run(token, "SELECT 1"));
                assert.equal(await isPermitted(principal), true);
            },
            laterForQueries: async () => {
                const { token, principal } = await prepare();
                assert.equal(await isPermitted(principal), true);
                await threeTimes(() => run(token, "SELECT 1"), 403, "PERMISSION_DENIED");
            },
            laterInList: async () => {
                const { token, principal } = await prepare();
                await isOk(() => run(token, "SELECT 1"));
                const seen = [];
                for (let time = 1; time <= 4; time += 1) {
                    seen.push(await isPermitted(principal));
                }
                assert.deepEqual(seen, [false, false, false, true]);
            },
            laterAsHtml: async () => {
                const { token } = await prepare();
                const first = await run(token, "SELECT 1");
                assert.equal(first.status, 403);
                assertHtml(first, /is not authorized to use or monitor this SQL Endpoint/);
                await run(token, "SELECT 1");
                await run(token, "SELECT 1");
                await isOk(() => run(token, "SELECT 1"));
            },
        },
        permissionsPatchAnswer: {
            wholeList: async () => {
                const answer = await isOk(async () => permit(await makePrincipal()));
                assert.equal(answer.access_control_list.length, 5);
            },
            nothing: async () => assert.deepEqual(await isOk(async () => permit(await makePrincipal())), {}),
            changedOnly: async () => {
                const principal = await makePrincipal();
                const { access_control_list: list } = await isOk(() => permit(principal));
                assert.deepEqual(
                    list.map((entry: Record<string, string>) => entry.service_principal_name),
                    [principal.applicationId],
                );
            },
        },
        secretInForce: {
            atOnce: async () => {
                const principal = await makePrincipal();
                const { secret } = await makeSecret(principal);
                await isOk(() => logIn(principal, secret));
            },
            invalidClient401: () => noTokenYet(401, "invalid_client"),
            invalidRequest400: () => noTokenYet(400, "invalid_request"),
            unavailable503: () => noTokenYet(503, "text"),
        },
        secretListing: {
            everything: () =>
                shownOfSecrets(["id", "secret_hash", "create_time", "update_time", "status", "expire_time"]),
            noExpiry: () => shownOfSecrets(["id", "secret_hash", "create_time", "update_time", "status"]),
            noStatus: () => shownOfSecrets(["id", "secret_hash", "create_time", "update_time", "expire_time"]),
            idsOnly: () => shownOfSecrets(["id"]),
        },
        secretLimit: {
            badRequest400: () => sixthSecret(400, "INVALID_PARAMETER_VALUE"),
            exhausted429: () => sixthSecret(429, "RESOURCE_EXHAUSTED"),
            quota403: () => sixthSecret(403, "QUOTA_EXCEEDED"),
        },
        tokensOfDeletedSecrets: {
            liveOn: async () => assert.equal(await statusAfterDeletion(), 200),
            die: async () => assert.equal(await statusAfterDeletion(), 401),
        },
        grantInForce: {
            atOnce: async () => assert.deepEqual(await readsAfterGrants(), ["SUCCEEDED"]),
            laterForQueries: async () => {
                const reads = await readsAfterGrants();
                const first = "[INSUFFICIENT_PERMISSIONS] Insufficient privileges: User does not have USE CATALOG";
                assert.ok(
                    reads.slice(0, 3).every((words) => words.startsWith(first)),
                    reads.join("\n"),
                );
                assert.equal(reads.at(-1), "SUCCEEDED");
            },
            laterInList: async () => {
                const { applicationId } = await makePrincipal();
                await grant("catalog", "main", applicationId);
                const seen = [];
                for (let time = 1; time <= 4; time += 1) {
                    const { privilege_assignments: held } = await isOk(() => databricks.get(`${grants}/catalog/main`));
                    seen.push(held.some(({ principal }: { principal: string }) => principal === applicationId));
                }
                assert.deepEqual(seen, [false, false, false, true]);
            },
        },
        privilegeSpelling: {
            underscores: async () => assert.deepEqual(await privilegesOfAnalysts(), ["USE_SCHEMA", "SELECT"]),
            spaces: async () => assert.deepEqual(await privilegesOfAnalysts(), ["USE SCHEMA", "SELECT"]),
        },
        principalSpelling: {
            asGiven: async () => assert.deepEqual(await spelled("Data Readers"), ["Data Readers", "Data Readers"]),
            lowerCase: async () => assert.deepEqual(await spelled("Data Readers"), ["data readers", "data readers"]),
        },
        startingWarehouse: {
            pending: async () => {
                await control.edit(({ databricks: { warehouses } }) =>
                    Object.assign(warehouses[0], { state: "STOPPED", coldStart: 1 }),
                );
                const { token } = await prepare();
                assert.equal((await isOk(() => run(token, "SELECT 1"))).status.state, "PENDING");
            },
            refused400: () => startsSlowly(400, "BAD_REQUEST"),
            unavailable503: () => startsSlowly(503, "text"),
        },
        foreignLogin: {
            json401: async () => assert.deepEqual(summary(await run("foreign", "SELECT 1")), [401, "UNAUTHENTICATED"]),
            html403: async () => {
                const answer = await run("foreign", "SELECT 1");
                assert.equal(answer.status, 403);
                assertHtml(answer, /^Credential was not sent/);
            },
        },
    };

    async function notYetPermitted(status: number, code: string): Promise<void> {
        const principal = await makePrincipal();
        await threeTimes(() => permit(principal), status, code);
        const { data } = await databricks.get(permissions);
        assert.equal(data.access_control_list.length, 5, "only the fourth was carried out");
    }

    async function noSecretsYet(status: number, code: string): Promise<void> {
        const principal = await makePrincipal();
        await threeTimes(() => databricks.post(secretsOf(principal), {}), status, code);
        assert.equal((await databricks.get(secretsOf(principal))).data.secrets.length, 1);
    }

    async function notYetGranted(status: number, code: string): Promise<void> {
        const { applicationId } = await makePrincipal();
        await threeTimes(() => grant("catalog", "main", applicationId), status, code);
    }

    async function noTokenYet(status: number, code: string): Promise<void> {
        const principal = await makePrincipal();
        const { secret } = await makeSecret(principal);
        await threeTimes(() => logIn(principal, secret), status, code);
    }

    async function listed(applicationId: string): Promise<number> {
        const { data } = await databricks.get(scim, { params: { filter: `applicationId eq "${applicationId}"` } });
        return data.Resources.length;
    }

    async function isPermitted({ applicationId }: Principal): Promise<boolean> {
        const { access_control_list: list } = await isOk(() => databricks.get(permissions));
        return list.some((entry: Record<string, string>) => entry.service_principal_name === applicationId);
    }

    async function shownOfSecrets(names: string[]): Promise<void> {
        const principal = await makePrincipal();
        await makeSecret(principal);
        const [secret] = (await databricks.get(secretsOf(principal))).data.secrets;
        assert.deepEqual(Object.keys(secret), names);
    }

    async function sixthSecret(status: number, code: string): Promise<void> {
        const principal = await makePrincipal();
        for (let count = 1; count <= 5; count += 1) {
            await makeSecret(principal);
        }
        assert.deepEqual(summary(await databricks.post(secretsOf(principal), {})), [status, code]);
    }

    async function statusAfterDeletion(): Promise<number> {
        const { principal, secretId, token } = await prepare();
        await isOk(() => run(token, "SELECT 1"));
        await databricks.delete(`${secretsOf(principal)}/${secretId}`);
        return (await run(token, "SELECT 1")).status;
    }

    /** What a read of a table came to, again and again until it works. */
    async function readsAfterGrants(): Promise<string[]> {
        const { principal, token } = await prepare();
        await grant("catalog", "main", principal.applicationId);
        await grant("schema", "main.sales", principal.applicationId);
        const found: string[] = [];
        while (found.at(-1) !== "SUCCEEDED" && found.length < 20) {
            const { status } = await isOk(() => run(token, "SELECT * FROM main.sales.orders"));
            found.push(status.error?.message ?? status.state);
        }
        return found;
    }

    async function privilegesOfAnalysts(): Promise<string[]> {
        const { privilege_assignments: held } = await isOk(() => databricks.get(`${grants}/schema/main.sales`));
        return held[0].privileges;
    }

    async function spelled(name: string): Promise<string[]> {
        await control.edit((world) => world.databricks.groups.push({ displayName: name }));
        const { privilege_assignments: held } = await isOk(() => grant("catalog", "main", name));
        await databricks.post("/api/2.0/secrets/scopes/create", { scope: "s" });
        await databricks.post("/api/2.0/secrets/acls/put", { scope: "s", principal: name, permission: "READ" });
        const params = { scope: "s", principal: name };
        const acl = await isOk(() => databricks.get("/api/2.0/secrets/acls/get", { params }));
        return [held.at(-1).principal, acl.principal];
    }

    async function startsSlowly(status: number, code: string): Promise<void> {
        const { token } = await prepare();
        await threeTimes(() => run(token, "SELECT 1"), status, code);
        await isOk(() => run(token, "SELECT 1"));
        const { token: another } = await prepare();
        assert.equal((await run(another, "SELECT 1")).status, status, "the next who asks for the first time");
    }

    beforeEach(async () => {
        sandbox = await startSandbox();
        control = new ControlClient(sandbox.urls.control);
        const headers = { Authorization: "Bearer dapi-sandbox-deployer" };
        databricks = axios.create({ baseURL: sandbox.urls.databricks, headers, validateStatus });
    });
    afterEach(() => sandbox.close());

    for (const [name, doubt] of Object.entries<Doubt>(databricksDoubts)) {
        describe(doubt.question, () => {
            for (const [behaviour, { does }] of Object.entries(doubt.behaviours)) {
                it(`${behaviour}: ${does}`, async () => {
                    await choose(name, behaviour);
                    await (shows as Record<string, Record<string, Shows>>)[name][behaviour]();
                });
            }
        });
    }
});

interface Principal {
    id: string;
    applicationId: string;
}

/** The status and the code of an answer; `text` where it is no JSON. */
function summary({ status, data }: AxiosResponse): unknown[] {
    return [status, typeof data === "string" ? "text" : (data.error_code ?? data.error)];
}

function assertHtml({ headers, data }: AxiosResponse, reason: RegExp): void {
    assert.match(String(headers["content-type"]), /^text\/html/);
    assert.match(headers["x-databricks-reason-phrase"], reason);
    assert.match(data, /^<html>/);
    assert.doesNotMatch(data, reason);
}
