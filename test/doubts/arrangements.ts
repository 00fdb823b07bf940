import { type ChosenDoubts } from "../../sandbox/doubts";
import { type World } from "../../sandbox/world/world";

/** How a life is arranged so that a doubt matters in it. */
export interface Arrangement {
    /** When the behaviour begins. Default with the first up; `second up`: the world was well when the credential was bound. */
    since?: "first up" | "second up";
    /** Changes the world before the first up. */
    world?: (world: World) => void;
    /** Changes the world when the behaviour begins. */
    turn?: (world: World) => void;
    /** Datasets whose reports the behaviour itself breaks: nobody reads them. */
    unread?: string[];
}

const orders = { workspace: "Sales", dataset: "Orders" };
const hqDatasource = "50000000-0000-4000-8000-000000000001";
const sp2 = "c11e47aa-0000-4000-8000-000000000002";

/** The doubts whose life differs from the plain one. */
export const arrangements: { [Name in keyof ChosenDoubts]?: Arrangement } = {
    oddModel: { since: "second up", turn: (world) => void (find(world, orders).odd = true) },
    modelsOnPausedCapacity: {
        since: "second up",
        turn: ({ powerBi }) => {
            const workspace = powerBi.workspaces.find(({ name }) => name === "Finance EMEA")!;
            workspace.capacity = { id: "ca9ac170-0000-4000-8000-000000000001", state: "Suspended" };
        },
        unread: ["Ledger", "Payables", "Receivables", "Assets", "Tax", "Cash", "Treasury", "Budget", "Actuals"],
    },
    basicWithSingleSignOn: {
        world: ({ powerBi }) => {
            const source = powerBi.datasources.find(({ datasourceId }) => datasourceId === hqDatasource)!;
            source.singleSignOnType = "MicrosoftEntraID";
            source.credential!.useEndUserOAuth2Credentials = true;
        },
    },
    sharedConnectionAfterTakeOver: {
        world: (world) => {
            const [source] = find(world, orders).sources;
            const datasourceId = "50000000-0000-4000-8000-0000000000ff";
            const own = world.powerBi.datasources.find(({ cloud, httpPath }) => cloud && httpPath === source.httpPath)!;
            const roles = [{ principal: sp2, role: "Owner" as const }];
            world.powerBi.datasources.push({ ...own, datasourceId, name: "shared", owner: "", shareable: true, roles });
            source.datasourceId = datasourceId;
        },
    },
    mixedModelAfterTakeOver: {
        world: (world) => {
            const { sources } = find(world, orders);
            sources.push({ ...sources[0], datasourceId: hqDatasource });
        },
    },
};

function find({ powerBi }: World, { workspace, dataset }: typeof orders) {
    return powerBi.workspaces.find(({ name }) => name === workspace)!.datasets.find(({ name }) => name === dataset)!;
}
