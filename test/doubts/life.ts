import { Readers, type ReportDataset, datasetsOf } from "../../demo/readers";
import { type CommandResult } from "../../engine/stack";
import { type doubts } from "../../sandbox/doubts";
import { isMutation } from "../../sandbox/control-client";
import * as support from "../engine/support";
import { matrixConfig } from "../faults/laboratory";
import { leftovers } from "../faults/outcome";
import { arrangements } from "./arrangements";
import { type Life, type RunFacts } from "./judge";

/** How long people wait between two reports. */
const readersPauseInMs = 250;

/** Lives the main life cycle under one behaviour: first up, second up, rotation, destroy. */
export async function live(doubt: keyof typeof doubts, behaviour: string): Promise<Life> {
    const arrangement = arrangements[doubt] ?? {};
    const scene = await support.setScene({ base: "estate" });
    try {
        support.configure(scene.stack, { ...matrixConfig, requestTimeoutInSeconds: undefined, ...arrangement.config });
        await scene.control.edit((world) => arrangement.world?.(world));
        const turn = () => scene.control.edit((world) => void (world.doubts[doubt] = behaviour));
        if (arrangement.since !== "rotation") {
            await turn();
        }
        return await liveThrough(scene, arrangement.since === "rotation" ? turn : async () => {});
    } finally {
        await scene.close();
    }
}

async function liveThrough(scene: support.Scene, beforeRotation: () => Promise<void>): Promise<Life> {
    const { control, stack } = scene;
    const others = await control.world();
    await control.watchInvariants(others);
    const life: Life = {
        firstUp: await run(scene, [], () => stack.up()),
        secretsKept: [],
        leftOver: [],
        violations: [],
        leaked: false,
    };
    if (life.firstUp.exitCode === 0) {
        const datasets = await boundDatasets(scene);
        life.firstUp.failedReports = await brokenReports(scene, datasets);
        const former = await secretsOfStack(scene, others);
        life.secondUp = await run(scene, datasets, () => stack.up());
        await beforeRotation();
        support.configure(stack, { rotationKey: "2026-12" });
        life.rotation = await run(scene, datasets, () => stack.up());
        const now = await secretsOfStack(scene, others);
        life.secretsKept = life.rotation.exitCode === 0 ? former.filter((id) => now.includes(id)) : [];
        life.violations = (await control.violations()).map(
            ({ invariant, words, request }) => `${invariant}: ${words} (${request.method} ${request.path})`,
        );
        // Reports are not to work without the credential that destroy takes away.
        life.destroy = await run(scene, [], () => stack.destroy());
        life.leftOver = leftovers(await control.world(), others, true);
    }
    const printed = [life.firstUp, life.secondUp, life.rotation, life.destroy].map((facts) => facts?.output).join("\n");
    life.leaked = (await control.issuedValues()).some((value) => printed.includes(value));
    return life;
}

/** Runs a command while people read, and looks whether they can afterwards. */
async function run(
    scene: support.Scene,
    datasets: ReportDataset[],
    command: () => Promise<CommandResult>,
): Promise<RunFacts> {
    await scene.control.forgetRequests();
    const readers = new Readers(scene.control, datasets, readersPauseInMs);
    const { exitCode, output } = await command();
    await readers.stop();
    const mutations = (await scene.control.requests())
        .filter(isMutation)
        .map(({ method, path, status }) => `${method} ${path} ${status}`);
    const broken = await brokenReports(scene, datasets);
    return { exitCode, output, mutations, failedReports: [...new Set([...readers.failures, ...broken])] };
}

async function brokenReports({ control }: support.Scene, datasets: ReportDataset[]): Promise<string[]> {
    const results = await Promise.all(
        datasets.map(async ({ workspaceId, datasetId, name }) => {
            const result = await control.query(workspaceId, datasetId);
            return result.ok ? [] : [`${name}: ${result.error.code}`];
        }),
    );
    return results.flat();
}

async function boundDatasets({ control, stack }: support.Scene): Promise<ReportDataset[]> {
    const outputs = (await stack.outputs()) as { credentials: Record<string, { datasets: { datasetId: string }[] }> };
    const bound = Object.values(outputs.credentials).flatMap(({ datasets }) => datasets);
    return (await datasetsOf(control)).filter(({ datasetId }) => bound.some((item) => item.datasetId === datasetId));
}

type World = Awaited<ReturnType<support.Scene["control"]["world"]>>;

async function secretsOfStack({ control }: support.Scene, others: World): Promise<string[]> {
    const idsOf = (world: World): string[] =>
        [world.databricks, world.databricks2].flatMap(({ servicePrincipals }) =>
            servicePrincipals.flatMap(({ secrets }: { secrets: { id: string }[] }) => secrets.map(({ id }) => id)),
        );
    const before = idsOf(others);
    return idsOf(await control.world()).filter((id) => !before.includes(id));
}
