import assert from "node:assert/strict";
import axios from "axios";
import * as support from "./support";

describe("retainedRotationKeys", function () {
    this.timeout(support.engineTimeoutInMs);

    let scene: support.Scene;
    let first: { id: string; secret: string };
    const secrets = async () => (await support.principal(scene.control, "powerbi-sales")).secrets;
    const bound = async () => {
        const { powerBi } = await scene.control.world();
        const { applicationId } = await support.principal(scene.control, "powerbi-sales");
        return powerBi.datasources.find(
            (datasource: { credential?: { username?: string } }) => datasource.credential?.username === applicationId,
        ).credential.password;
    };
    const mints = async () =>
        (await scene.control.requests()).filter(
            (request) => request.method === "POST" && request.path.endsWith("/credentials/secrets"),
        ).length;

    before(async () => {
        scene = await support.setScene();
        support.succeeds(await scene.stack.up());
        [first] = await secrets();
    });
    after(() => scene?.close());

    it("keeps the former generation alive, and it logs in", async () => {
        support.configure(scene.stack, { rotationKey: "2026-12", retainedRotationKeys: ["2026-11"] });
        support.succeeds(await scene.stack.up());
        assert.equal((await secrets()).length, 2);
        assert.notEqual(await bound(), first.secret);
        const { applicationId } = await support.principal(scene.control, "powerbi-sales");
        const login = await axios.post(
            `${scene.sandbox.urls.databricks}/oidc/v1/token`,
            "grant_type=client_credentials&scope=all-apis",
            { auth: { username: applicationId, password: first.secret } },
        );
        assert.equal(login.status, 200);
    });

    it("rolls back to it without minting when it is put first again", async () => {
        support.configure(scene.stack, { rotationKey: "2026-11", retainedRotationKeys: ["2026-12"] });
        await scene.control.forgetRequests();
        support.succeeds(await scene.stack.up());
        assert.equal(await mints(), 0);
        assert.equal(await bound(), first.secret);
        await support.reportsWork(scene.control);
    });

    it("deletes a generation that is dropped from the list", async () => {
        support.configure(scene.stack, { rotationKey: "2026-11", retainedRotationKeys: [] });
        support.succeeds(await scene.stack.up());
        assert.deepEqual(
            (await secrets()).map((secret) => secret.id),
            [first.id],
        );
        await support.reportsWork(scene.control);
    });
});
