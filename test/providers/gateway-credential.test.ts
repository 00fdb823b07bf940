import assert from "node:assert/strict";
import { GatewayCredentialProvider } from "../../dynamic-providers/gateway-credential";
import * as support from "./support";

const { legacy, legacySecret } = support;
const gatewayIds = {
    hq: "6a7e0000-0000-4000-8000-0000000000a0",
    plant: "6a7e0000-0000-4000-8000-0000000000b0",
    vnet: "6a7e0000-0000-4000-8000-0000000000d0",
};
const datasourceIds = {
    hq: "50000000-0000-4000-8000-000000000002",
    plant: "50000000-0000-4000-8000-000000000003",
    vnet: "50000000-0000-4000-8000-000000000005",
};

describe("the gateway credential", () => {
    let bench: support.Bench;
    beforeEach(async () => (bench = await support.Bench.start("estate")));
    afterEach(() => bench.close());

    const provider = () => bench.configured(new GatewayCredentialProvider());
    const inputs = (place: keyof typeof gatewayIds, api: "powerbi" | "fabric", changes: object = {}) => ({
        gatewayId: gatewayIds[place],
        gatewayName: place,
        gatewayKind: place === "vnet" ? ("VNET" as const) : ("Onpremises" as const),
        datasourceId: datasourceIds[place],
        datasourceName: `dbx-${place}`,
        api,
        target: { ...bench.target, httpPath: "/sql/1.0/warehouses/a1b2c3d4e5f60718" },
        applicationId: legacy.applicationId,
        secretId: legacySecret.id,
        rotationKey: "2026-11",
        clientSecret: legacySecret.value,
        privacyLevel: "Private" as const,
        drift: [],
        ...changes,
    });
    const stored = async (place: keyof typeof gatewayIds) =>
        (await bench.control.world()).powerBi.datasources.find(
            ({ datasourceId }: { datasourceId: string }) => datasourceId === datasourceIds[place],
        );

    /** Opens a report that reads through a datasource. */
    const report = async (place: keyof typeof datasourceIds) => {
        const { powerBi } = await bench.control.world();
        for (const workspace of powerBi.workspaces) {
            for (const { id, sources } of workspace.datasets) {
                if (sources.some((source: { datasourceId?: string }) => source.datasourceId === datasourceIds[place])) {
                    return bench.control.query(workspace.id, id);
                }
            }
        }
        throw new Error(`no report reads through ${place}`);
    };

    const routes = [
        ["plant", "powerbi", "PATCH /v1.0/myorg/gateways/"],
        ["plant", "fabric", "PATCH /v1/connections/"],
        ["hq", "powerbi", "PATCH /v1.0/myorg/gateways/"],
        ["hq", "fabric", "PATCH /v1/connections/"],
        ["vnet", "fabric", "PATCH /v1/connections/"],
        ["vnet", "powerbi", "PATCH /v1.0/myorg/gateways/"],
    ] as const;
    for (const [place, api, route] of routes) {
        it(`${place} by ${api}: the gateway really decrypts what it gets, and everything else stays as it is`, async () => {
            await provider().create(inputs(place, api));
            const { credential, ciphertexts } = await stored(place);
            assert.equal(credential.username, legacy.applicationId);
            assert.equal(credential.password, legacySecret.value);
            assert.equal(credential.privacyLevel, "Private");
            assert.equal(ciphertexts.length, place === "vnet" ? 0 : place === "hq" ? 2 : 1);
            const sent = (await bench.control.requests()).map(({ method, path }) => `${method} ${path}`);
            assert.equal(sent.filter((line) => line.startsWith(route)).length, 1);
            assert.equal(sent.filter((line) => line.endsWith("/testConnection")).length, api === "fabric" ? 1 : 0);
        });
    }

    for (const [place, api, route] of routes) {
        it(`${place} by ${api}: refuses a datasource on single sign-on before anything is written, unless it may switch that off`, async () => {
            await bench.control.edit((world) => {
                const datasource = world.powerBi.datasources.find(
                    (item: { datasourceId: string }) => item.datasourceId === datasourceIds[place],
                );
                datasource.credential.useEndUserOAuth2Credentials = true;
                datasource.singleSignOnType = "MicrosoftEntraID";
            });
            const refused: { properties?: object; message: string } = await provider()
                .create(inputs(place, api))
                .then(
                    () => assert.fail("it did not fail"),
                    (reason) => reason,
                );
            assert.match(
                refused.message,
                /keeps the one that it had.*uses single sign-on \(.*Switch single sign-on off in the connection's settings, or set switchOffSingleSignOn: true/,
            );
            assert.equal(refused.properties, undefined, "nothing was written");
            assert.deepEqual(await bench.paths("PATCH"), []);
            const { outs } = await provider().create(inputs(place, api, { switchOffSingleSignOn: true }));
            const { credential, singleSignOnType } = await stored(place);
            assert.equal(credential.useEndUserOAuth2Credentials, false);
            if (route.includes("connections")) {
                assert.equal(singleSignOnType, "None");
            }
            assert.equal(credential.password, legacySecret.value);
            assert.ok(outs.boundAt);
        });
    }

    it("sees that somebody switched single sign-on on: reports do not use the credential any more", async () => {
        const state = (await provider().create(inputs("plant", "powerbi"))).outs;
        await bench.control.edit((world) => {
            const datasource = world.powerBi.datasources.find(
                (item: { datasourceId: string }) => item.datasourceId === datasourceIds.plant,
            );
            datasource.credential.useEndUserOAuth2Credentials = true;
        });
        const { props } = await provider().read("id", state);
        assert.match(props!.drift.join(), /"dbx-plant" of gateway "plant" uses single sign-on: its reports query with/);
    });

    it("sends no secret where an on-premises gateway's answer has no public key, or half of one", async () => {
        const gateway = { id: gatewayIds.plant, name: "plant" };
        for (const publicKey of [undefined, null, {}, { modulus: "abc" }, { exponent: "AQAB", modulus: "" }]) {
            const body = { ...gateway, publicKey };
            await bench.control.faults([
                { service: "powerBi", method: "GET", path: `/gateways/${gatewayIds.plant}$`, status: 200, body },
            ]);
            await assert.rejects(
                provider().create(inputs("plant", "powerbi")),
                /keeps the one that it had.*on-premises gateway "plant": the answer has no publicKey; the secret is not sent in plain text/,
            );
        }
        assert.deepEqual(await bench.paths("PATCH"), []);
    });

    it("sends no secret by Fabric where a member's key cannot be read, or no member is told", async () => {
        const good = { id: "m1", displayName: "hq-1", publicKey: { exponent: "AQAB", modulus: "abc" }, enabled: true };
        for (const value of [[], [{ ...good, publicKey: undefined }], [good, { id: "m2", displayName: "hq-2" }]]) {
            await bench.control.faults([{ service: "fabric", path: "/members$", status: 200, body: { value } }]);
            await assert.rejects(
                provider().create(inputs("hq", "fabric")),
                /keeps the one that it had.*on-premises gateway "hq": its members' public keys cannot be read \(.*(publicKey is absent|no member).*not\s+sent in plain text/,
            );
        }
        assert.deepEqual(await bench.paths("PATCH"), []);
    });

    it("sends no secret to a kind of gateway that nobody decided on", async () => {
        for (const api of ["powerbi", "fabric"] as const) {
            const foreign = inputs("plant", api, { gatewayKind: "StreamingVirtualNetwork" });
            await assert.rejects(provider().create(foreign), /"StreamingVirtualNetwork" is no kind of gateway/);
        }
        assert.deepEqual(await bench.paths("PATCH"), []);
    });

    it("encrypts by Fabric for each member of a cluster, and each ciphertext is another", async () => {
        await provider().create(inputs("hq", "fabric"));
        const { ciphertexts } = await stored("hq");
        assert.equal(new Set(ciphertexts.map(({ value }: { value: string }) => value)).size, 2);
    });

    it("takes the gateway's key anew each time: a replaced one is used at once", async () => {
        const state = (await provider().create(inputs("plant", "powerbi"))).outs;
        await bench.control.edit((world) => {
            const [member] = world.powerBi.gateways[1].members;
            Object.assign(member, { privateKey: undefined, keySize: 2048 });
        });
        await provider().update("id", state, { ...inputs("plant", "powerbi"), privacyLevel: "Organizational" });
        assert.equal((await stored("plant")).credential.privacyLevel, "Organizational");
    });

    for (const [place, api] of [
        ["plant", "powerbi"],
        ["hq", "fabric"],
    ] as const) {
        it(`${place} by ${api}: sees that the gateway's key was replaced, which makes reports fail, and encrypts anew`, async () => {
            const state = (await provider().create(inputs(place, api))).outs;
            assert.deepEqual((await provider().read("id", state)).props?.drift, []);
            assert.equal((await report(place)).ok, true);
            await bench.control.edit((world) => {
                const [member] = world.powerBi.gateways.find(
                    ({ id }: { id: string }) => id === gatewayIds[place],
                ).members;
                Object.assign(member, { privateKey: undefined, keySize: member.keySize === 1024 ? 2048 : 1024 });
            });
            assert.equal((await report(place)).ok, false);
            bench.nextRun();
            const seen = (await provider().read("id", state)).props!;
            assert.match(
                seen.drift.join(),
                /the key of gateway "\w+" was replaced: the credential of datasource "dbx-\w+" has to be encrypted anew/,
            );
            const healed = (await provider().update("id", seen as never, inputs(place, api))).outs;
            assert.equal((await report(place)).ok, true);
            assert.deepEqual((await provider().read("id", healed)).props?.drift, []);
        });
    }

    it("sees by Fabric that a member joined the cluster, which has no ciphertext, and not when one left", async () => {
        const state = (await provider().create(inputs("hq", "fabric"))).outs;
        const driftWith = async (change: (members: object[]) => void) => {
            await bench.control.edit((world) => change(world.powerBi.gateways[0].members));
            bench.nextRun();
            return (await provider().read("id", state)).props!.drift.join();
        };
        assert.equal(await driftWith((members) => void members.pop()), "");
        const newcomer = { id: "6a7e0000-0000-4000-8000-0000000000ee", name: "hq-3" };
        assert.match(
            await driftWith((members) => void members.push(newcomer)),
            /a member joined the cluster of gateway "hq": the credential of datasource "dbx-hq" has to be encrypted anew/,
        );
    });

    it("judges no key by a state from before keys were noted", async () => {
        const { outs } = await provider().create(inputs("plant", "powerbi"));
        const { props } = await provider().read("id", { ...outs, keyFingerprints: undefined } as never);
        assert.deepEqual(props?.drift, []);
    });

    for (const [place, api] of [
        ["plant", "powerbi"],
        ["hq", "fabric"],
        ["vnet", "fabric"],
    ] as const) {
        it(`${place} by ${api}: reaches a warehouse at a further host of its workspace, and sees no drift there`, async () => {
            const furtherHosts = ["sales.databricks.com"];
            const own = new URL(bench.sandbox.urls.databricks).host;
            const moveTo = (host: string) =>
                bench.control.edit((world) => {
                    world.databricks.hosts = furtherHosts;
                    const { workspaces, datasources } = world.powerBi;
                    type Placed = { datasourceId?: string };
                    const sources: Placed[] = workspaces
                        .flatMap((workspace: { datasets: object[] }) => workspace.datasets)
                        .flatMap((dataset: { sources: Placed[] }) => dataset.sources);
                    [...sources, ...(datasources as Placed[])]
                        .filter(({ datasourceId }) => datasourceId === datasourceIds[place])
                        .forEach((item) => Object.assign(item, { host }));
                });
            await moveTo("https://Sales.databricks.com/?o=1");
            await assert.rejects(
                provider().create(inputs(place, api)),
                /points to sales\.databricks\.com.*nothing was written/,
            );
            const state = (await provider().create(inputs(place, api, { furtherHosts }))).outs;
            assert.equal((await report(place)).ok, true);
            for (const host of ["sales.databricks.com:443", own]) {
                await moveTo(host);
                bench.nextRun();
                assert.deepEqual((await provider().read("id", state)).props?.drift, []);
                const declared = inputs(place, api, { furtherHosts });
                assert.equal((await provider().diff("id", state as never, declared)).changes, false);
            }
            await moveTo("other.databricks.com");
            bench.nextRun();
            assert.match(
                (await provider().read("id", state)).props!.drift.join(),
                /now points to other\.databricks\.com/,
            );
        });
    }

    it("writes nothing to a datasource that points elsewhere by now", async () => {
        await bench.control.edit((world) => {
            world.powerBi.datasources.find(
                (item: { datasourceId: string }) => item.datasourceId === datasourceIds.plant,
            ).httpPath = "/sql/1.0/warehouses/c0ffee00c0ffee01";
        });
        await assert.rejects(
            provider().create(inputs("plant", "powerbi")),
            /points to \S+c0ffee00c0ffee01, not to \S+a1b2c3d4e5f60718: nothing was written/,
        );
        assert.deepEqual(await bench.paths("PATCH"), []);
    });

    for (const api of ["powerbi", "fabric"] as const) {
        it(`says by ${api} why a credential was refused, that the old one is kept, and never the secret`, async () => {
            await assert.rejects(
                provider().create(inputs("plant", api, { clientSecret: "dose-wrong-secret", secretId: "s2" })),
                (error: Error) => {
                    assert.match(error.message, /was not switched to secret s2 and keeps the one that it had/);
                    assert.match(error.message, /answered 400 \S*(InvalidConnectionCredentials|IncorrectCredentials)/);
                    assert.ok(!error.message.includes("dose-wrong-secret"));
                    return true;
                },
            );
            assert.equal((await stored("plant")).credential.password, legacySecret.value);
        });
    }

    it("by Fabric fails when the connection's test fails, though the credential is stored", async () => {
        await bench.control.faults([
            {
                service: "fabric",
                path: "/result$",
                body: { status: "Offline", errors: [{ errorCode: "Gone", message: "no way" }] },
            },
        ]);
        await assert.rejects(
            provider().create(inputs("vnet", "fabric")),
            /"dbx-vnet" \S+ gateway "vnet" may hold secret \S+ or the one that it had before; both stay alive: the credential is stored, but the connection's test failed: Gone: no way/,
        );
    });

    for (const [place, api, route] of routes) {
        it(`${place} by ${api}: is unfinished when an answer was lost, whatever a repetition is told`, async () => {
            const service = api === "fabric" ? "fabric" : "powerBi";
            const patch = { service, method: "PATCH", path: route.replace(/^PATCH /, "") };
            await bench.control.faults([
                { ...patch, reset: true, when: "after", times: 1 },
                { ...patch, status: 403, body: { error: { code: "Forbidden" } } },
            ]);
            const error: { properties?: { unfinished: boolean }; message: string } = await provider()
                .create(inputs(place, api))
                .then(
                    () => assert.fail("it did not fail"),
                    (reason) => reason,
                );
            assert.equal(error.properties?.unfinished, true);
            assert.match(error.message, /may hold secret \S+ or the one that it had before/);
        });
    }

    it("sees by either API what is gone, no longer Basic, or pointing elsewhere, and says so", async () => {
        for (const [place, api] of [
            ["plant", "powerbi"],
            ["vnet", "fabric"],
        ] as const) {
            const state = (await provider().create(inputs(place, api))).outs;
            const driftAfter = async (change: (world: never, item: Record<string, unknown>) => void) => {
                const before = await bench.control.world();
                await bench.control.edit((world) =>
                    change(
                        world as never,
                        world.powerBi.datasources.find(
                            (item: { datasourceId: string }) => item.datasourceId === datasourceIds[place],
                        ),
                    ),
                );
                const { props } = await provider().read("id", state);
                await bench.control.edit((world) => Object.assign(world, before));
                return (props!.drift as string[]).join();
            };
            assert.equal(await driftAfter(() => {}), "");
            assert.match(await driftAfter((_, item) => (item.credential = null)), /is of type \w+, not Basic/);
            assert.match(await driftAfter((_, item) => (item.host = "elsewhere")), /now points to elsewhere/);
            assert.match(
                await driftAfter((_, item) => (item.datasourceId = "x")),
                /is gone, or SP2 no longer administers/,
            );
        }
    });
});
