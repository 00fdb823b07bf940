import assert from "node:assert/strict";
import { ConfigurationError, invalid } from "../../clients/config-reader";
import { Discovery } from "../../planning/discover";
import { CloudDataset, CredentialPlan } from "../../planning/plan";
import { CredentialOutputs, HeldOutputs } from "../../outputs";
import { demandAsExpected } from "./judge";
import { outcomeOf, outcomeOfRead } from "./outcome";
import { Row } from "./report";
import { notice } from "../../diagnostics/diagnostic";

const target = { host: "adb-1.azuredatabricks.net", httpPath: "/sql/1.0/warehouses/44ff" };

/** A dataset in the cloud. */
const model = (datasetId: string, changes: Partial<CloudDataset> = {}): CloudDataset => ({
    ...{ workspaceId: "w", workspaceName: "Sales", datasetId, datasetName: `model ${datasetId}` },
    ...{ refresh: false, allowCredentialLoss: false, keepSchedule: false, switchOffSingleSignOn: false },
    ...{ targets: [target], gateways: [], servedElsewhere: [], observed: [], ...changes },
});
const planned = (cloud: CloudDataset[], held: HeldOutputs[], ...told: string[]): Discovery => ({
    plans: [
        {
            ...{ grants: [], warehouseIds: [], datasources: [], refreshes: [], cloud },
            account: { keptKeys: [], outputs: { held } },
        } as unknown as CredentialPlan,
    ],
    ownScopes: new Map(),
    warnings: told.map((reason) => notice("sources-unreadable", {}, reason, "look at it")),
});
const found = (cloud: CloudDataset[], ...warnings: string[]) => planned(cloud, [], ...warnings);

describe("the judge of answers that lack something", () => {
    const genuine = found([model("d0a1"), model("d0b1")]);
    const outcome = (discovery: Discovery, past = {}) => outcomeOf(genuine, { discovery }, past).outcome;

    it("sees the same plan under other names, and one that is smaller or larger", () => {
        assert.equal(outcome(found([model("d0b1"), model("d0a1", { datasetName: "renamed" })])), "converges");
        assert.equal(outcome(found([model("d0a1")])), "believes");
        assert.equal(outcome(found([model("d0a1")], 'dataset "model d0b1" cannot be looked at')), "keeps");
        assert.equal(outcome(found([model("d0a1")], 'dataset "model d0c1" cannot be looked at')), "believes");
        assert.equal(outcome(found([model("d0a1"), model("d0b1"), model("d0c1")])), "breaks");
        assert.equal(outcome(found([model("d0a1"), model("d0b1", { keepSchedule: true })])), "breaks");
    });

    it("lets nothing of what an earlier run bound go, told or not, unless it is held", () => {
        const source = {
            gatewayId: "c",
            gateway: "",
            kind: "NoGateway" as const,
            datasourceId: "s",
            ...target,
            datasets: [],
        };
        const lastUp = { one: { datasources: [source] } as unknown as CredentialOutputs };
        const warning = 'dataset "model d0b1" cannot be looked at';
        assert.equal(outcome(found([], warning), lastUp), "breaks");
        const held = [{ ...source, rotationKey: "k1" }];
        assert.equal(outcome(planned([], held, warning), lastUp), "keeps");
        assert.equal(outcome(planned([], held), lastUp), "breaks", "nobody is told");
        assert.equal(
            outcome(found([model("d0a1")], warning), lastUp),
            "keeps",
            "another model's run writes the datasource",
        );
    });

    it("tells an error for users from a defect", () => {
        const ofError = (error: Error) => outcomeOf(genuine, { error }, {}).outcome;
        assert.equal(
            ofError(new ConfigurationError([invalid("credentials[0].warehouse", "there is none")])),
            "refuses",
        );
        assert.equal(ofError(new Error("Power BI: GET /v1.0/myorg/groups answered 403.")), "refuses");
        assert.equal(ofError(new TypeError("page.value is not iterable")), "breaks");
        assert.equal(ofError(new ConfigurationError([invalid("x", "there is no workspace undefined")])), "breaks");
    });

    it("tells what a read does to the state", () => {
        const state = { id: "x", props: { drift: [] as string[], enabled: true } };
        assert.equal(outcomeOfRead(state, structuredClone(state)).outcome, "converges");
        assert.equal(outcomeOfRead(state, { id: "", props: {} }).outcome, "believes");
        assert.equal(outcomeOfRead(state, { id: "x", props: { drift: ["is off"] } }).outcome, "keeps");
        assert.equal(outcomeOfRead(state, { id: "x", props: { drift: [] } }).outcome, "believes");
    });

    it("fails for what is worse than expected, and for a known failure that passes, changes or is tried no more", () => {
        const row = (outcome: Row["found"]["outcome"]): Row => ({
            ...{ scene: "s", answer: "a", field: "/f", expected: "keeps" },
            found: { outcome, words: "" },
        });
        const known = [{ scene: "s", answer: "a", field: "/f", found: "breaks" as const, reason: "why" }];
        demandAsExpected([row("converges")], []);
        demandAsExpected([row("keeps")], []);
        demandAsExpected([row("breaks")], known);
        assert.throws(() => demandAsExpected([row("refuses")], []), /s: a: \/f: expected keeps, refuses/);
        assert.throws(() => demandAsExpected([row("keeps")], known), /known to end as breaks, keeps/);
        assert.throws(() => demandAsExpected([row("refuses")], known), /known to end as breaks, refuses/);
        assert.throws(() => demandAsExpected([], known), /is not tried any more/);
    });
});
