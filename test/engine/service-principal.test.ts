import assert from "node:assert/strict";
import { isMutation } from "../../sandbox/control-client";
import * as support from "./support";

const { succeeds } = support;
const legacy = "0dd5ec7e-0000-4000-8000-000000000001";
const bindings = [{ workspace: "Sales", dataset: "Sales model", gatewayType: "NoGateway" }];
const grants = [{ catalog: "main", schema: "sales" }];

describe("SP1, the service principal of a credential", function () {
    this.timeout(support.engineTimeoutInMs);

    let scene: support.Scene;
    const declare = (changes: object, more: object = {}) =>
        support.configure(scene.stack, {
            credentials: [{ warehouse: "Sales warehouse", grants, bindings, ...changes }],
            ...more,
        });

    describe("that is made", () => {
        before(async () => {
            scene = await support.setScene();
            await scene.control.edit((world) => {
                world.databricks.securables.push(
                    { type: "catalog", fullName: "lake" },
                    { type: "table", fullName: "main.finance.ledger" },
                );
            });
            const all = [{ catalog: "lake" }, ...grants, { catalog: "main", schema: "finance", table: "ledger" }];
            declare({ servicePrincipal: "powerbi-new", lifetimeDays: 30, grants: all });
            assert.doesNotMatch(succeeds(await scene.stack.up()).output, /expires in/);
        });
        after(() => scene?.close());

        it("is created if missing, with the entitlement databricks-sql-access", async () => {
            const made = await support.principal(scene.control, "powerbi-new");
            assert.deepEqual((made as unknown as { entitlements: string[] }).entitlements, ["databricks-sql-access"]);
        });

        it("reads catalogs, schemas and tables, with the parents' USE privileges", async () => {
            const { applicationId } = await support.principal(scene.control, "powerbi-new");
            const { databricks } = await scene.control.world();
            const held = databricks.securables.flatMap(
                (securable: { fullName: string; grants: { principal: string; privileges: string[] }[] }) =>
                    securable.grants
                        .filter(({ principal }) => principal === applicationId)
                        .map(({ privileges }) => [securable.fullName, [...privileges].sort().join()]),
            );
            assert.deepEqual(Object.fromEntries(held), {
                main: "USE_CATALOG",
                "main.sales": "SELECT,USE_SCHEMA",
                "main.finance": "USE_SCHEMA",
                lake: "SELECT,USE_CATALOG,USE_SCHEMA",
                "main.finance.ledger": "SELECT",
            });
        });

        it("has a secret whose end is known: an output tells it, and a preview within the warning window says so", async () => {
            const { credentials } = (await scene.stack.outputs()) as {
                credentials: Record<string, { expiresAt: string }>;
            };
            const days = (Date.parse(credentials["powerbi-new"].expiresAt) - Date.now()) / 86_400_000;
            assert.ok(days > 29 && days <= 30);
            support.configure(scene.stack, { expiryWarningDays: 40 });
            const preview = await scene.stack.preview("--expect-no-changes");
            assert.match(
                preview.output,
                /the secret of \S+ \(rotation key 2026-11\) expires in 29 days, on 20\d\d-.*pulumi config set rotationKey/,
            );
            assert.equal(preview.exitCode, 0, "a warning is no drift");
        });
    });

    it("is not made beside two of the same display name: the error names them, before any change", async () => {
        scene = await support.setScene();
        try {
            await scene.control.edit((world) => {
                const [first] = world.databricks.servicePrincipals;
                const applicationId = legacy.replace(/1$/, "9");
                const twin = { ...first, id: "4000000000000009", applicationId, secrets: [] };
                world.databricks.servicePrincipals = [first, twin];
            });
            declare({ servicePrincipal: "powerbi-legacy" });
            await scene.control.forgetRequests();
            support.failsWith(
                await scene.stack.preview(),
                /there are 2 service principals called "powerbi-legacy" already/,
                /write applicationId: 0dd5ec7e-\S+1/,
            );
            assert.deepEqual((await scene.control.requests()).filter(isMutation), []);
        } finally {
            await scene.close();
        }
    });

    describe("that is adopted", () => {
        let asItWas: { applicationId: string; secrets: object[] };
        let rights: unknown;
        const legacyPrincipal = () => support.principal(scene.control, "powerbi-legacy");
        const given = async () =>
            (await scene.control.world()).databricks.securables.map(
                ({ fullName, grants }: { fullName: string; grants: { principal: string; privileges: string[] }[] }) => [
                    fullName,
                    grants.find(({ principal }) => principal === legacy)?.privileges.sort(),
                ],
            );

        before(async () => {
            scene = await support.setScene();
            await scene.control.edit((world) => {
                world.databricks.securables[0].grants.push({ principal: legacy, privileges: ["SELECT"] });
            });
            asItWas = await legacyPrincipal();
            const [, ...others] = await given();
            rights = [["main", ["SELECT", "USE_CATALOG"]], ...others];
            declare({ applicationId: legacy });
            succeeds(await scene.stack.up());
        });
        after(() => scene?.close());

        it("keeps the privileges that others gave it", async () => {
            assert.deepEqual(await given(), rights);
        });

        it("gets no secret beyond the five: the rotation fails before any change and names ids, ages and remedy", async () => {
            const extra = ["x1", "x2", "x3"];
            await scene.control.edit((world) => {
                const { secrets } = world.databricks.servicePrincipals[0];
                extra.forEach((id) => secrets.push({ ...secrets[0], id, secret: `dose-${id}` }));
            });
            support.configure(scene.stack, { rotationKey: "2026-12" });
            const before = await scene.control.world();
            for (const run of [() => scene.stack.preview(), () => scene.stack.up()]) {
                await scene.control.forgetRequests();
                const result = await run();
                assert.notEqual(result.exitCode, 0);
                assert.match(
                    result.output,
                    /has 5 secrets, and 5 is Databricks' limit: there is no room for 1 more \(rotation key 2026-12\)/,
                );
                assert.match(result.output, /x1 \(ACTIVE, \d+ days old/);
                assert.match(
                    result.output,
                    /databricks service-principal-secrets-proxy delete 4000000000000001 SECRET-ID/,
                );
                assert.deepEqual((await scene.control.requests()).filter(isMutation), []);
            }
            const after = await scene.control.world();
            assert.deepEqual(after.databricks.warehouses, before.databricks.warehouses);
            // What the message says is to do.
            await scene.control.edit((world) => {
                const [principal] = world.databricks.servicePrincipals;
                principal.secrets = principal.secrets.filter(({ id }: { id: string }) => !extra.includes(id));
            });
        });

        it("by its application id, is rotated, and never deleted", async () => {
            succeeds(await scene.stack.up());
            const during = await legacyPrincipal();
            assert.equal(during.applicationId, asItWas.applicationId);
            assert.equal(during.secrets.length, 2, "its own secret and the one of the stack");
            assert.deepEqual(await given(), rights);
            succeeds(await scene.stack.destroy());
            assert.deepEqual((await legacyPrincipal()).secrets, asItWas.secrets);
            assert.deepEqual(await given(), rights, "reports that read by them go on");
        });
    });
});
