import assert from "node:assert/strict";
import { ConnectionsScene, idOf, personalId, sharedId } from "./connections-world";

describe("the sandbox's connections of the whole tenant", () => {
    let scene: ConnectionsScene;
    beforeEach(async () => {
        scene = await ConnectionsScene.start();
    });
    afterEach(() => scene.close());

    it("are closed to who is not named for them, a gateway's admin and an owner too", async () => {
        for (const name of ["sp2", "maker"] as const) {
            const refused = await scene.fabric[name].get("/admin/connections");
            assert.deepEqual([refused.status, refused.data.errorCode], [401, "Unauthorized"], name);
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
        assert.equal((await stranger.get(`/connections/${sharedId}`)).status, 404);
    });
});
