import assert from "node:assert/strict";
import { Services } from "../../clients/services";
import { UnusedNameProvider } from "../../dynamic-providers/unused-name";
import { VerifiedSecretProvider } from "../../dynamic-providers/verified-secret";
import { WarehousePermissionProvider } from "../../dynamic-providers/warehouse-permission";
import * as support from "./support";

const { legacy, legacySecret, warehouseId } = support;

describe("the Databricks providers", () => {
    let bench: support.Bench;
    beforeEach(async () => (bench = await support.Bench.start()));
    afterEach(() => bench.close());

    describe("the client", () => {
        it("knows the warehouses of all pages", async () => {
            const all = (await bench.control.world()).databricks.warehouses.map(({ id }: { id: string }) => id);
            assert.ok(all.length > 1);
            await bench.control.edit((world) => (world.databricks.warehousesPageSize = 1));
            const client = new Services((key) => bench.config[key]).databricks(bench.databricks);
            assert.deepEqual(
                (await client.listWarehouses()).items.map(({ id }) => id),
                all,
            );
        });

        it("says at a refused login which workspace's authType to look at", async () => {
            const login = { authType: "oauth-m2m", clientId: legacy.applicationId, clientSecret: "wrong-secret" };
            const { host } = bench.databricks;
            const values: Record<string, string | undefined> = {
                ...bench.config,
                "databricks:token": undefined,
                ...Object.fromEntries(Object.entries(login).map(([key, value]) => [`databricks:${key}`, value])),
                databricksWorkspaces: JSON.stringify({ ops: { host, ...login } }),
            };
            const list = (workspace: string) =>
                new Services((key) => values[key]).databricks({ workspace, host }).listWarehouses();
            await assert.rejects(list("databricks"), /Check databricks:authType and clientId and clientSecret/);
            await assert.rejects(
                list("ops"),
                /Check databricksWorkspaces\.ops\.authType and clientId and clientSecret/,
            );
        });
    });

    describe("the client with a pipeline's login", () => {
        it("says when it is refused what the token says and the federation policy has to name", async () => {
            const variables = {
                ACTIONS_ID_TOKEN_REQUEST_URL: `${bench.sandbox.urls.control}/ci/github/token`,
                ACTIONS_ID_TOKEN_REQUEST_TOKEN: "ci-sandbox-token",
            };
            Object.assign(process.env, variables);
            try {
                const values: Record<string, string | undefined> = {
                    ...bench.config,
                    "databricks:token": undefined,
                    "databricks:authType": "github-oidc",
                    "databricks:clientId": legacy.applicationId,
                };
                const { host } = bench.databricks;
                const list = () =>
                    new Services((key) => values[key]).databricks({ workspace: "databricks", host }).listWarehouses();
                await assert.rejects(list(), (error: Error) => {
                    assert.match(error.message, /has the issuer "https:\/\/token\.actions\.githubusercontent\.com"/);
                    assert.match(error.message, /the subject "repo:example\/platform:ref:refs\/heads\/main"/);
                    assert.ok(error.message.includes(`and the audience "${host}/oidc/v1/token"`), error.message);
                    return true;
                });
            } finally {
                Object.keys(variables).forEach((name) => delete process.env[name]);
            }
        });
    });

    describe("unused name", () => {
        const remove = () => {
            const inputs = { databricks: bench.databricks, displayName: "powerbi-legacy", drift: [] };
            return support.heard(() => bench.configured(new UnusedNameProvider()).delete("powerbi-legacy", inputs));
        };

        for (const copies of [1, 2]) {
            it(`is none beside ${copies} of the same display name: a preview names them, and nothing is made`, async () => {
                await bench.control.edit((world) => {
                    const [first] = world.databricks.servicePrincipals;
                    const applicationId = legacy.applicationId.replace(/1$/, "9");
                    const twin = { ...first, id: "4000000000000009", applicationId, secrets: [] };
                    world.databricks.servicePrincipals = [first, twin].slice(0, copies);
                });
                const inputs = { databricks: bench.databricks, displayName: "powerbi-legacy", drift: [] };
                const provider = bench.configured(new UnusedNameProvider());
                const { failures } = await provider.check(undefined as never, inputs);
                const there = copies === 1 ? "is a service principal" : "are 2 service principals";
                const [{ property, reason }] = failures!;
                assert.equal(property, "displayName");
                assert.ok(reason.includes(`there ${there} called "powerbi-legacy" already`), reason);
                assert.match(reason, /write applicationId: 0dd5ec7e-\S+1/);
                await assert.rejects(provider.create(inputs), { message: reason });
                assert.deepEqual(await bench.paths("POST"), []);
            });
        }

        it("says at its end when the service principal is still there, and what deletes it", async () => {
            assert.match(
                await remove(),
                /^warning: there is still a service principal called "powerbi-legacy": 0dd5ec7e-\S+1\. .* databricks service-principals delete 4000000000000001\. \[namesake\]\n$/,
            );
            assert.deepEqual(await bench.paths("DELETE"), []);
        });

        it("says nothing when it is gone, and lets a destroy end when that cannot be looked up", async () => {
            await bench.control.edit((world) => (world.databricks.servicePrincipals = []));
            assert.equal(await remove(), "");
            await bench.control.faults([
                { service: "databricks", method: "GET", path: "/ServicePrincipals", status: 403 },
            ]);
            assert.match(await remove(), /^warning: whether the service principal "powerbi-legacy" is gone could not/);
        });
    });

    describe("verified secret", () => {
        const provider = () => bench.configured(new VerifiedSecretProvider());
        const base = {
            servicePrincipalId: legacy.id,
            applicationId: legacy.applicationId,
            rotationKey: "2026-11",
            secretId: legacySecret.id,
            clientSecret: legacySecret.value,
            warehouseId,
            level: "query" as const,
            drift: [],
        };
        let inputs: typeof base & { databricks: support.Bench["databricks"] };
        beforeEach(() => (inputs = { ...base, databricks: bench.databricks }));

        it("logs in and runs a query with the secret", async () => {
            await provider().create(inputs);
            const posts = await bench.paths("POST");
            assert.deepEqual(posts, ["/oidc/v1/token", "/api/2.0/sql/statements"]);
        });

        it("starts a sleeping warehouse and waits for it", async () => {
            await bench.control.edit((world) =>
                Object.assign(world.databricks.warehouses[0], { state: "STOPPED", coldStart: 2 }),
            );
            await provider().create(inputs);
            assert.equal((await bench.paths("GET")).filter((path) => path.includes("/statements/")).length, 2);
        });

        it("runs no query at the level token", async () => {
            await provider().create({ ...inputs, level: "token" as never });
            assert.deepEqual(await bench.paths("POST"), ["/oidc/v1/token"]);
        });

        it("waits for a fresh secret to become active", async () => {
            // It looks twice: long enough for that on any machine.
            bench.config.verificationTimeoutInSeconds = "60";
            await bench.control.edit((world) => {
                Object.assign(world.databricks.servicePrincipals[0].secrets[0], {
                    activationDelay: 1,
                    tokenRequests: 0,
                });
            });
            await provider().create(inputs);
            assert.equal((await bench.paths("POST")).filter((path) => path === "/oidc/v1/token").length, 2);
        });

        it("fails without the permission to use the warehouse, and never names the secret", async () => {
            await bench.control.edit((world) => {
                world.databricks.warehouses[0].acl = [];
            });
            await assert.rejects(provider().create(inputs), (error: Error) => {
                assert.match(
                    error.message,
                    /logs in, but cannot read: Databricks: POST \/api\/2\.0\/sql\/statements answered 403 PERMISSION_DENIED/,
                );
                assert.match(error.message, /Nothing was switched to it; the secret in use is untouched/);
                return !error.message.includes(legacySecret.value);
            });
            const wrong = { ...inputs, clientSecret: "dose-wrong" };
            await assert.rejects(provider().create(wrong), (error: Error) => {
                assert.match(
                    error.message,
                    /does not log in: Databricks: POST \/oidc\/v1\/token answered 401 invalid_client/,
                );
                return !error.message.includes("dose-wrong");
            });
        });

        it("sees a secret that was deleted, disabled or has expired", async () => {
            const { outs } = await provider().create(inputs);
            const driftWith = async (secrets: object[]) => {
                await bench.control.edit((world) => {
                    world.databricks.servicePrincipals[0].secrets = secrets;
                });
                return (await provider().read("id", outs)).props?.drift.join();
            };
            const secret = { id: legacySecret.id, secret: legacySecret.value };
            assert.equal(await driftWith([secret]), "");
            assert.match(
                (await driftWith([{ ...secret, status: "DISABLED" }]))!,
                /is DISABLED in Databricks, not ACTIVE/,
            );
            assert.match(
                (await driftWith([{ ...secret, expireTime: "2026-01-02T00:00:00Z" }]))!,
                /expired on 2026-01-02/,
            );
            assert.match((await driftWith([]))!, /secret \S+ .* was deleted in Databricks/);
        });

        it("sees that its service principal was deactivated, or deleted with all its secrets", async () => {
            const { outs } = await provider().create(inputs);
            const drift = async () => (await provider().read("id", outs)).props?.drift.join();
            await bench.control.edit((world) => {
                world.databricks.servicePrincipals[0].active = false;
            });
            assert.match((await drift())!, /the service principal \S+ is not active: none of its secrets logs in/);
            await bench.control.edit((world) => {
                world.databricks.servicePrincipals = [];
            });
            assert.match(
                (await drift())!,
                /the service principal \S+ was deleted in Databricks, and its secrets with it/,
            );
        });
    });

    describe("warehouse permission", () => {
        const provider = () => bench.configured(new WarehousePermissionProvider());
        const applicationId = "0dd5ec7e-0000-4000-8000-0000000000a1";
        const base = { warehouseId, applicationId, drift: [] };
        let inputs: typeof base & { databricks: support.Bench["databricks"] };
        beforeEach(async () => {
            inputs = { ...base, databricks: bench.databricks };
            await bench.control.edit((world) =>
                world.databricks.servicePrincipals.push({ id: "4000000000000009", applicationId, displayName: "new" }),
            );
        });
        const acl = async () => (await bench.control.world()).databricks.warehouses[0].acl;

        it("adds one entry and leaves all others, the owner among them", async () => {
            const before = await acl();
            await provider().create(inputs);
            assert.deepEqual(await acl(), [
                ...before,
                { servicePrincipalName: applicationId, permissionLevel: "CAN_USE" },
            ]);
        });

        it("sends nothing when the permission is there, and does not lower a higher one", async () => {
            await bench.control.edit((world) => {
                world.databricks.warehouses[0].acl.push({
                    servicePrincipalName: applicationId,
                    permissionLevel: "CAN_MANAGE",
                });
            });
            const { outs } = await provider().create(inputs);
            assert.equal(outs.permissionLevel, "CAN_MANAGE");
            assert.deepEqual(await bench.paths("PATCH"), []);
        });

        it("is gone with its warehouse, and an error when Databricks refuses to tell", async () => {
            const { outs } = await provider().create(inputs);
            await bench.control.faults([
                {
                    service: "databricks",
                    path: "/permissions/",
                    status: 403,
                    body: { error_code: "PERMISSION_DENIED" },
                },
            ]);
            await assert.rejects(provider().read("id", outs), /answered 403 PERMISSION_DENIED/);
            await bench.control.faults([]);
            await bench.control.edit((world) => {
                world.databricks.warehouses = [];
            });
            assert.equal((await provider().read("id", outs)).id, "");
        });

        it("outlives a passing 503", async () => {
            await bench.control.faults([{ service: "databricks", path: "/permissions/", status: 503, times: 2 }]);
            await provider().create(inputs);
            assert.equal((await acl()).length, 5);
        });
    });
});
