import assert from "node:assert/strict";
import axios, { AxiosInstance } from "axios";
import { RunningSandbox, startSandbox } from "../../sandbox";
import { ControlClient } from "../../sandbox/control-client";
import { wrongOnPurpose } from "../hooks/wrong-on-purpose";

const legacy = "0dd5ec7e-0000-4000-8000-000000000001";
const nobody = "0dd5ec7e-0000-4000-8000-00000000dead";
const sales = "44ff20e73e461e56";
const salesModel = ["90000000-0000-4000-8000-0000000000a1", "d0000000-0000-4000-8000-0000000000a1"] as const;

describe("the sandbox's Databricks", () => {
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

    const acl = async () => (await control.world()).databricks.warehouses[0].acl;
    const refused = ({ status, data }: { status: number; data: { error_code?: string; message?: string } }) =>
        [status, data.error_code, data.message] as const;

    describe("takes permissions on a warehouse", () => {
        const entry = { service_principal_name: legacy, permission_level: "CAN_MANAGE" };
        const paths = ["sql/warehouses", "warehouses"].map((part) => `/api/2.0/permissions/${part}/${sales}`);
        const put = (...entries: object[]) => databricks.put(paths[0], { access_control_list: entries });

        it("by PATCH, which changes entries and leaves the others, under both spellings of the path", async () => {
            const before = await acl();
            for (const path of paths) {
                const answer = await databricks.patch(path, { access_control_list: [entry] });
                assert.equal(answer.data.access_control_list.length, before.length);
            }
            const changed = (await acl()).filter(
                (item: { servicePrincipalName?: string }) => item.servicePrincipalName,
            );
            assert.deepEqual(changed, [{ servicePrincipalName: legacy, permissionLevel: "CAN_MANAGE" }]);
        });

        it("by PUT without an owner where there is one: the owner stays, and all other entries are replaced", async () => {
            assert.equal((await put(entry)).status, 200);
            assert.deepEqual(await acl(), [
                { userName: "olga@example.com", permissionLevel: "IS_OWNER" },
                { servicePrincipalName: legacy, permissionLevel: "CAN_MANAGE" },
            ]);
        });

        it("by PUT with an owner, who takes the place of the one before", async () => {
            await put(entry, { user_name: "ben@example.com", permission_level: "IS_OWNER" });
            const owners = (await acl()).filter(
                (item: { permissionLevel: string }) => item.permissionLevel === "IS_OWNER",
            );
            assert.deepEqual(owners, [{ userName: "ben@example.com", permissionLevel: "IS_OWNER" }]);
        });

        it("not by PUT without an owner where there is none", async () => {
            await control.edit((world) => world.databricks.warehouses[0].acl.shift());
            const before = await acl();
            const [status, , message] = refused(await put(entry));
            assert.equal(status, 400);
            assert.match(message!, /with no existing owner must provide a new owner/);
            assert.deepEqual(await acl(), before);
        });

        for (const [kind, name] of [
            ["ServicePrincipalName", { service_principal_name: nobody }],
            ["UserName", { user_name: "nobody@example.com" }],
            ["GroupName", { group_name: "nobodies" }],
        ] as const) {
            it(`not for a principal that does not exist: ${kind}`, async () => {
                const before = await acl();
                const body = { access_control_list: [entry, { ...name, permission_level: "CAN_USE" }] };
                for (const method of ["put", "patch"] as const) {
                    const [status, code, message] = refused(await databricks[method](paths[0], body));
                    assert.deepEqual([status, code], [404, "RESOURCE_DOES_NOT_EXIST"]);
                    assert.equal(message, `Principal: ${kind}(${Object.values(name)[0]}) does not exist`);
                }
                assert.deepEqual(await acl(), before);
            });
        }

        it("not for an entry that names nobody, or two", async () => {
            const two = { ...entry, group_name: "analysts" };
            for (const wrong of [{ permission_level: "CAN_USE" }, two]) {
                assert.equal((await put(wrong)).status, 400);
            }
        });
    });

    describe("lets a service principal query", () => {
        const withoutOwnEntitlement = (usersHaveSqlAccess?: boolean) =>
            control.edit((world) => {
                world.databricks.servicePrincipals[0].entitlements = [];
                Object.assign(world.databricks, usersHaveSqlAccess === undefined ? {} : { usersHaveSqlAccess });
            });

        it("that has no entitlement of its own: the group users has Databricks SQL access by default", async () => {
            await withoutOwnEntitlement();
            assert.equal((await control.query(...salesModel)).ok, true);
        });

        it("not when the group users has none either", async () => {
            await withoutOwnEntitlement(false);
            const result = await control.query(...salesModel);
            assert.ok(!result.ok && /entitlement databricks-sql-access/.test(result.error.message));
        });

        for (const [privilege, securable, words] of [
            ["USE_CATALOG", 0, "USE CATALOG on Catalog 'main'"],
            ["USE_SCHEMA", 1, "USE SCHEMA on Schema 'main.sales'"],
            ["SELECT", 1, "SELECT on Table 'main.sales.orders'"],
        ] as const) {
            it(`not without ${privilege}`, async () => {
                await control.edit((world) => {
                    for (const grant of world.databricks.securables[securable].grants) {
                        grant.privileges = grant.privileges.filter((name: string) => name !== privilege);
                    }
                });
                const result = await control.query(...salesModel);
                assert.ok(
                    !result.ok && result.error.message.includes(`User does not have ${words}`),
                    JSON.stringify(result),
                );
            });
        }

        it("with all privileges on the catalog, which hold for what is in it", async () => {
            await control.edit((world) => {
                const [catalog, ...schemas] = world.databricks.securables;
                schemas.forEach((schema: { grants: object[] }) => (schema.grants = []));
                const privileges = ["USE_CATALOG", "USE_SCHEMA", "SELECT"];
                catalog.grants = [{ principal: "account users", privileges }];
            });
            assert.equal((await control.query(...salesModel)).ok, true);
        });
    });

    describe("takes names in any case", () => {
        it("of catalogs, schemas and tables", async () => {
            for (const name of ["main.sales", "MAIN.Sales"]) {
                const { data } = await databricks.get(`/api/2.1/unity-catalog/permissions/SCHEMA/${name}`);
                assert.equal(data.privilege_assignments.length, 2, name);
            }
            await control.edit((world) => {
                const [{ sources }] = world.powerBi.workspaces[0].datasets;
                sources[0].table = "Main.SALES.`Orders`";
            });
            assert.equal((await control.query(...salesModel)).ok, true);
        });

        it("of secret scopes, of which there is one", async () => {
            const post = (path: string, body: object) => databricks.post(`/api/2.0/secrets${path}`, body);
            await post("/scopes/create", { scope: "PowerBI" });
            const again = refused(await post("/scopes/create", { scope: "powerbi" }));
            assert.deepEqual(again.slice(0, 2), [400, "RESOURCE_ALREADY_EXISTS"]);
            await post("/put", { scope: "POWERBI", key: "k", string_value: "v" });
            const { data } = await databricks.get("/api/2.0/secrets/list", { params: { scope: "powerbi" } });
            assert.deepEqual(
                data.secrets.map(({ key }: { key: string }) => key),
                ["k"],
            );
            await post("/scopes/delete", { scope: "powerBI" });
            assert.deepEqual((await control.world()).databricks.scopes, []);
        });
    });

    describe("refuses a change of grants", () => {
        const change = (...changes: object[]) =>
            databricks.patch("/api/2.1/unity-catalog/permissions/schema/main.sales", { changes });
        const grants = async () => (await control.world()).databricks.securables[1].grants;
        const unchanged = async (work: () => Promise<void>) => {
            const before = await grants();
            await work();
            assert.deepEqual(await grants(), before);
        };

        it("for a principal that does not exist, with all that it came with", () =>
            unchanged(async () => {
                for (const principal of [nobody, "powerbi-legacy", "users"]) {
                    const answer = await change(
                        { principal: "analysts", add: ["MODIFY"] },
                        { principal, add: ["SELECT"] },
                    );
                    const words = `Could not find principal with name ${principal}`;
                    assert.deepEqual(refused(answer), [404, "PRINCIPAL_DOES_NOT_EXIST", words]);
                }
            }));

        it("with a privilege that is misspelt, or that is none of such a thing", () =>
            unchanged(async () => {
                for (const privilege of ["SELET", "select", "USE_CATALOG"]) {
                    const [status, code, message] = refused(await change({ principal: legacy, add: [privilege] }));
                    assert.deepEqual([status, code], [400, "INVALID_PARAMETER_VALUE"]);
                    assert.match(message!, new RegExp(`Privilege ${privilege} is not applicable to this entity`));
                }
            }));

        it("that adds and removes the same privilege, however it is written", () =>
            unchanged(async () => {
                const answer = await change({ principal: legacy, add: ["USE_SCHEMA"], remove: ["USE SCHEMA"] });
                const words = `Duplicate privileges to add and delete for principal ${legacy}.`;
                assert.deepEqual(refused(answer), [400, "INVALID_PARAMETER_VALUE", words]);
            }));
    });

    describe("refuses, for a secret scope,", () => {
        const post = (path: string, body: object) => databricks.post(`/api/2.0/secrets${path}`, body);

        it("a reader that does not exist", async () => {
            await post("/scopes/create", { scope: "s" });
            for (const principal of [nobody, "nobodies", "nobody@example.com"]) {
                const answer = refused(await post("/acls/put", { scope: "s", principal, permission: "READ" }));
                assert.deepEqual(answer, [404, "RESOURCE_DOES_NOT_EXIST", `Principal ${principal} does not exist.`]);
            }
            for (const principal of [legacy, "analysts", "users", "cleo@example.com"]) {
                assert.equal((await post("/acls/put", { scope: "s", principal, permission: "READ" })).status, 200);
            }
        });

        it("a right that there is not", async () => {
            await post("/scopes/create", { scope: "s" });
            const unknown = { scope: "s", principal: legacy, permission: "USE" };
            assert.equal((await wrongOnPurpose(() => post("/acls/put", unknown))).status, 400);
        });

        it("an entry put or deleted where a key vault holds them", async () => {
            const entries = [{ key: "k", value: "v" }];
            await control.edit((world) =>
                world.databricks.scopes.push({ name: "kv", backend: "AZURE_KEYVAULT", entries }),
            );
            const listed = (await databricks.get("/api/2.0/secrets/scopes/list")).data.scopes;
            assert.deepEqual(listed, [{ name: "kv", backend_type: "AZURE_KEYVAULT" }]);
            for (const [path, value] of [
                ["/put", { string_value: "other" }],
                ["/delete", {}],
            ] as const) {
                const answer = refused(await post(path, { scope: "kv", key: "k", ...value }));
                const words = "Cannot write secrets to Azure KeyVault-backed scope kv";
                assert.deepEqual(answer, [400, "BAD_REQUEST", words]);
            }
            assert.equal((await control.world()).databricks.scopes[0].entries[0].value, "v");
        });
    });

    describe("runs a statement", () => {
        const run = (body: object) =>
            databricks.post("/api/2.0/sql/statements", { warehouse_id: sales, statement: "SELECT 1", ...body });

        it("that waits 0 s or 5 to 50 s, and no other time", async () => {
            for (const wait_timeout of [undefined, "0s", "5s", "50s"]) {
                assert.equal((await run({ wait_timeout })).status, 200, wait_timeout);
            }
            for (const wait_timeout of ["1s", "4s", "51s", "30", "-5s", ""]) {
                const [status, code] = refused(await run({ wait_timeout }));
                assert.deepEqual([status, code], [400, "INVALID_PARAMETER_VALUE"], wait_timeout);
            }
        });

        it("whose end is not told at once to who waits 0 s", async () => {
            const { data } = await run({ wait_timeout: "0s" });
            assert.equal(data.status.state, "PENDING");
            const later = await databricks.get(`/api/2.0/sql/statements/${data.statement_id}`);
            assert.equal(later.data.status.state, "SUCCEEDED");
        });
    });

    it("takes a POST without a body that says it is application/json", async () => {
        const headers = { "Content-Type": "application/json" };
        const path = "/api/2.0/accounts/servicePrincipals/4000000000000001/credentials/secrets";
        const made = await databricks.request({ method: "POST", url: path, headers });
        assert.deepEqual([made.status, typeof made.data.secret], [200, "string"]);
        const stop = `/api/2.0/sql/warehouses/${sales}/stop`;
        assert.equal((await databricks.request({ method: "POST", url: stop, headers })).status, 200);
        for (const path of ["/api/2.0/secrets/put", "/api/2.0/sql/statements"]) {
            const { status } = await wrongOnPurpose(() => databricks.request({ method: "POST", url: path, headers }));
            assert.ok(status === 400 || status === 404, `${path}: ${status}`);
        }
    });
});
