import assert from "node:assert/strict";
import * as support from "./support";

describe("a new secret that does not work", function () {
    this.timeout(support.engineTimeoutInMs);

    let scene: support.Scene;
    before(async () => {
        scene = await support.setScene({ config: { verificationTimeoutInSeconds: 1 } });
        support.succeeds(await scene.stack.up());
    });
    after(() => scene?.close());

    it("is never bound: up fails before any credential is set, and the secret in use goes on working", async () => {
        await scene.control.faults([
            {
                service: "databricks",
                method: "POST",
                path: "/oidc/v1/token",
                newSecretsOnly: true,
                status: 401,
                body: { error: "invalid_client", error_description: "Client authentication failed" },
            },
        ]);
        support.configure(scene.stack, { rotationKey: "2026-12" });
        await scene.control.forgetRequests();
        const failed = await scene.stack.up();
        assert.notEqual(failed.exitCode, 0);
        assert.match(failed.output, /the new secret \S+ \(rotation key 2026-12\) of \S+ does not log in/);
        assert.match(failed.output, /Nothing was switched to it; the secret in use is untouched/);
        const requests = await scene.control.requests();
        assert.deepEqual(
            requests.filter((request) => request.method === "PATCH" && request.path.includes("/gateways/")),
            [],
        );
        assert.equal((await support.principal(scene.control, "powerbi-sales")).secrets.length, 2);
        await support.reportsWork(scene.control);
    });

    it("is bound by the next up once the cause is gone, and no other secret is minted", async () => {
        const minted = (await support.principal(scene.control, "powerbi-sales")).secrets[1];
        await scene.control.faults([]);
        await scene.control.forgetRequests();
        support.succeeds(await scene.stack.up());
        const mints = (await scene.control.requests()).filter(
            (request) => request.method === "POST" && request.path.endsWith("/credentials/secrets"),
        );
        assert.deepEqual(mints, []);
        const { secrets } = await support.principal(scene.control, "powerbi-sales");
        assert.deepEqual(
            secrets.map((secret) => secret.id),
            [minted.id],
        );
        await support.reportsWork(scene.control);
    });
});
