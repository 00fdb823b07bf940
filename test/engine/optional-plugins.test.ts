import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import * as support from "./support";

describe("optional plugins", function () {
    this.timeout(support.engineTimeoutInMs);

    let scene: support.Scene;
    before(async () => {
        const refuse = path.join(__dirname, "refuse-optional-plugins.js");
        assert.ok(fs.existsSync(refuse));
        scene = await support.setScene({ environment: { NODE_OPTIONS: `--require ${refuse}` } });
    });
    after(() => scene?.close());

    it("are never loaded by a stack that does not use them", async () => {
        support.succeeds(await scene.stack.up());
    });

    const uses = {
        "@pulumi/azuread": {
            powerBiServicePrincipal: {
                displayName: "sp2",
                federatedCredentials: [
                    { name: "gh", issuer: "https://token.actions.githubusercontent.com", subject: "s" },
                ],
            },
        },
        "@pulumi/azure-native": { keyVault: { resourceGroup: "rg", name: "vault" } },
        "@pulumi/command": { afterRotation: "true" },
    };
    for (const [name, config] of Object.entries(uses)) {
        it(`say how to install ${name} when the configuration needs it`, async () => {
            const [credential] = scene.stack.config()[`${support.project}:credentials`] as object[];
            const isCredential = !("powerBiServicePrincipal" in config);
            support.configure(scene.stack, isCredential ? { credentials: [{ ...credential, ...config }] } : config);
            const { output, exitCode } = await scene.stack.preview();
            assert.notEqual(exitCode, 0);
            assert.match(output, new RegExp(`needs the package ${name}\\. Install it: npm install ${name}`));
            support.configure(
                scene.stack,
                isCredential ? { credentials: [credential] } : { powerBiServicePrincipal: undefined },
            );
        });
    }
});
