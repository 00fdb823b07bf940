import assert from "node:assert/strict";
import { DatasetOwnershipProvider } from "../../dynamic-providers/dataset-ownership";
import { Login, LoginFiles, powerBiLogins, trustLogins } from "../logins";
import { identityEndpoint } from "../identity-endpoint";
import { planAlone } from "../planning/plan-alone";
import * as support from "./support";

/** Who logs in is the program and the providers; `test/engine/logins.test.ts` brings some of these to them by the engine. */
describe("every way to log in as SP2", () => {
    let files: LoginFiles;
    let bench: support.Bench;
    const own = { ...process.env };
    before(() => (files = new LoginFiles()));
    beforeEach(async () => {
        bench = await support.Bench.start();
        await trustLogins(bench.control, bench.sandbox.urls, files);
    });
    afterEach(async () => {
        Object.keys(process.env).forEach((name) => delete process.env[name]);
        Object.assign(process.env, own);
        await bench.close();
    });
    after(() => files.remove());

    const bindings = [{ workspace: "Sales", dataset: "Sales model", gatewayType: "NoGateway" }];
    const credentials = [{ servicePrincipal: "powerbi-sales", warehouse: "Sales warehouse", bindings }];

    for (const { name, config, environment } of Object.values<Login>(powerBiLogins)) {
        it(`${name}: planning sees what SP2 sees, and a provider takes a model over`, async () => {
            const { IDENTITY_ENDPOINT: identity, ...variables } = environment?.(files, bench.sandbox.urls) ?? {};
            Object.assign(process.env, variables, identity && { IDENTITY_ENDPOINT: await identityEndpoint(identity) });
            bench.config.powerBi = JSON.stringify(config(files));
            const { refusal, plans } = await planAlone(bench, { credentials });
            assert.equal(refusal, "");
            const [{ cloud }] = plans;
            assert.deepEqual(
                cloud.map(({ datasetName }) => datasetName),
                ["Sales model"],
            );
            await bench.configured(new DatasetOwnershipProvider()).create({
                workspaceId: support.workspaceId,
                workspaceName: "Sales",
                datasetId: support.datasetId,
                datasetName: "Sales model",
                targets: [bench.target],
                gateways: [],
                servedElsewhere: [],
                allowCredentialLoss: false,
                observed: [],
                drift: [],
            });
            const { powerBi } = await bench.control.world();
            assert.equal(powerBi.workspaces[0].datasets[0].owner, "c11e47aa-0000-4000-8000-000000000002");
        });
    }
});
