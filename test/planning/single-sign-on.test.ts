import assert from "node:assert/strict";
import { Bench } from "../providers/support";
import { planAlone } from "./plan-alone";

const finance = { servicePrincipal: "powerbi-finance", warehouse: "Finance warehouse" };

/** Where single sign-on may be on, and what leads there. */
const places = {
    "dbx-finance": {
        gateway: "HQ cluster",
        ways: {
            "a named datasource": { gateway: "HQ cluster", datasource: "dbx-finance" },
            "a named dataset": { workspace: "Finance EMEA", dataset: "Ledger" },
            "a rule via workspaces": { discover: "warehouse", workspaces: ["Finance EMEA"] },
            "a rule via gateways": { discover: "warehouse", via: "gateways", gateways: ["HQ *"] },
        },
    },
    "dbx-finance-vnet": {
        gateway: "Azure VNET",
        ways: {
            "a named datasource": { gateway: "Azure VNET", datasource: "dbx-finance-vnet" },
            "a named dataset": { workspace: "Finance EMEA", dataset: "Cash" },
            "a rule via workspaces": { discover: "warehouse", workspaces: ["Finance EMEA"] },
            "a rule via gateways": { discover: "warehouse", via: "gateways", gateways: ["Azure *"] },
        },
    },
};

describe("a connection on single sign-on", () => {
    let bench: Bench;
    before(async () => {
        bench = await Bench.start("estate");
        await bench.control.edit((world) => {
            for (const source of world.powerBi.datasources.filter(({ name }: { name?: string }) => name! in places)) {
                source.singleSignOnType = "MicrosoftEntraID";
                source.credential.useEndUserOAuth2Credentials = true;
            }
        });
    });
    after(() => bench?.close());

    const plan = (binding: object) => planAlone(bench, { credentials: [{ ...finance, bindings: [binding] }] });

    for (const [datasource, { gateway, ways }] of Object.entries(places)) {
        for (const [way, binding] of Object.entries(ways)) {
            const isRule = "discover" in binding;
            it(`${datasource}, found by ${way}: preview ${isRule ? "leaves it out and says so" : "refuses it"}, unless it may be switched off`, async () => {
                const { refusal, output } = await plan(binding);
                const words = isRule ? output : refusal;
                assert.match(
                    words,
                    new RegExp(
                        `datasource "${datasource}" .*is not bound: it uses single sign-on .*switchOffSingleSignOn`,
                    ),
                );
                assert.doesNotMatch(output, new RegExp(`datasource ${datasource} <-`));
                const allowed = await plan({ ...binding, switchOffSingleSignOn: true });
                assert.equal(allowed.refusal, "");
                assert.match(allowed.output, new RegExp(`gateway "${gateway}" datasource ${datasource} <-`));
            });
        }
    }
});
