import assert from "node:assert/strict";
import { Bench } from "../providers/support";
import { CredentialOutputs } from "../../outputs";
import { outputsOf } from "./outputs-of";
import { planAlone } from "./plan-alone";

const sp2 = "c11e47aa-0000-4000-8000-000000000002";
const httpPath = "/sql/1.0/warehouses/a1b2c3d4e5f60718";
const teams = 10;
const modelsPerTeam = 29;
const credential = {
    servicePrincipal: "powerbi-finance",
    warehouse: "Finance warehouse",
    bindings: [{ discover: "warehouse", takeOver: true, workspaces: ["Team *", "* place"] }],
};

/** The datasources of the estate's gateways. */
const onGateway = {
    hq: "50000000-0000-4000-8000-000000000002",
    plant: "50000000-0000-4000-8000-000000000003",
    vault: "50000000-0000-4000-8000-000000000004",
};

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the world as the control API gives it
type World = any;

/** What happened over the weekend: where the model is, and what became of it. */
const events: {
    workspace: string;
    model: string;
    datasourceId?: string;
    happens: (world: World) => void;
    told: RegExp;
}[] = [
    {
        workspace: "Renamed place",
        model: "In a workspace that is renamed",
        happens: (world) => (placeIn(world, "Renamed place").name = "Called otherwise"),
        told: /workspace "Renamed place" is called "Called otherwise" now/,
    },
    {
        workspace: "Team 0",
        model: "Renamed model",
        happens: (world) => (modelIn(world, "Renamed model").name = "Other model"),
        // A rule means whatever is in its workspaces, whatever it is called.
        told: /Team 0 \/ Other model/,
    },
    {
        workspace: "Deleted place",
        model: "In a workspace that is deleted",
        happens: ({ powerBi }) =>
            (powerBi.workspaces = powerBi.workspaces.filter(({ name }: World) => name !== "Deleted place")),
        told: /dataset "In a workspace that is deleted" in workspace "Deleted place" was bound and is not found/,
    },
    {
        workspace: "Paused place",
        model: "On a capacity that is paused",
        happens: (world) =>
            (placeIn(world, "Paused place").capacity = {
                id: "ca9ac170-0000-4000-8000-000000000001",
                state: "Suspended",
            }),
        told: /On a capacity that is paused|workspace "Paused place" cannot be looked at: .*paused/,
    },
    {
        workspace: "Left place",
        model: "In a workspace that SP2 lost",
        happens: (world) => (placeIn(world, "Left place").members = []),
        told: /dataset "In a workspace that SP2 lost" in workspace "Left place" was bound and is not found/,
    },
    {
        workspace: "Team 1",
        model: "Deleted model",
        happens: (world) => {
            const team = placeIn(world, "Team 1");
            team.datasets = team.datasets.filter(({ name }: World) => name !== "Deleted model");
        },
        told: /dataset "Deleted model" in workspace "Team 1" was bound and is not found/,
    },
    {
        workspace: "Team 2",
        model: "Odd model",
        happens: (world) => (modelIn(world, "Odd model").odd = true),
        // A take-over cures it where the owner has left: SP2 is the owner.
        told: /Odd model/,
    },
    {
        workspace: "Team 3",
        model: "On a gateway that is renamed",
        datasourceId: onGateway.hq,
        happens: (world) => (gatewayIn(world, "HQ cluster").name = "Main cluster"),
        // A rule means every gateway, whatever it is called.
        told: /Onpremises gateway "Main cluster" datasource dbx-finance <- .*On a gateway that is renamed/,
    },
    {
        workspace: "Team 4",
        model: "On a gateway that SP2 lost",
        datasourceId: onGateway.plant,
        happens: (world) => (gatewayIn(world, "Plant gateway").admins = []),
        told: /gateway "Plant gateway", read by .*On a gateway that SP2 lost.* That secret is kept alive/,
    },
    {
        workspace: "Team 5",
        model: "On single sign-on",
        datasourceId: onGateway.vault,
        happens: ({ powerBi }) => {
            const source = powerBi.datasources.find(({ datasourceId }: World) => datasourceId === onGateway.vault);
            source.singleSignOnType = "MicrosoftEntraID";
            source.credential.useEndUserOAuth2Credentials = true;
        },
        told: /datasource "dbx-finance-vault" .*uses single sign-on/,
    },
];

