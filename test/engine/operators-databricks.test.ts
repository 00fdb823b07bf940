import assert from "node:assert/strict";
import * as support from "./support";

const { datasets, failsWith, reportsWork, succeeds, succeedsWith } = support;

describe("what becomes of Databricks behind the operator's back", function () {
    this.timeout(support.engineTimeoutInMs);

    let scene: support.Scene;
    const principal = () => support.principal(scene.control, "powerbi-sales");
    /** Changes the service principal behind everybody's back. */
    const editPrincipal = (change: (principal: { active: boolean; secrets: { expireTime: string }[] }) => void) =>
        scene.control.edit((world) => {
            change(
                world.databricks.servicePrincipals.find(
                    ({ displayName }: { displayName: string }) => displayName === "powerbi-sales",
                ),
            );
        });
    /** An up that tells this, and nothing that the one before it was to heal. */
    const heals = async (healed: RegExp, ...words: RegExp[]) => {
        const { output } = succeedsWith(await scene.stack.up(), ...words);
        assert.doesNotMatch(output, healed);
    };

    before(async () => {
        scene = await support.setScene({ config: { verificationTimeoutInSeconds: 1 } });
        succeeds(await scene.stack.up());
    });
    beforeEach(() => scene.control.forgetRequests());
    after(() => scene?.close());

    it("a warehouse that is deleted while a rotation runs: nothing is switched, and the next up goes on", async () => {
        await scene.control.faults([
            {
                service: "databricks",
                method: "POST",
                path: "/sql/statements",
                status: 404,
                body: { error_code: "RESOURCE_DOES_NOT_EXIST", message: "SQL warehouse 44ff does not exist." },
            },
        ]);
        support.configure(scene.stack, { rotationKey: "2026-12" });
        failsWith(
            await scene.stack.up(),
            /the new secret \S+ \(rotation key 2026-12\) of \S+ logs in, but cannot read: .* answered 404 RESOURCE_DOES_NOT_EXIST/,
            /Nothing was switched to it; the secret in use is untouched/,
            /Run `pulumi up` again when the cause is gone: it goes on with this secret and makes no new one/,
        );
        const patches = (await scene.control.requests()).filter(
            ({ path, method }) => method === "PATCH" && /gateways/.test(path),
        );
        assert.deepEqual(patches, []);
        await scene.control.faults([]);
        await reportsWork(scene.control);
        await scene.control.forgetRequests();
        succeeds(await scene.stack.up());
        // Secrets are made one after the other: the failed run had not come to the other principal's.
        assert.equal(await support.mints(scene.control, "powerbi-sales"), 0);
        await reportsWork(scene.control);
    });

    it("a warehouse that is gone: the error names it; with its successor declared, up binds what reads that", async () => {
        const successor = "beefbeefbeefbeef";
        const [before] = (await scene.control.world()).databricks.warehouses;
        await scene.control.edit((world) => {
            const ours = world.databricks.servicePrincipals.map(
                ({ applicationId }: { applicationId: string }) => applicationId,
            );
            const acl = before.acl.filter(
                ({ servicePrincipalName }: { servicePrincipalName?: string }) => !ours.includes(servicePrincipalName),
            );
            world.databricks.warehouses[0] = { ...before, id: successor, name: "Sales warehouse 2", acl };
        });
        failsWith(
            await scene.stack.up(),
            /credentials\[0\]\.warehouse: there is no SQL warehouse "Sales warehouse" .* There are: "Sales warehouse 2".* Correct the name or id/,
        );
        await scene.control.edit((world) => {
            for (const { sources } of world.powerBi.workspaces[0].datasets) {
                sources[0].httpPath = `/sql/1.0/warehouses/${successor}`;
            }
        });
        const { [`${support.project}:credentials`]: credentials } = scene.stack.config();
        (credentials as { warehouse: string }[])[0].warehouse = "Sales warehouse 2";
        support.configure(scene.stack, { credentials });
        succeeds(await scene.stack.up());
        await reportsWork(scene.control);
    });

    it("a service principal that is deactivated: up says that nobody logs in, and activates it", async () => {
        await editPrincipal((sp1) => {
            sp1.active = false;
        });
        await heals(
            /(WarehousePermission|DatasetOwnership|DatasourceCredential) powerbi-\S+ +(created|deleted|replaced)/,
            /the service principal \S+ is not active: none of its secrets logs in/,
            /databricks:index:ServicePrincipal powerbi-sales updated .*\[diff: ~active\]/,
        );
        assert.equal(await support.mints(scene.control), 0);
        await reportsWork(scene.control);
    });

    it("a secret past its end: up says when it expired, and makes, tries and binds another under the same key", async () => {
        const [{ id }] = (await principal()).secrets;
        const readers = scene.readers(datasets.slice(2));
        await editPrincipal(({ secrets }) => {
            secrets[0].expireTime = "2026-01-02T00:00:00Z";
        });
        await heals(/is not active/, /secret \S+ \(rotation key 2026-12\) of \S+ expired on 2026-01-02T00:00:00Z/);
        await readers.stop();
        assert.deepEqual(readers.failures, [], "the other credential's reports do not feel it");
        assert.equal(await support.mints(scene.control), 1);
        await reportsWork(scene.control);
        assert.equal((await principal()).secrets[0].id, id, "Databricks lists an expired secret; it is in no state");
    });

    it("a service principal that is deleted: up says so, and makes another with all that it needs", async () => {
        const { applicationId } = await principal();
        await scene.control.edit((world) => {
            const { databricks } = world;
            databricks.servicePrincipals = databricks.servicePrincipals.filter(
                ({ displayName }: { displayName: string }) => displayName !== "powerbi-sales",
            );
        });
        await heals(/expired on/, /the service principal \S+ was deleted in Databricks, and its secrets with it/);
        assert.notEqual((await principal()).applicationId, applicationId);
        await reportsWork(scene.control);
        const preview = await scene.stack.preview("--expect-no-changes");
        assert.equal(preview.exitCode, 0, preview.output);
    });
});
