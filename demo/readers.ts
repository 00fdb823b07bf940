import { setTimeout as sleep } from "node:timers/promises";
import { ControlClient } from "../sandbox/control-client";

/** A dataset that people have reports on. */
export interface ReportDataset {
    workspaceId: string;
    datasetId: string;
    name: string;
}

/** The datasets of a world. */
export async function datasetsOf(control: ControlClient): Promise<ReportDataset[]> {
    const world = await control.world();
    return world.powerBi.workspaces.flatMap((workspace: { id: string; datasets: { id: string; name: string }[] }) =>
        workspace.datasets.map(({ id, name }) => ({ workspaceId: workspace.id, datasetId: id, name })),
    );
}

/** People who open reports again and again, on all datasets at once. */
export class Readers {
    queries = 0;
    readonly failures: string[] = [];
    private reading = true;
    private readonly running: Promise<void>[];

    /** @param pauseInMs how long somebody waits before the next report. Default 0. */
    constructor(
        control: ControlClient,
        datasets: ReportDataset[],
        private readonly pauseInMs = 0,
    ) {
        this.running = datasets.map((dataset) => this.read(control, dataset));
    }

    /** Lets them finish the report that they are at. */
    async stop(): Promise<void> {
        this.reading = false;
        await Promise.all(this.running);
    }

    private async read(control: ControlClient, dataset: ReportDataset): Promise<void> {
        while (this.reading) {
            const result = await control.query(dataset.workspaceId, dataset.datasetId);
            this.queries += 1;
            if (!result.ok) {
                this.failures.push(`${dataset.name}: ${result.error.code}`);
            }
            await sleep(this.pauseInMs);
        }
    }
}
