import assert from "node:assert/strict";
import { Bench } from "../providers/support";
import { mutations, planAlone } from "./plan-alone";

const sales = { servicePrincipal: "powerbi-sales", warehouse: "Sales warehouse" };
const finance = { servicePrincipal: "powerbi-finance", warehouse: "Finance warehouse" };

describe("what does not fit together is an error before any change", () => {
    let bench: Bench;
    before(async () => (bench = await Bench.start("estate")));
    after(() => bench?.close());

    const cases: { what: string; credentials: object[]; words: RegExp[] }[] = [
        {
            what: "CAN USE on the warehouse used by the dataset: a dataset that reads another one, naming both",
            credentials: [{ ...sales, bindings: [{ workspace: "Finance EMEA", dataset: "Budget" }] }],
            words: [
                /credentials\[0\]\.bindings\[0\]: dataset "Budget" in workspace "Finance EMEA" reads \S+a1b2c3d4e5f60718, not the declared warehouse \S+44ff20e73e461e56/,
            ],
        },
        {
            what: "a gateway's datasource that points to another warehouse, naming both",
            credentials: [{ ...sales, bindings: [{ gateway: "HQ cluster", datasource: "dbx-finance" }] }],
            words: [
                /datasource "dbx-finance" of gateway "HQ cluster" reads \S+a1b2c3d4e5f60718, not the declared warehouse \S+44ff/,
            ],
        },
        {
            what: "a gateway type that is not what was detected",
            credentials: [
                {
                    ...finance,
                    bindings: [
                        { workspace: "Finance EMEA", dataset: "Ledger", gatewayType: "NoGateway" },
                        { workspace: "Finance EMEA", dataset: "Budget", gatewayType: "VNET" },
                        { gateway: "Azure VNET", datasource: "dbx-finance-vnet", gatewayType: "Onpremises" },
                    ],
                },
            ],
            words: [
                /bindings\[0\]\.gatewayType: dataset "Ledger" .* is declared as NoGateway, but it is Onpremises/,
                /bindings\[1\]\.gatewayType: dataset "Budget" .* is declared as VNET, but it is behind none of the gateways that SP2 sees/,
                /bindings\[2\]\.gatewayType: datasource "dbx-finance-vnet" .* is declared as Onpremises, but it is VNET/,
            ],
        },
        {
            what: "two entries that claim one datasource, naming both",
            credentials: [
                { ...finance, bindings: [{ gateway: "HQ cluster", datasource: "dbx-finance" }] },
                {
                    ...finance,
                    servicePrincipal: "powerbi-audit",
                    bindings: [
                        { workspace: "Finance EMEA", dataset: "Tax" },
                        { workspace: "Finance EMEA", dataset: "Budget", gatewayType: "NoGateway" },
                    ],
                },
                {
                    ...finance,
                    servicePrincipal: "powerbi-plan",
                    bindings: [{ workspace: "Finance EMEA", dataset: "Actuals", gatewayType: "NoGateway" }],
                },
            ],
            words: [
                /datasource "dbx-finance" of gateway "HQ cluster": claimed by powerbi-finance and by powerbi-audit/,
                /dataset "Budget" .* and dataset "Actuals" .*: claimed by powerbi-audit and by powerbi-plan/,
            ],
        },
        {
            what: "gateways, datasources and workspaces that are not there, with what is",
            credentials: [
                {
                    ...finance,
                    databricks: "ops2",
                    bindings: [],
                },
            ],
            words: [/credentials\[0\]\.databricks: there is no workspace "ops2"\. There are: "databricks", "ops"/],
        },
        {
            what: "a gateway that SP2 does not administer, or a datasource that it has not",
            credentials: [
                {
                    ...finance,
                    bindings: [
                        { gateway: "HQ clust", datasource: "x" },
                        { gateway: "HQ cluster", datasource: "dbx-financ" },
                    ],
                },
            ],
            words: [
                /SP2 administers no gateway "HQ clust"\. There are: "HQ cluster"/,
                /there is no datasource "dbx-financ" on gateway "HQ cluster"\. .*There are: "dbx-finance"/,
            ],
        },
        {
            what: "a refresh of a dataset that cannot be refreshed",
            credentials: [{ ...sales, bindings: [{ workspace: "Sales", dataset: "Live stock", refresh: true }] }],
            words: [/bindings\[0\]\.refresh: dataset "Live stock" .* cannot be refreshed \(DirectQuery\)/],
        },
    ];
    for (const { what, credentials, words } of cases) {
        it(what, async () => {
            await bench.control.forgetRequests();
            const { refusal } = await planAlone(bench, { credentials });
            words.forEach((pattern) => assert.match(refusal, pattern));
            assert.deepEqual(await mutations(bench), []);
        });
    }

    it("an on-premises gateway that SP2 sees but does not administer is named, and never written to in plain text", async () => {
        await bench.control.edit((world) => {
            world.powerBi.gateways.find(({ name }: { name: string }) => name === "Plant gateway").admins = [];
        });
        const bindings = [{ workspace: "Finance Americas", dataset: "Plant cost" }];
        const { refusal } = await planAlone(bench, { credentials: [{ ...finance, bindings }] });
        assert.match(
            refusal,
            /dataset "Plant cost" .* reads through gateway "6a7e0000-\S+b0", which SP2 does not administer/,
        );
    });
});
