import assert from "node:assert/strict";
import axios from "axios";
import * as support from "./support";

describe("generations of a secret", function () {
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

    before(async () => {
        scene = await support.setScene({ config: { verificationTimeoutInSeconds: 1 } });
        support.succeeds(await scene.stack.up());
        [first] = await secrets();
    });
    after(() => scene?.close());

    describe("in retainedRotationKeys", () => {
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
            assert.equal(await support.mints(scene.control), 0);
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

    describe("of which the new one does not work", () => {
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
            support.configure(scene.stack, { rotationKey: "2027-01" });
            await scene.control.forgetRequests();
            const failed = await scene.stack.up();
            assert.notEqual(failed.exitCode, 0);
            assert.match(failed.output, /the new secret \S+ \(rotation key 2027-01\) of \S+ does not log in/);
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
            assert.equal(await support.mints(scene.control), 0);
            const { secrets } = await support.principal(scene.control, "powerbi-sales");
            assert.deepEqual(
                secrets.map((secret) => secret.id),
                [minted.id],
            );
            await support.reportsWork(scene.control);
        });
    });
});
