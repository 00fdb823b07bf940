import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { distinctDatasources } from "../../components/power-bi-bindings";
import { DatasetOwnershipProvider } from "../../dynamic-providers/dataset-ownership";
import { DatasetRefreshProvider } from "../../dynamic-providers/dataset-refresh";
import { DatasourceCredentialProvider } from "../../dynamic-providers/datasource-credential";
import { doubts } from "../../sandbox/doubts";
import { until } from "../until";
import * as support from "./support";

const { workspaceId, datasetId, legacy, legacySecret } = support;

describe("the Power BI providers", () => {
    let bench: support.Bench;
    beforeEach(async () => (bench = await support.Bench.start()));
    afterEach(() => bench.close());

    const names = { workspaceName: "Sales", datasetName: "Sales model" };
    const ownership = () => bench.configured(new DatasetOwnershipProvider());
    const credential = () => bench.configured(new DatasourceCredentialProvider());
    const refresh = () => bench.configured(new DatasetRefreshProvider());
    const ownershipInputs = () => ({
        ...names,
        workspaceId,
        datasetId,
        targets: [bench.target],
        gateways: [],
        servedElsewhere: [],
        allowCredentialLoss: false,
        observed: [] as string[],
        drift: [] as string[],
    });
    const owned = async () => (await ownership().create(ownershipInputs())).outs;
    const credentialInputs = async (changes: object = {}) => ({
        credential: "powerbi-sales",
        applicationId: legacy.applicationId,
        secretId: legacySecret.id,
        rotationKey: "2026-11",
        clientSecret: legacySecret.value,
        datasources: distinctDatasources([(await owned()).datasources]),
        privacyLevel: "Organizational" as const,
        drift: [],
        ...changes,
    });

    describe("dataset ownership", () => {
        it("finds the datasource of a warehouse at the host that the model names, a further one of the workspace", async () => {
            await bench.control.edit((world) => {
                world.databricks.hosts = ["sales.databricks.com"];
                const [{ sources }] = world.powerBi.workspaces[0].datasets;
                sources[0].host = "Sales.databricks.com:443";
            });
            const refused = await ownership().check(undefined, ownershipInputs());
            assert.match(refused.failures![0].reason, /reads sales\.databricks\.com.*, not the declared warehouse/);
            const declared = { ...ownershipInputs(), furtherHosts: ["sales.databricks.com"] };
            assert.deepEqual((await ownership().check(undefined, declared)).failures, []);
            const { outs } = await ownership().create(declared);
            const [{ gatewayId, datasourceId, target }] = outs.datasources;
            assert.deepEqual(target, { ...bench.target, host: "sales.databricks.com" });
            await credential().create({
                credential: "powerbi-sales",
                applicationId: legacy.applicationId,
                secretId: legacySecret.id,
                rotationKey: "2026-11",
                clientSecret: legacySecret.value,
                datasources: [{ gatewayId, datasourceId }],
                privacyLevel: "Organizational",
                drift: [],
            });
            assert.equal((await bench.control.query(workspaceId, datasetId)).ok, true);
            assert.equal((await ownership().diff("id", outs as never, declared)).changes, false);
        });

        it("takes over what is not SP2's, and tells the datasources as they are then", async () => {
            const before = (await bench.control.world()).powerBi.datasources[0].datasourceId;
            const outs = await owned();
            assert.equal(outs.previousOwner, "ana@example.com");
            assert.notEqual(outs.datasources[0].datasourceId, before);
            assert.ok(outs.datasources[0].gatewayId);
        });

        it("remembers a schedule that was on when something fails behind the take-over", async () => {
            await bench.control.edit((world) => {
                const schedule = { enabled: true, days: ["Monday"], times: ["06:00"] };
                world.powerBi.workspaces[0].datasets[0].refreshSchedule = schedule;
            });
            const takeOver = { service: "powerBi", method: "POST", path: "/Default.TakeOver" };
            const failing = async (...faults: object[]) => {
                await bench.control.faults(faults);
                return ownership()
                    .create(ownershipInputs())
                    .then(
                        () => assert.fail("it did not fail"),
                        (reason) => reason as { properties?: { scheduleToRestore: string; owner: string } },
                    );
            };
            assert.equal((await failing({ ...takeOver, status: 403 })).properties, undefined, "nothing was taken over");
            const { properties } = await failing({ ...takeOver, status: 504, when: "after" });
            assert.equal(properties!.owner, "");
            assert.ok(properties!.scheduleToRestore > "2026");
            await bench.control.faults([]);
            const anew = (nonce: number) => {
                const provider = new DatasetOwnershipProvider();
                provider.configure({ config: { ...fresh(bench), nonce } as never });
                return provider;
            };
            const again = await anew(1).update("id", properties as never, ownershipInputs());
            assert.equal(again.outs.scheduleToRestore, properties!.scheduleToRestore);
            assert.match(
                await support.heard(() => anew(2).create(ownershipInputs())),
                /^warning: dataset "Sales model" in workspace "Sales" is SP2's already, and its refresh schedule is switched off/,
            );
            assert.match(again.outs.owner, /^c11e47aa/);
        });

        it("takes over where the refresh schedule cannot be read, and says so", async () => {
            for (const [nonce, fault] of [
                { status: 404, body: { error: { code: "SomethingNew" } } },
                { status: 200, body: {} },
                { status: 415, body: {} },
            ].entries()) {
                await bench.control.faults([
                    { service: "powerBi", method: "GET", path: "/refreshSchedule$", ...fault },
                ]);
                await bench.control.edit((world) => {
                    world.powerBi.workspaces[0].datasets[0].owner = "ana@example.com";
                });
                const provider = new DatasetOwnershipProvider();
                provider.configure({ config: { ...fresh(bench), nonce: `schedule ${nonce}` } as never });
                const said = await support.heard(async () => {
                    const { outs } = await provider.create(ownershipInputs());
                    assert.equal(outs.previousOwner, "ana@example.com");
                });
                const isTold =
                    /whether dataset "Sales model" .* refresh schedule that is on could not be read: .*keepSchedule: true/;
                assert.equal(isTold.test(said), fault.status !== 415, said);
            }
        });

        it("takes nothing over whose datasources cannot be read: a paused capacity is no owner who left", async () => {
            for (const code of ["CapacityNotActive", "SomethingNew", undefined]) {
                const body = { error: { code } };
                await bench.control.faults([{ service: "powerBi", path: "/datasources$", status: 404, body }]);
                const { failures } = await ownership().check(undefined, ownershipInputs());
                assert.match(failures![0].reason, /the datasources of dataset "Sales model" .* cannot be read: /);
                await assert.rejects(ownership().create(ownershipInputs()), /cannot be read: .*Nothing was taken over/);
            }
            const paths = await bench.paths("POST");
            assert.ok(!paths.some((path) => path.includes("TakeOver")));
        });

        it("does not take over what is SP2's already", async () => {
            await owned();
            await bench.control.forgetRequests();
            const outs = await owned();
            assert.equal(outs.previousOwner, "");
            assert.deepEqual(
                (await bench.paths("POST")).filter((path) => path.includes("TakeOver")),
                [],
            );
        });

        it("takes over what another service principal has, whatever it is called: SP2 may not look at its datasource", async () => {
            await bench.control.edit((world) => (world.powerBi.workspaces[0].datasets[0].owner = "somebody-elses-bot"));
            const outs = await owned();
            assert.equal(outs.previousOwner, "somebody-elses-bot");
            const taken = (await bench.paths("POST")).filter((path) => path.includes("TakeOver"));
            assert.equal(taken.length, 1);
        });

        for (const [behaviour, { does }] of Object.entries(doubts.configuredBy.behaviours)) {
            it(`takes a model over once, whatever Power BI writes of its owner (${behaviour}: ${does})`, async () => {
                await bench.control.edit((world) => {
                    world.doubts.configuredBy = behaviour as keyof typeof doubts.configuredBy.behaviours;
                });
                const outs = await owned();
                await bench.control.forgetRequests();
                bench.nextRun();
                const { props } = await ownership().read("id", { ...outs });
                assert.deepEqual(props?.drift, []);
                await ownership().update("id", props as never, ownershipInputs());
                // A stack that lost its state owns it all the same.
                await ownership().create(ownershipInputs());
                const taken = (await bench.paths("POST")).filter((path) => path.includes("TakeOver"));
                assert.deepEqual(taken, []);
            });

            it(`takes back a model that somebody else took over (${behaviour})`, async () => {
                await bench.control.edit((world) => {
                    world.doubts.configuredBy = behaviour as keyof typeof doubts.configuredBy.behaviours;
                });
                const outs = await owned();
                await bench.control.edit((world) => {
                    const [dataset] = world.powerBi.workspaces[0].datasets;
                    dataset.owner = "ana@example.com";
                    dataset.sources.forEach((source: { datasourceId?: string }) => delete source.datasourceId);
                });
                await bench.control.forgetRequests();
                bench.nextRun();
                const { props } = await ownership().read("id", { ...outs });
                assert.match(props!.drift.join(), /the owner of dataset .* is now ana@example\.com/);
                await ownership().update("id", props as never, ownershipInputs());
                const taken = (await bench.paths("POST")).filter((path) => path.includes("TakeOver"));
                assert.equal(taken.length, 1);
            });
        }

        it("refuses in preview a model whose other sources would lose their credentials", async () => {
            await bench.control.edit((world) => {
                const { sources } = world.powerBi.workspaces[0].datasets[0];
                sources.push({ kind: "Snowflake", host: "s", httpPath: "/" });
            });
            const { failures } = await ownership().check(undefined, ownershipInputs());
            assert.match(
                failures![0].reason,
                /would drop its owner's credentials of its other sources: Extension .*Snowflake/,
            );
            await assert.rejects(ownership().create(ownershipInputs()), /would drop/);
            const allowed = { ...ownershipInputs(), allowCredentialLoss: true };
            assert.deepEqual((await ownership().check(undefined, allowed)).failures, []);
        });

        it("looks at nothing while an input is unknown", async () => {
            const inputs = { ...ownershipInputs(), datasetId: pulumi.runtime.unknownValue };
            await bench.control.forgetRequests();
            assert.deepEqual((await ownership().check(undefined, inputs)).failures, []);
            assert.deepEqual(await bench.control.requests(), []);
        });

        it("is gone when the dataset is, and an error when Power BI does not answer", async () => {
            const outs = await owned();
            await bench.control.faults([
                { service: "powerBi", path: "/datasets$", status: 400, body: { error: { code: "X" } } },
            ]);
            const anew = bench.configured(new DatasetOwnershipProvider());
            anew.configure({ config: { ...fresh(bench), nonce: 1 } as never });
            await assert.rejects(
                anew.read("id", outs),
                /Power BI: GET \/v1\.0\/myorg\/groups\/\S+\/datasets answered 400 X/,
            );
            await bench.control.faults([]);
            const lost = [[401], [403], [404, "PowerBIEntityNotFound"]] as const;
            for (const [nonce, [status, code]] of lost.entries()) {
                const body = { error: { code } };
                await bench.control.faults([{ service: "powerBi", path: "/datasets$", status, body }]);
                anew.configure({ config: { ...fresh(bench), nonce: `${nonce} of lost rights` } as never });
                const { id, props } = await anew.read("id", outs);
                assert.equal(id, "id", "it stays in the state while it cannot be told whether it is gone");
                assert.match(
                    props!.drift.join(),
                    /SP2 no longer sees workspace "Sales": it was deleted, or SP2 left it/,
                );
            }
            for (const [code, words] of [
                ["CapacityNotActive", 'the capacity of workspace "Sales" is paused \\('],
                ["SomethingNew", "Power BI: GET \\S+ answered 404 SomethingNew"],
            ]) {
                const body = { error: { code } };
                await bench.control.faults([{ service: "powerBi", path: "/datasets$", status: 404, body }]);
                anew.configure({ config: { ...fresh(bench), nonce: code } as never });
                const said = await support.heard(async () => {
                    const { id, props } = await anew.read("id", outs);
                    assert.deepEqual([id, props!.drift], ["id", []]);
                });
                assert.match(
                    said,
                    new RegExp(`dataset "Sales model" in workspace "Sales" was not looked at: ${words}`),
                );
            }
            await bench.control.faults([]);
            await bench.control.edit((world) => {
                world.powerBi.workspaces[0].datasets = [];
            });
            anew.configure({ config: { ...fresh(bench), nonce: 2 } as never });
            assert.equal((await anew.read("id", outs)).id, "");
        });

        it("leaves the dataset as it is when it is deleted", async () => {
            const outs = await owned();
            await bench.control.forgetRequests();
            await ownership().delete("id", outs);
            assert.deepEqual(await bench.control.requests(), []);
        });
    });

    describe("datasource credential", () => {
        it("stores the credential, which a report then uses", async () => {
            await credential().create(await credentialInputs());
            assert.equal((await bench.control.query(workspaceId, datasetId)).ok, true);
        });

        it("says which datasource refused, with Power BI's code and request id, and never the secret", async () => {
            const inputs = await credentialInputs({ clientSecret: "dose-wrong-secret", secretId: "s2" });
            await assert.rejects(credential().create(inputs), (error: Error) => {
                assert.match(error.message, /0 of 1 datasources of powerbi-sales were switched to secret s2/);
                assert.match(
                    error.message,
                    /PATCH \/v1\.0\/myorg\/gateways\/\S+ answered 400 DM_GWPipeline_Gateway_InvalidConnectionCredentials/,
                );
                assert.match(error.message, /request id /);
                assert.ok(!error.message.includes("dose-wrong-secret"));
                return true;
            });
        });

        it("is replaced by a new secret, updated by other datasources, and left alone otherwise", async () => {
            const inputs = await credentialInputs();
            const state = { ...inputs, boundAt: "then", unfinished: [] };
            const same = await credential().diff("id", state, inputs);
            assert.deepEqual(same, { changes: false, replaces: [] });
            const rotated = await credential().diff("id", state, { ...inputs, secretId: "s2" });
            assert.deepEqual(rotated, { changes: true, replaces: ["secretId"] });
            const moved = await credential().diff("id", state, { ...inputs, datasources: [] });
            assert.deepEqual(moved, { changes: true, replaces: [] });
            const drifted = await credential().diff("id", { ...state, drift: ["x"] }, inputs);
            assert.equal(drifted.changes, true);
            const unknown = { ...inputs, secretId: pulumi.runtime.unknownValue };
            assert.deepEqual((await credential().diff("id", state, unknown)).replaces, ["secretId"]);
        });

        it("outlives 429 and 503, and ends with the words of what does not go away", async () => {
            const inputs = await credentialInputs();
            const patch = { service: "powerBi", method: "PATCH", path: "/gateways/" };
            await bench.control.faults([
                { ...patch, status: 429, headers: { "Retry-After": "0" }, body: { message: "Retry" }, times: 1 },
                { ...patch, status: 503, times: 1 },
                { ...patch, reset: true, times: 1 },
            ]);
            await credential().create(inputs);
            await bench.control.faults([{ ...patch, status: 429, headers: { "Retry-After": "3392" }, body: {} }]);
            await assert.rejects(credential().create(inputs), /asks to wait 3392 s, longer than the 60 s/);
            await bench.control.faults([{ ...patch, status: 403, body: { error: { code: "Forbidden" } } }]);
            await assert.rejects(credential().create(inputs), /answered 403 Forbidden.*SP2 must own the dataset/);
        });

        it("is unfinished when an answer was lost, whatever a repetition is told, and not when all were refusals", async () => {
            const inputs = await credentialInputs();
            const patch = { service: "powerBi", method: "PATCH", path: "/gateways/" };
            const failing = async (...faults: object[]): Promise<{ properties?: { unfinished: object[] } }> => {
                await bench.control.faults(faults);
                return credential()
                    .create(inputs)
                    .then(
                        () => assert.fail("it did not fail"),
                        (reason) => reason,
                    );
            };
            const lost = { ...patch, reset: true, when: "after", times: 1 };
            const tooMany = { status: 429, headers: { "Retry-After": "3392" }, body: {} };
            for (const last of [{ status: 403 }, { status: 404 }, tooMany]) {
                const error = await failing(lost, { ...patch, ...last });
                assert.equal(error.properties?.unfinished.length, 1, JSON.stringify(last));
            }
            const gatewayTimeout = { ...patch, status: 504, times: 1, when: "after" };
            assert.equal((await failing(gatewayTimeout, { ...patch, status: 403 })).properties?.unfinished.length, 1);
            assert.equal((await failing({ ...patch, status: 403 })).properties, undefined);
        });

        it("refuses a datasource on single sign-on before anything is written, unless it may switch that off", async () => {
            const inputs = await credentialInputs();
            const own = (world: { powerBi: { datasources: { owner: string; credential: object | null }[] } }) =>
                world.powerBi.datasources.find(({ owner }) => owner.startsWith("c11e47aa"))!;
            await bench.control.edit((world) => {
                const credential = { credentialType: "OAuth2", useEndUserOAuth2Credentials: true };
                own(world as never).credential = credential;
            });
            await bench.control.forgetRequests();
            const refused: { message: string; properties?: object } = await credential()
                .create(inputs)
                .then(
                    () => assert.fail("it did not fail"),
                    (reason) => reason,
                );
            assert.match(
                refused.message,
                /keep the secret that they had.*uses single sign-on: .*or set switchOffSingleSignOn: true on the binding/s,
            );
            assert.equal(refused.properties, undefined);
            assert.deepEqual(await bench.paths("PATCH"), []);
            const [{ datasourceId }] = inputs.datasources;
            const { outs } = await credential().create({ ...inputs, switchOffSingleSignOn: [datasourceId] });
            const stored = own((await bench.control.world()) as never).credential;
            assert.equal((stored as { useEndUserOAuth2Credentials: boolean }).useEndUserOAuth2Credentials, false);
            await bench.control.edit((world) => {
                Object.assign(own(world as never).credential!, { useEndUserOAuth2Credentials: true });
            });
            assert.match((await credential().read("id", outs)).props!.drift.join(), /uses single sign-on/);
        });

        it("is no drift where Power BI answers 404 with a code that says nothing", async () => {
            const { outs } = await credential().create(await credentialInputs());
            const get = { service: "powerBi", method: "GET", path: "/gateways/", status: 404 };
            await bench.control.faults([{ ...get, body: { error: { code: "SomethingNew" } } }]);
            const said = await support.heard(async () =>
                assert.deepEqual((await credential().read("id", outs)).props!.drift, []),
            );
            assert.match(said, /was not looked at: Power BI: GET \S+ answered 404 SomethingNew/);
        });

        it("sees a datasource that is gone, another's, or of another type, and says so", async () => {
            const inputs = await credentialInputs();
            const state = { ...(await credential().create(inputs)).outs };
            const driftAfter = async (change: (datasource: Record<string, unknown>) => void) => {
                const original = await bench.control.world();
                await bench.control.edit((world) =>
                    change(world.powerBi.datasources.find((d: { owner: string }) => d.owner.startsWith("c11e47aa"))),
                );
                const { props } = await credential().read("id", state);
                await bench.control.edit((world) => Object.assign(world, original));
                return props?.drift.join();
            };
            assert.equal(await driftAfter(() => {}), "");
            assert.match((await driftAfter((d) => (d.datasourceId = "x")))!, /is gone/);
            assert.match((await driftAfter((d) => (d.owner = "ben@example.com")))!, /no longer SP2's/);
            assert.match((await driftAfter((d) => (d.credential = null)))!, /is of type NotSpecified, not Basic/);
        });
    });

    describe("dataset refresh", () => {
        const inputs = (mode: "start" | "wait") => ({
            ...names,
            workspaceId,
            datasetId,
            secretId: "s",
            mode,
            drift: [],
        });

        it("is followed to its end", async () => {
            assert.equal((await refresh().create(inputs("wait"))).outs.status, "Completed");
        });

        it("fails with the service's reason when the credential does not work", async () => {
            await bench.control.edit((world) => {
                world.databricks.servicePrincipals[0].secrets = [];
            });
            await assert.rejects(
                refresh().create(inputs("wait")),
                /the refresh of dataset "Sales model" in workspace "Sales" ended as Failed: DM_GWPipeline_Gateway_InvalidConnectionCredentials/,
            );
        });

        it("waits for one that is running already, and says so", async () => {
            await bench.control.edit((world) => {
                const startTime = new Date().toISOString();
                world.powerBi.workspaces[0].datasets[0].refreshes = [{ requestId: "r0", startTime, status: "Unknown" }];
            });
            let status: string | undefined;
            const said = await support.heard(async () => {
                const run = refresh().create(inputs("wait"));
                // It ends once it was seen running.
                await until(async () => (await bench.paths("GET")).some((path) => /\/refreshes\?/.test(path)), run);
                await bench.control.edit((world) => {
                    world.powerBi.workspaces[0].datasets[0].refreshes[0].status = "Completed";
                });
                status = (await run).outs.status;
            });
            assert.match(said, /a refresh of dataset "Sales model" in workspace "Sales" is running already/);
            assert.equal(status, "Completed");
            const { powerBi } = await bench.control.world();
            assert.equal(powerBi.workspaces[0].datasets[0].refreshes.length, 2);
        });

        it("beyond the daily limit is a warning where it is only started, and an error where it is waited for", async () => {
            await bench.control.edit((world) => (world.powerBi.refreshesPerDay = 0));
            const said = await support.heard(async () => {
                assert.equal((await refresh().create(inputs("start"))).outs.status, "DailyLimitReached");
            });
            assert.match(
                said,
                /warning: the refresh of dataset "Sales model" .* was not started: the daily limit is reached/,
            );
            await assert.rejects(
                refresh().create(inputs("wait")),
                /exceeded the daily limit of 0 refreshes.*Run `pulumi up` again tomorrow, or set refresh: true/,
            );
        });

        it("that fails says why in words: the service's exception, not its JSON", async () => {
            await bench.control.edit((world) => {
                world.powerBi.workspaces[0].datasets[0].sources[0].table = "main.finance.ledger";
                world.databricks.securables.forEach((securable: { grants: object[] }) => (securable.grants = []));
            });
            await assert.rejects(
                refresh().create(inputs("wait")),
                /the refresh of dataset "Sales model" .* ended as Failed: DM_GWPipeline_Gateway_DataSourceAccessError: \[INSUFFICIENT_PERMISSIONS\]/,
            );
        });

        it("waits for another that begins just then: two of one dataset do not fail each other", async () => {
            // Both look before either has begun.
            await bench.control.faults([{ service: "powerBi", method: "POST", path: "/refreshes$", delayInMs: 1500 }]);
            const both = await Promise.all([refresh().create(inputs("wait")), refresh().create(inputs("start"))]);
            assert.deepEqual(both.map(({ outs }) => outs.status).sort(), ["Completed", "Unknown"]);
            const statuses = (await bench.control.requests())
                .filter((sent) => sent.method === "POST" && sent.path.endsWith("/refreshes"))
                .map((sent) => sent.status);
            assert.deepEqual(statuses.sort(), [202, 202, 400]);
        });

        it("that failed for its credential is drift, which a rotation heals: up only refreshes again", async () => {
            const { outs } = await refresh().create(inputs("wait"));
            await bench.control.edit((world) => {
                world.databricks.servicePrincipals[0].secrets = [];
            });
            await assert.rejects(refresh().create(inputs("wait")));
            bench.nextRun();
            assert.match(
                (await refresh().read("id", outs)).props!.drift.join(),
                /^the last refresh of dataset "Sales model" .* failed for its credential: \S+: .* \(up only refreshes again; a rotation binds a new secret: npm run rotate\)$/,
            );
        });

        it("is blamed on our credential only where the error names its datasource, if the model has other sources", async () => {
            const { outs } = await refresh().create(inputs("wait"));
            const readAfter = async (errorDescription: string, more: object) => {
                await bench.control.edit((world) => {
                    const [{ datasets }] = world.powerBi.workspaces;
                    const model = datasets.find(({ id }: { id: string }) => id === datasetId);
                    const serviceExceptionJson = JSON.stringify({
                        errorCode: "ModelRefreshFailed_CredentialsNotSpecified",
                        errorDescription,
                    });
                    model.refreshes.unshift({
                        ...model.refreshes[0],
                        requestId: `r${model.refreshes.length}`,
                        status: "Failed",
                        serviceExceptionJson,
                    });
                });
                bench.nextRun();
                let drift: string[] = [];
                const said = await support.heard(async () => {
                    drift = (await refresh().read("id", { ...outs, targets: [bench.target], ...more })).props!.drift;
                });
                return { drift: drift.length, said };
            };
            const mixed = { hasOtherSources: true };
            const other = await readAfter("The credential of sql.example.com is missing.", mixed);
            assert.equal(other.drift, 0);
            assert.match(other.said, /failed for a credential, and does not say of which source: .*\[refresh-failed\]/);
            assert.equal((await readAfter(`No credential for ${bench.target.host}.`, mixed)).drift, 1);
            assert.equal((await readAfter("A credential is missing.", { hasOtherSources: false })).drift, 1);
        });

        it("is not started twice when the answer to the start is lost", async () => {
            await bench.control.faults([
                { service: "powerBi", method: "POST", path: "/refreshes$", when: "after", status: 500, times: 1 },
            ]);
            await assert.rejects(refresh().create(inputs("start")), /POST \S+\/refreshes answered 500/);
            assert.equal((await bench.paths("POST")).filter((path) => path.endsWith("/refreshes")).length, 1);
        });
    });
});

function fresh(bench: support.Bench) {
    const values: { config?: object } = {};
    bench.configured({ configure: (request: { config: object }) => void (values.config = request.config) } as never);
    return values.config;
}
