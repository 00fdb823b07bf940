import assert from "node:assert/strict";
import { ConnectionsScene, idOf, personalId, sharedId } from "./connections-world";

describe("the sandbox's connections of the whole tenant", () => {
    let scene: ConnectionsScene;
    beforeEach(async () => {
        scene = await ConnectionsScene.start();
    });
    afterEach(() => scene.close());

    const paths = [
        "/admin/connections",
        `/admin/connections/${sharedId}`,
        `/admin/connections/${sharedId}/roleAssignments`,
    ];

    it("are closed to who is not named for them, a gateway's admin and an owner too", async () => {
        for (const name of ["sp2", "maker"] as const) {
            for (const path of paths) {
                const refused = await scene.fabric[name].get(path);
                assert.deepEqual([refused.status, refused.data.errorCode], [401, "Unauthorized"], path);
            }
        }
    });

    it("are all listed to who is, in pages, other people's personal ones among them; nothing else opens with that", async () => {
        await scene.control.edit(({ powerBi }) => {
            powerBi.adminConnectionsAllowed = [idOf("stranger")];
            powerBi.fabricPageSize = 2;
        });
        const { stranger } = scene.fabric;
        const found: { id: string; connectivityType: string }[] = [];
        let continuationToken: string | undefined;
        do {
            const { data } = await stranger.get("/admin/connections", { params: { continuationToken } });
            found.push(...data.value);
            continuationToken = data.continuationToken;
        } while (continuationToken);
        assert.equal(found.length, 5);
        assert.equal(found.find(({ id }) => id === personalId)?.connectivityType, "PersonalCloud");
        const [owner] = (await stranger.get(paths[2])).data.value;
        assert.equal(owner.principal.servicePrincipalDetails.aadAppId, idOf("maker"));
        assert.equal((await stranger.get(`/connections/${sharedId}`)).status, 404);
        assert.equal((await stranger.get("/admin/connections/50000000-0000-4000-8000-00000000ffff")).status, 404);
    });
});
