import assert from "node:assert/strict";
import { databricksLogins, ids, Login, LoginFiles, powerBiLogins, trustLogins, valuesOfLogins } from "../logins";
import * as support from "./support";

/**
 * One of each way in which an engine's run gets at a login: entries of a secret scope, the stack's configuration, and the
 * environment of a job or machine. `test/providers/logins.test.ts` tries all of SP2's.
 */
const steps: { powerBi: Login; databricks?: Login }[] = [
    { powerBi: powerBiLogins.otherKeys },
    { powerBi: powerBiLogins.certificate },
    { powerBi: powerBiLogins.github, databricks: databricksLogins.github },
    { powerBi: powerBiLogins.azureDevOps, databricks: databricksLogins.azureDevOps },
    { powerBi: powerBiLogins.azureCli, databricks: databricksLogins.machine },
];

describe("ways to log in, on the real engine", function () {
    this.timeout(support.engineTimeoutInMs);

    let files: LoginFiles;
    let scene: support.Scene;
    // A refresh logs in as the last run did: what an earlier step needs stays.
    const environment: Record<string, string> = {};
    before(async () => {
        files = new LoginFiles();
        scene = await support.setScene({ environment });
        await trustLogins(scene.control, scene.sandbox.urls, files);
    });
    after(async () => {
        await scene?.close();
        files?.remove();
    });

    for (const [position, { powerBi, databricks }] of steps.entries()) {
        const both = [powerBi, databricks].flatMap((login) => login?.name ?? []).join(", ");
        it(`${both}: up makes a secret and binds it, and a report reads its data`, async () => {
            for (const login of [powerBi, databricks]) {
                Object.assign(environment, login?.environment?.(files, scene.sandbox.urls));
            }
            const given = Object.entries(databricks?.config(files) ?? {});
            scene.stack.configure(Object.fromEntries(given.map(([key, value]) => [`databricks:${key}`, value])));
            const rotationKey = `2027-0${position + 1}`;
            support.configure(scene.stack, { powerBi: powerBi.config(files), rotationKey });
            await scene.control.forgetRequests();
            const { output } = support.succeeds(await scene.stack.up());
            assert.equal(await support.mints(scene.control), 2);
            await support.reportsWork(scene.control);
            valuesOfLogins.forEach((value) => assert.ok(!output.includes(value)));
        });
    }

    it("serve a refresh as well", async () => {
        support.succeeds(await scene.stack.refresh());
    });

    describe("with a client secret of SP2's that changed", () => {
        before(async () => {
            await changeSecret("sandbox-sp2-secret");
            support.succeeds(await scene.stack.up());
        });

        it("SP2 from the configuration: an up is refused, and the next one needs PULUMI_RUN_PROGRAM=true once", async () => {
            await changeSecret("sandbox-sp2-next");
            // The engine refreshes with the configuration of the last run, whose secret is no more.
            support.failsWith(
                await scene.stack.up(),
                /Entra: the login of the service principal \S+ .* failed: .*AADSTS7000215/,
            );
            environment.PULUMI_RUN_PROGRAM = "true";
            support.succeeds(await scene.stack.up());
            delete environment.PULUMI_RUN_PROGRAM;
            support.succeeds(await scene.stack.up());
        });

        it("SP2 from the configuration: or the next one needs --refresh=false once", async () => {
            await changeSecret("sandbox-sp2-last");
            support.succeeds(await scene.stack.up("--refresh=false"));
            support.succeeds(await scene.stack.up());
        });

        /** Replaces it in Entra and in the configuration. */
        async function changeSecret(clientSecret: string): Promise<void> {
            await scene.control.edit((world) => {
                world.entra.tenants[0].applications[0].secrets = [{ value: clientSecret }];
            });
            support.configure(scene.stack, { powerBi: { ...ids, clientSecret } });
        }
    });
});
