import assert from "node:assert/strict";
import { CommandResult } from "../../engine/stack";
import * as support from "./support";

// The world is JSON of many shapes here, and each case reaches into another part of it.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type World = any;

/** What happens behind the stack's back, and the words in which it is told. */
interface Case {
    what: string;
    happens: (world: World) => void;
    words: RegExp;
}

const principalIn = (world: World, wanted: string) =>
    world.databricks.servicePrincipals.find(({ displayName }: World) => displayName === wanted);

const typeChanged: Case = {
    what: "the type of a credential changed",
    happens: (world) => {
        const { applicationId } = principalIn(world, "powerbi-sales");
        const ours = world.powerBi.datasources.find(
            ({ owner, credential }: World) => owner === support.sp2 && credential?.username === applicationId,
        );
        ours.credential = { credentialType: "OAuth2", accessToken: "theirs" };
    },
    words: /the credential of datasource \S+ is of type OAuth2, not Basic/,
};

const boundElsewhere: Case = {
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
};

const ownerChanged: Case = {
    what: "the owner of a dataset changed",
    happens: (world) => {
        world.powerBi.workspaces[0].datasets[1].owner = "ben@example.com";
    },
    words: /the owner of dataset "Returns model" in workspace "Sales" is now ben@example\.com, not c11e47aa/,
};

const permissionRemoved: Case = {
    what: "CAN USE was removed",
    happens: (world) => {
        const { applicationId } = principalIn(world, "powerbi-finance");
        const [, warehouse] = world.databricks.warehouses;
        warehouse.acl = warehouse.acl.filter((entry: World) => entry.servicePrincipalName !== applicationId);
    },
    words: /\S+ no longer has CAN USE on warehouse a1b2c3d4e5f60718/,
};

const secretDeleted: Case = {
    what: "a secret was deleted out of band",
    happens: (world) => {
        principalIn(world, "powerbi-sales").secrets = [];
    },
    words: /secret \S+ \(rotation key 2026-11\) of \S+ was deleted in Databricks/,
};

/** What happens together is about two credentials: to heal the one heals nothing of the other. */
const rounds = [[typeChanged, boundElsewhere], [ownerChanged, permissionRemoved], [secretDeleted]];

describe("drift", function () {
    this.timeout(support.engineTimeoutInMs);

    let scene: support.Scene;
    let preview: CommandResult;
    const healed: Case[] = [];
    before(async () => {
        scene = await support.setScene();
        support.succeeds(await scene.stack.up());
    });
    after(() => scene?.close());

    for (const round of rounds) {
        describe(`when ${round.map(({ what }) => what).join(", and ")}`, () => {
            before(async () => {
                for (const { happens } of round) {
                    await scene.control.edit(happens);
                }
                preview = await scene.stack.preview("--expect-no-changes", "--diff");
            });

            for (const { what, words } of round) {
                it(`is shown in words when ${what}: preview exits 7`, () => {
                    support.showsDrift(preview, words);
                });
            }

            it("is healed by up, and shown no more", async () => {
                healed.forEach(({ words }) => assert.doesNotMatch(preview.output, words));
                support.succeeds(await scene.stack.up());
                await support.reportsWork(scene.control);
                healed.push(...round);
            });

            if (round.includes(ownerChanged)) {
                it("of a former owner's doing is said in the diff as well", () => {
                    assert.match(preview.output, /- \[0\]: "the owner of dataset \\?"Returns model/);
                });
            }
        });
    }

    it("is in no preview once all is healed", async () => {
        const clean = await scene.stack.preview("--expect-no-changes");
        assert.equal(clean.exitCode, 0, clean.output);
        assert.doesNotMatch(clean.output, /drift:/);
    });
});