const placeIn = ({ powerBi }: World, wanted: string) => powerBi.workspaces.find(({ name }: World) => name === wanted);
const gatewayIn = ({ powerBi }: World, wanted: string) => powerBi.gateways.find(({ name }: World) => name === wanted);
const modelIn = ({ powerBi }: World, wanted: string) =>
    powerBi.workspaces.flatMap(({ datasets }: World) => datasets).find(({ name }: World) => name === wanted);

const serial = (prefix: string, number: number) => `${prefix}-0000-4000-8000-${String(number).padStart(12, "0")}`;

/** Adds three hundred models of SP2's to a world: 290 in the cloud, and those to which something will happen. */
function populate(world: World, databricksHost: string): void {
    const host = new URL(databricksHost).host;
    const places = new Map<string, World>();
    const add = (name: string, model: string, datasourceId?: string) => {
        const number = [...places.values()].reduce((sum, { datasets }) => sum + datasets.length, 1);
        const place = places.get(name) ?? {
            id: serial("90000000", 1000 + places.size),
            name,
            members: [{ principal: sp2, role: "Admin" }],
            datasets: [],
        };
        places.set(name, place);
        const source = { host, httpPath, table: "main.finance.ledger", ...(datasourceId ? { datasourceId } : {}) };
        place.datasets.push({ id: serial("d0000000", 1000 + number), name: model, owner: sp2, sources: [source] });
    };
    for (let team = 0; team < teams; team++) {
        for (let model = 0; model < modelsPerTeam; model++) {
            add(`Team ${team}`, `Model ${team}-${model}`);
        }
    }
    events.forEach(({ workspace, model, datasourceId }) => add(workspace, model, datasourceId));
    world.powerBi.workspaces.push(...places.values());
}

describe("a Monday with three hundred models, to ten of which something happened", function () {
    this.timeout(120_000);

    const odd = ["ownerLeft", "capacityPaused", "stray404", "stray415", "stray403"];
    const paused = ["listed", "notListed"];
    const mondays = odd.map((oddModel, index) => ({ oddModel, modelsOnPausedCapacity: paused[index % paused.length] }));

    for (const doubts of mondays) {
        describe(`whatever the services answer: ${Object.values(doubts).join(", ")}`, () => {
            let bench: Bench;
            let lastUp: Record<string, CredentialOutputs>;
            before(async () => {
                bench = await Bench.start("estate");
                await bench.control.edit((world) => populate(world, bench.sandbox.urls.databricks));
                const { plans } = await planAlone(bench, config("2026-11"));
                lastUp = { "powerbi-finance": outputsOf(plans[0], "2026-11") };
                assert.equal(lastUp["powerbi-finance"].datasets.length, 300);
                await bench.control.edit((world) => {
                    Object.assign(world.doubts, doubts);
                    events.forEach(({ happens }) => happens(world));
                });
            });
            after(() => bench?.close());

            const config = (rotationKey: string) => ({
                credentials: [credential],
                rotationKey,
                requestsPerMinute: "6000",
            });

            for (const [what, key] of [
                ["a rotation", "2026-12"],
                ["a preview without one", "2026-11"],
            ]) {
                it(`${what} refuses nothing, switches 290 models and tells of ten`, async () => {
                    const { refusal, output, plans } = await planAlone(bench, config(key), lastUp);
                    assert.equal(refusal, "");
                    const names = plans[0].cloud.map(({ datasetName }) => datasetName);
                    assert.equal(names.filter((name) => /^Model \d+-\d+$/.test(name)).length, teams * modelsPerTeam);
                    for (const { told } of events) {
                        assert.match(output, told);
                    }
                    // Nobody knows what reads with it there; all the rest is written, or reads through what is.
                    assert.deepEqual(plans[0].account.keptKeys, ["2026-11"]);
                    const held = plans[0].account.outputs.held!.map(({ datasourceId }) => datasourceId);
                    assert.deepEqual(held.sort(), [onGateway.plant, onGateway.vault]);
                });
            }
        });
    }
});
