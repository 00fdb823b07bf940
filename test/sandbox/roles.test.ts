import assert from "node:assert/strict";
import { applications, ConnectionsScene, idOf, legacy, personalId, plantSourceId, sharedId } from "./connections-world";

const assignments = `/connections/${sharedId}/roleAssignments`;

describe("the roles of the sandbox's connections", () => {
    let scene: ConnectionsScene;
    beforeEach(async () => {
        scene = await ConnectionsScene.start();
    });
    afterEach(() => scene.close());

    const update = (id: string, connectivityType: string, as: "sp2" | "maker") =>
        scene.fabric[as].patch(`/connections/${id}`, {
            connectivityType,
            credentialDetails: {
                singleSignOnType: "None",
                connectionEncryption: "NotEncrypted",
                credentials: { credentialType: "Basic", ...legacy },
            },
        });
    const principal = (name: "sp2" | "stranger") => ({ id: applications[name][1], type: "ServicePrincipal" });

    it("of nobody hide a connection: reading, testing and changing it answer that there is none", async () => {
        const { sp2 } = scene.fabric;
        const answers = [
            await sp2.get(`/connections/${sharedId}`),
            await sp2.post(`/connections/${sharedId}/testConnection`),
            await update(sharedId, "ShareableCloud", "sp2"),
            await sp2.delete(`/connections/${sharedId}`),
            await sp2.get(assignments),
        ];
        assert.deepEqual(
            answers.map(({ status, data }) => [status, data.errorCode]),
            answers.map(() => [404, "EntityNotFound"]),
        );
        assert.equal((await sp2.get(`/connections/${personalId}`)).status, 404);
    });

    for (const role of ["User", "UserWithReshare"]) {
        it(`${role} reads and tests a connection and does not change it`, async () => {
            await scene.give("sp2", role);
            assert.equal((await scene.fabric.sp2.get(`/connections/${sharedId}`)).status, 200);
            assert.equal((await scene.tested(sharedId, "sp2")).status, "Online");
            for (const refused of [
                await update(sharedId, "ShareableCloud", "sp2"),
                await scene.fabric.sp2.delete(`/connections/${sharedId}`),
            ]) {
                assert.equal(refused.status, 403);
                assert.equal(refused.data.errorCode, "InsufficientPermissionsToManageConnection");
            }
        });
    }

    it("Owner changes a connection, through Power BI's own route too", async () => {
        await scene.give("sp2", "Owner");
        assert.equal((await update(sharedId, "ShareableCloud", "sp2")).status, 200);
        const { gatewayId } = (await scene.fabric.sp2.get(`/connections/${sharedId}`)).data;
        const route = `/gateways/${gatewayId}/datasources/${sharedId}`;
        assert.equal((await scene.powerBi.sp2.get(route)).status, 200);
        assert.equal((await scene.powerBi.stranger.get(route)).status, 401);
    });

    it("are not needed by an admin of the gateway, who may do everything but list", async () => {
        const { sp2 } = scene.fabric;
        const path = `/connections/${plantSourceId}`;
        assert.equal((await sp2.get(path)).status, 200);
        assert.equal((await scene.tested(plantSourceId, "sp2")).status, "Online");
        const added = await sp2.post(`${path}/roleAssignments`, { principal: principal("sp2"), role: "User" });
        assert.equal(added.status, 201);
        assert.equal((await sp2.delete(path)).status, 200);
        assert.equal((await scene.fabric.maker.get(path)).status, 404);
    });

    it("are listed with who has them, added, changed and taken back by an owner", async () => {
        const { maker, sp2 } = scene.fabric;
        const added = await maker.post(assignments, { principal: principal("sp2"), role: "User" });
        assert.equal(added.status, 201);
        assert.ok(added.headers.location.endsWith(`${assignments}/${added.data.id}`));
        const { value } = (await maker.get(assignments)).data;
        assert.deepEqual(
            value.map(({ principal: { servicePrincipalDetails }, role }: typeof added.data) => [
                servicePrincipalDetails.aadAppId,
                role,
            ]),
            [
                [idOf("maker"), "Owner"],
                [idOf("sp2"), "User"],
            ],
        );
        const one = `${assignments}/${added.data.id}`;
        assert.equal((await sp2.get(one)).data.principal.id, applications.sp2[1]);
        assert.equal((await sp2.patch(one, { role: "Owner" })).status, 403);
        assert.equal((await maker.patch(one, { role: "Owner" })).data.role, "Owner");
        assert.equal((await update(sharedId, "ShareableCloud", "sp2")).status, 200);
        assert.equal((await maker.delete(one)).status, 200);
        assert.equal((await sp2.get(`/connections/${sharedId}`)).status, 404);
    });

    it("are shared by UserWithReshare up to its own, and by User not at all", async () => {
        await scene.give("sp2", "UserWithReshare");
        const share = (role: string, name: "sp2" | "stranger" = "stranger") =>
            scene.fabric.sp2.post(assignments, { principal: principal(name), role });
        assert.equal((await share("Owner")).status, 403);
        assert.equal((await share("User")).status, 201);
        const byUser = { principal: principal("sp2"), role: "User" };
        assert.equal((await scene.fabric.stranger.post(assignments, byUser)).status, 403);
        assert.equal((await share("User")).status, 400, "who has a role does not get another");
    });

    it("are refused for who is not in the directory, and for what cannot be shared", async () => {
        const unknown = { id: "0b1ec7aa-0000-4000-8000-00000000ffff", type: "ServicePrincipal" };
        const { maker } = scene.fabric;
        assert.equal((await maker.post(assignments, { principal: unknown, role: "User" })).status, 400);
        const body = { principal: principal("sp2"), role: "User" };
        assert.equal((await maker.post(`/connections/${personalId}/roleAssignments`, body)).status, 400);
        const { value } = (await maker.get(`/connections/${personalId}/roleAssignments`)).data;
        assert.deepEqual(
            value.map(({ role }: { role: string }) => role),
            ["Owner"],
        );
    });

    it("come in pages", async () => {
        await scene.give("sp2", "User");
        await scene.control.edit(({ powerBi }) => (powerBi.fabricPageSize = 1));
        const first = (await scene.fabric.maker.get(assignments)).data;
        assert.equal(first.value.length, 1);
        const { continuationToken } = first;
        const last = (await scene.fabric.maker.get(assignments, { params: { continuationToken } })).data;
        assert.equal(last.value.length, 1);
        assert.ok(!("continuationToken" in last));
    });
});
