import assert from "node:assert/strict";
import { Fault } from "../../sandbox/http/faults";
import { estateWorldFile } from "../../sandbox";
import { readWorldFile, WorldInput } from "../../sandbox/world/world";
import * as support from "../engine/support";
import { killThoseIn } from "../faults/laboratory";

/** How a state comes to be. */
export interface Scenario {
    base?: "dev" | "estate";
    world?: object;
    /** What happens to a stack that was just made. */
    live(scene: support.Scene): Promise<void>;
}

/** What SP2 gets that may not change a datasource. */
const refused: Partial<Fault> = { status: 401, body: { error: { code: "PowerBINotAuthorizedException" } } };

/** The states, by their names. */
export const scenarios: Record<string, Scenario> = {
    clean: { live: goesUp },
    "half-way": {
        live: async (scene) => {
            await goesUp(scene);
            support.configure(scene.stack, { rotationKey: "2026-12" });
            await disturb(scene, { ...refused, skip: 1 });
            support.failsWith(await scene.stack.up(), /PowerBINotAuthorizedException/);
        },
    },
    killed: {
        live: async (scene) => {
            await goesUp(scene);
            support.configure(scene.stack, { rotationKey: "2026-12" });
            const { stack } = scene;
            const run = stack.start("up", "--yes", "--skip-preview", "--stack", stack.name);
            await disturb(scene, { when: "after", killsProcessGroup: run.processGroup });
            assert.notEqual((await run.ended).exitCode, 0);
            killThoseIn(stack.folder);
            support.succeeds(await stack.pulumi("cancel", "--yes", stack.name));
        },
    },
    retained: {
        live: async (scene) => {
            await goesUp(scene);
            support.configure(scene.stack, { rotationKey: "2026-12", retainedRotationKeys: ["2026-11"] });
            await goesUp(scene);
        },
    },
    "two-workspaces": { base: "estate", world: smallEstate(), live: goesUp },
    "failed-first-up": {
        live: async (scene) => {
            await disturb(scene, refused);
            support.failsWith(await scene.stack.up(), /PowerBINotAuthorizedException/);
        },
    },
};

async function goesUp({ stack }: support.Scene): Promise<void> {
    support.succeeds(await stack.up());
}

/** Disturbs the requests that set a credential. */
async function disturb({ control }: support.Scene, fault: Partial<Fault>): Promise<void> {
    await control.faults([{ service: "powerBi", method: "PATCH", path: "/gateways/", hitsPowerBi: false, ...fault }]);
}

/** The estate with one gateway of each kind and a few datasets: what its configuration names, and one more of each kind. */
function smallEstate(): object {
    const world = readWorldFile(estateWorldFile) as Required<WorldInput>;
    const kept = {
        workspaces: ["Sales", "Finance EMEA", "Operations"],
        datasets: [
            "Orders",
            "Returns",
            "Store sales",
            "Ledger",
            "Cash",
            "Budget",
            "Clicks",
            "Deployments",
            "Shared KPIs",
        ],
        gateways: ["HQ cluster", "Azure VNET"],
    };
    const { powerBi } = world;
    const gateways = powerBi.gateways!.filter(({ name }) => kept.gateways.includes(name));
    const others = powerBi.gateways!.filter((gateway) => !gateways.includes(gateway)).map(({ id }) => id);
    const workspaces = powerBi
        .workspaces!.filter(({ name }) => kept.workspaces.includes(name))
        .map(({ datasets, ...workspace }) => ({
            ...workspace,
            datasets: datasets!.filter(({ name }) => kept.datasets.includes(name)),
        }));
    const datasources = powerBi.datasources!.filter(({ gatewayId }) => !others.includes(gatewayId));
    return { ...world, powerBi: { ...powerBi, gateways, workspaces, datasources } };
}
