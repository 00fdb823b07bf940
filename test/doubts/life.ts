import { Readers, type ReportDataset, datasetsOf } from "../../demo/readers";
import { type CommandResult } from "../../engine/stack";
import { type ChosenDoubts } from "../../sandbox/doubts";
import { isMutation } from "../../sandbox/control-client";
import * as support from "../engine/support";
import { matrixConfig } from "../faults/laboratory";
import { leftovers } from "../faults/outcome";
import { arrangements } from "./arrangements";
import { type Life, type RunFacts } from "./judge";

/** How long people wait between two reports. */
const readersPauseInMs = 250;

/** Lives the main life cycle under one behaviour: preview, first up, second up, rotation, destroy. */
export async function live(doubt: keyof ChosenDoubts, behaviour: string): Promise<Life> {
    const { world: arrange, turn: change, since, unread = [] } = arrangements[doubt] ?? {};
    const scene = await support.setScene({ base: "estate" });
    try {
        support.configure(scene.stack, { ...matrixConfig, requestTimeoutInSeconds: undefined });
        await scene.control.edit((world) => arrange?.(world));
        const turn = () =>
            scene.control.edit((world) => {
                world.doubts[doubt] = behaviour;
                change?.(world);
            });
        const isLate = since === "second up";
        if (!isLate) {
            await turn();
        }
        return await liveThrough(scene, unread, isLate ? turn : undefined);
    } finally {
        await scene.close();
    }
}

async function liveThrough(scene: support.Scene, unread: string[], turn?: () => Promise<void>): Promise<Life> {
    const { control, stack } = scene;
    const others = await control.world();
    await control.watchInvariants(others);
    const life: Life = { firstUp: await firstUp(scene), secretsKept: [], leftOver: [], violations: [], leaked: false };
    if (life.firstUp.exitCode === 0) {
        const bound = await boundDatasets(scene);
        life.firstUp.failedReports = await brokenReports(scene, bound);
        const read = bound.filter(({ name }) => !unread.includes(name));
        const former = await secretsOfStack(scene, others);
        await turn?.();
        life.secondUp = await run(scene, read, () => stack.up());
        support.configure(stack, { rotationKey: "2026-12" });
        life.rotation = await run(scene, read, () => stack.up());
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

/** What somebody does who sees the preview first: a preview that fails is no up. */
async function firstUp(scene: support.Scene): Promise<RunFacts> {
    const preview = await run(scene, [], () => scene.stack.preview());
    return preview.exitCode === 0 ? run(scene, [], () => scene.stack.up()) : preview;
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
