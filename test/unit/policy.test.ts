import assert from "node:assert/strict";
import { Secret } from "@pulumi/policy";
import * as pulumi from "@pulumi/pulumi";
import { strayLoopback } from "../../policy/loopback-endpoints";
import { unprotected } from "../../policy/protected-principals";
import { tooShortLived } from "../../policy/secret-lifetime";
import { plainOutput, plainSecrets } from "../../policy/secret-values";
import { factsOf } from "../../policy/stack";
import { undeclaredList } from "../../policy/warehouse-permissions";

const principal = "databricks:index/servicePrincipal:ServicePrincipal";
const secret = "databricks:index/servicePrincipalSecret:ServicePrincipalSecret";
const verified = "pulumi-nodejs:dynamic/databricks:VerifiedSecret";

describe("the policy pack's rule about", () => {
    describe("lifetimes", () => {
        it("accepts a secret that outlives the interval and three days more", () => {
            assert.equal(tooShortLived(`${33 * 86400}s`, 30), undefined);
            assert.equal(tooShortLived(`${90 * 86400}s`, 30), undefined);
        });

        it("refuses one that lives a second less, and says how long it has to live", () => {
            assert.match(
                tooShortLived(`${33 * 86400 - 1}s`, 30)!,
                /lives 32 days.*rotated every 30 days.*at least 33 .*lifetimeDays.*rotationIntervalDays/,
            );
        });

        it("accepts Databricks' own lifetime, which is the longest there is", () => {
            assert.equal(tooShortLived(undefined, 700), undefined);
        });

        it("refuses a lifetime that it cannot read", () => {
            assert.match(tooShortLived("90d", 30)!, /"90d"; expected seconds/);
        });
    });

    describe("warehouses", () => {
        it("refuses a whole list of permissions and names the warehouse", () => {
            assert.match(
                undeclaredList("44ff", ["55aa"])!,
                /whole list of permissions of warehouse 44ff.*`warehouses`/,
            );
        });

        it("refuses it also while the warehouse is not known", () => {
            assert.match(undeclaredList(undefined, ["55aa"])!, /not known yet/);
        });

        it("accepts it for a warehouse that is declared", () => {
            assert.equal(undeclaredList("55aa", ["55aa"]), undefined);
        });
    });

    describe("protection", () => {
        it("refuses service principals of a production stack that are not protected", () => {
            const types = [
                principal,
                "azuread:index/application:Application",
                "azuread:index/servicePrincipal:ServicePrincipal",
            ];
            for (const type of types) {
                assert.match(unprotected(type, false, true)!, /another id.*`protect`.*docs\/operate\.md/);
                assert.equal(unprotected(type, true, true), undefined);
            }
        });

        it("leaves stacks on the sandbox and other resources alone", () => {
            assert.equal(unprotected(principal, false, false), undefined);
            assert.equal(unprotected(secret, false, true), undefined);
        });
    });

    describe("secrets", () => {
        it("finds inputs that hold a secret as plain text, in the configuration's namespaces too", () => {
            const inputs = { clientSecret: "s", secretId: "1", "databricks:token": "t", host: "h" };
            assert.deepEqual(plainSecrets(verified, inputs), ["clientSecret", "databricks:token"]);
        });

        it("accepts secrets, what is not known yet, and what is not given", () => {
            const { unknownValue } = pulumi.runtime;
            const inputs = { clientSecret: new Secret("s"), stringValue: unknownValue, token: undefined };
            assert.deepEqual(plainSecrets(verified, inputs), []);
        });

        it("looks into the value of a key vault's secret", () => {
            const type = "azure-native:keyvault:Secret";
            assert.deepEqual(plainSecrets(type, { properties: { value: "v" } }), ["properties.value"]);
            assert.deepEqual(plainSecrets(type, { properties: { value: new Secret("v") } }), []);
            assert.deepEqual(plainSecrets(type, { properties: new Secret({ value: "v" }) }), []);
            assert.deepEqual(plainSecrets(type, {}), []);
        });

        it("finds outputs that are not declared as secrets", () => {
            assert.equal(plainOutput(secret, {}, []), "secret");
            assert.equal(plainOutput(secret, {}, ["secret"]), undefined);
            assert.equal(plainOutput(verified, { clientSecret: "" }, []), "clientSecret");
            assert.equal(plainOutput(verified, { clientSecret: "" }, ["clientSecret"]), undefined);
            assert.equal(plainOutput("pulumi-nodejs:dynamic/databricks:SecretSlots", {}, []), undefined);
        });
    });

    describe("endpoints on this machine", () => {
        const loopback = { "databricks:host": "http://127.0.0.1:18080" };

        it("accepts them in development stacks", () => {
            assert.equal(strayLoopback("dev-anna", loopback, ["dev", "dev-*"]), undefined);
        });

        it("refuses them in any other stack, by their keys", () => {
            assert.match(
                strayLoopback("prod", loopback, ["dev"])!,
                /Stack prod has databricks:host \(http:\/\/127\.0\.0\.1:18080\) on this machine/,
            );
        });

        it("has nothing against real services anywhere", () => {
            assert.equal(strayLoopback("prod", {}, ["dev"]), undefined);
        });
    });
});

describe("what the policy pack knows of a stack", () => {
    const facts = (changes: Record<string, unknown>) => {
        const values: Record<string, unknown> = {
            "databricks:host": "http://127.0.0.1:18080",
            "databricks:token": "dapi-of-a-test",
            endpoints: { entra: "http://127.0.0.1:1", powerBi: "http://localhost:2", fabric: "http://[::1]:3" },
            ...changes,
        };
        return factsOf("dev", (key) => {
            const value = values[key];
            return value === undefined || typeof value === "string" ? value : JSON.stringify(value);
        });
    };

    it("is that it is no production stack when all of its services are on this machine", () => {
        const { production, loopback } = facts({});
        assert.equal(production, false);
        assert.deepEqual(Object.keys(loopback).sort(), [
            "databricks:host",
            "endpoints.entra",
            "endpoints.fabric",
            "endpoints.powerBi",
        ]);
    });

    it("is that it is one when any of them is elsewhere", () => {
        const { production, loopback } = facts({ endpoints: { entra: "http://127.0.0.1:1" } });
        assert.equal(production, true);
        assert.deepEqual(Object.keys(loopback), ["databricks:host", "endpoints.entra"]);
        const host = "https://adb-1234567890123456.7.azuredatabricks.net";
        const further = facts({ databricksWorkspaces: { aws: { host, authType: "pat", token: "t" } } });
        assert.equal(further.production, true);
    });

    it("is the interval that it declares", () => {
        assert.equal(facts({ rotationIntervalDays: 60 }).rotationIntervalDays, 60);
        assert.equal(facts({ rotationIntervalDays: 0 }).rotationIntervalDays, undefined);
        assert.equal(facts({}).rotationIntervalDays, undefined);
    });

    it("is that it is a production stack when its configuration cannot be read", () => {
        assert.deepEqual(facts({ cloud: "mars" }), {
            name: "dev",
            production: true,
            loopback: {},
            rotationIntervalDays: undefined,
        });
    });
});
