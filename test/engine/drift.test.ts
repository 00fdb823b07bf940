import assert from "node:assert/strict";
import * as support from "./support";

describe("drift", function () {
    this.timeout(support.engineTimeoutInMs);

    let scene: support.Scene;
    before(async () => {
        scene = await support.setScene();
        support.succeeds(await scene.stack.up());
    });
    after(() => scene?.close());

    // The world is JSON of many shapes here, and each case reaches into another one.
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    const cases: { what: string; happens: (world: any) => void; words: RegExp }[] = [
        {
            what: "the type of a credential changed",
            happens: (world) => {
                const ours = world.powerBi.datasources.find((item: { owner: string }) => item.owner === support.sp2);
                ours.credential = { credentialType: "OAuth2", accessToken: "theirs" };
            },
            words: /the credential of datasource \S+ is of type OAuth2, not Basic/,
        },
        {
            what: "the owner of a dataset changed",
            happens: (world) => {
                world.powerBi.workspaces[0].datasets[1].owner = "ben@example.com";
            },
            words: /the owner of dataset "Returns model" in workspace "Sales" is now ben@example\.com, not c11e47aa/,
        },
        {
            what: "a dataset is bound to another datasource",
            happens: (world) => {
                const dataset = world.powerBi.workspaces[1].datasets[0];
                const { kind, host, httpPath } = dataset.sources[0];
                const datasourceId = "50000000-0000-4000-8000-0000000000ff";
                const gatewayId = "6a7e0000-0000-4000-8000-0000000000ff";
                world.powerBi.datasources.push({ gatewayId, datasourceId, owner: support.sp2, kind, host, httpPath });
                dataset.sources[0].datasourceId = datasourceId;
            },
            words: /dataset "Ledger model" in workspace "Finance" is now bound to datasource 50000000-\S+ of gateway \S+, not /,
        },
        {
            what: "a secret was deleted out of band",
            happens: (world) => {
                const ours = world.databricks.servicePrincipals.find(
                    (item: { displayName: string }) => item.displayName === "powerbi-sales",
                );
                ours.secrets = [];
            },
            words: /secret \S+ \(rotation key 2026-11\) of \S+ was deleted in Databricks/,
        },
        {
            what: "CAN USE was removed",
            happens: (world) => {
                const ours = world.databricks.servicePrincipals.find(
                    (item: { displayName: string }) => item.displayName === "powerbi-finance",
                );
                const [, warehouse] = world.databricks.warehouses;
                warehouse.acl = warehouse.acl.filter(
                    (entry: { servicePrincipalName?: string }) => entry.servicePrincipalName !== ours.applicationId,
                );
            },
            words: /\S+ no longer has CAN USE on warehouse a1b2c3d4e5f60718/,
        },
    ];

    for (const { what, happens, words } of cases) {
        it(`is shown in words when ${what}: preview exits 7, and up heals it`, async () => {
            await scene.control.edit(happens);
            const preview = await scene.stack.preview("--expect-no-changes");
            assert.equal(preview.exitCode, 7, preview.output);
            assert.match(preview.output, words);
            support.succeeds(await scene.stack.up());
            await support.reportsWork(scene.control);
            const clean = await scene.stack.preview("--expect-no-changes");
            assert.equal(clean.exitCode, 0, clean.output);
            assert.doesNotMatch(clean.output, /drift:/);
        });
    }

    it("of a former owner's doing is said in the diff as well", async () => {
        await scene.control.edit(cases[1].happens);
        const preview = await scene.stack.preview("--diff");
        assert.match(preview.output, /drift/);
        assert.match(preview.output, /- \[0\]: "the owner of dataset \\?"Returns model/);
        support.succeeds(await scene.stack.up());
    });
});
