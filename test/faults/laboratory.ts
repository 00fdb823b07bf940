import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { datasetsOf, ReportDataset } from "../../demo/readers";
import { CommandResult } from "../../engine/stack";
import { LoggedRequest } from "../../sandbox/control-client";
import * as support from "../engine/support";
import { Cell, patternOf, Phase, phases } from "./cells";
import { beyondTheTimeoutInMs, faultKinds, timeoutInSeconds } from "./fault-kinds";
import { judge, leftovers, Outcome, Traces } from "./outcome";

/** How long people wait between two reports: the matrix is about faults, not about load. */
const readersPauseInMs = 250;

/** Where Node.js keeps what it compiled: the matrix starts the same programs thousands of times. */
const compileCache = path.join(os.tmpdir(), "fault-matrix-compile-cache");

/** The state of the services and of the stack before a phase. */
interface Snapshot {
    world: Awaited<ReturnType<support.Scene["control"]["world"]>>;
    folder: string;
}

/** The stack of the matrix: every kind of binding, in as few resources as possible. */
export const matrixConfig = {
    databricksWorkspaces: undefined,
    verificationTimeoutInSeconds: 5,
    requestTimeoutInSeconds: timeoutInSeconds,
    credentials: [
        {
            servicePrincipal: "powerbi-sales",
            warehouse: "Sales warehouse",
            grants: [{ catalog: "main", schema: "sales" }],
            secretScope: { name: "powerbi", readers: ["analysts"] },
            bindings: [
                { workspace: "Sales", dataset: "Orders", gatewayType: "NoGateway", refresh: "wait" },
                { gateway: "HQ cluster", datasource: "dbx-sales" },
            ],
        },
        {
            servicePrincipal: "powerbi-finance",
            warehouse: "a1b2c3d4e5f60718",
            grants: [{ catalog: "main", schema: "finance", table: "ledger" }],
            bindings: [
                { gateway: "HQ cluster", datasource: "dbx-finance", api: "fabric" },
                { gateway: "Azure VNET", datasource: "dbx-finance-vnet" },
                { workspace: "Finance EMEA", dataset: "Budget", gatewayType: "NoGateway", keepSchedule: true },
            ],
        },
    ],
};

/** A sandbox and a stack in which cells are tried, one after the other. */
export class Laboratory {
    private readonly snapshots = new Map<Phase, Snapshot>();
    private datasets: ReportDataset[] = [];

    private constructor(
        private readonly scene: support.Scene,
        private readonly others: Snapshot["world"],
    ) {}

    /** Sets it up and lives a clean life, whose requests are the places of the matrix. */
    static async open(): Promise<{ laboratory: Laboratory; clean: Map<Phase, LoggedRequest[]> }> {
        const scene = await support.setScene({
            base: "estate",
            databricks: { httpTimeoutSeconds: timeoutInSeconds, retryTimeoutSeconds: 20 },
            environment: { NODE_COMPILE_CACHE: compileCache },
        });
        support.configure(scene.stack, matrixConfig);
        const laboratory = new Laboratory(scene, await scene.control.world());
        const clean = new Map<Phase, LoggedRequest[]>();
        for (const phase of phases) {
            await laboratory.keep(phase);
            await scene.control.forgetRequests();
            support.succeeds(await laboratory.command(phase).ended);
            clean.set(phase, await scene.control.requests());
            if (phase === "up") {
                await laboratory.findReaders();
            }
        }
        return { laboratory, clean };
    }

    /** Disturbs one request of a phase, then runs the command once more as it is. */
    async tryCell(cell: Cell): Promise<Outcome> {
        const { control } = this.scene;
        const { phase } = cell;
        await this.restore(phase);
        await control.watchInvariants(this.others);
        const isKill = cell.fault.startsWith("kill");
        const readers = this.scene.readers(phase === "destroy" ? [] : this.datasets, readersPauseInMs);
        const disturbed = this.command(phase);
        await control.faults([
            {
                service: cell.service,
                method: cell.method,
                path: patternOf(cell.route),
                skip: cell.occurrence,
                times: 1,
                hitsPowerBi: false,
                ...faultKinds[cell.fault],
                ...(isKill ? { killsProcessGroup: disturbed.processGroup } : {}),
            },
        ]);
        const first = await disturbed.ended;
        const [{ hits }] = await control.listFaults();
        await control.faults([]);
        if (isKill) {
            await this.unlock();
        }
        const second = await this.command(phase).ended;
        await readers.stop();
        const traces: Traces = { hits, first, second, readerFailures: readers.failures, queries: readers.queries };
        const preview = second.exitCode === 0 && phase !== "destroy" ? await this.previewOfLeftovers() : undefined;
        const [world, violations] = [await control.world(), await control.violations()];
        const broken = phase === "destroy" ? [] : await this.brokenReports();
        if (cell.fault === "slow beyond the timeout") {
            // The request that nobody waits for any more must not be carried out in the next cell's world.
            await sleep(beyondTheTimeoutInMs);
        }
        return judge(cell, { ...traces, preview, violations, broken, world, others: this.others });
    }

    async close(): Promise<void> {
        this.snapshots.forEach(({ folder }) => fs.rmSync(folder, { recursive: true, force: true }));
        await this.scene.close();
    }

    private command(phase: Phase) {
        const { stack } = this.scene;
        support.configure(stack, { rotationKey: phase === "rotation" ? "2026-12" : "2026-11" });
        const verb = phase === "destroy" ? "destroy" : "up";
        return stack.start(verb, "--yes", "--skip-preview", "--stack", stack.name);
    }

    /** A preview is made only where something is left over that it has to tell. */
    private async previewOfLeftovers(): Promise<CommandResult | undefined> {
        const { control, stack } = this.scene;
        return leftovers(await control.world(), this.others).length > 0 ? stack.preview() : undefined;
    }

    private async brokenReports(): Promise<string[]> {
        const results = await Promise.all(
            this.datasets.map(async ({ workspaceId, datasetId, name }) => {
                const result = await this.scene.control.query(workspaceId, datasetId);
                return result.ok ? [] : [`${name}: ${result.error.code}`];
            }),
        );
        return results.flat();
    }

    /** People read what the stack binds. */
    private async findReaders(): Promise<void> {
        const outputs = (await this.scene.stack.outputs()) as {
            credentials: Record<string, { datasets: { datasetId: string }[] }>;
        };
        const bound = Object.values(outputs.credentials).flatMap(({ datasets }) => datasets);
        const all = await datasetsOf(this.scene.control);
        this.datasets = all.filter(({ datasetId }) => bound.some((dataset) => dataset.datasetId === datasetId));
    }

    /** A killed engine leaves its lock: what an operator does then. */
    private async unlock(): Promise<void> {
        // Plugins may still be at a request. Those in Go end with their engine; the one in Node.js stays for ever.
        await sleep(500);
        killThoseIn(this.scene.stack.folder);
        await this.scene.stack.pulumi("cancel", "--yes", "--stack", this.scene.stack.name);
    }

    private async keep(phase: Phase): Promise<void> {
        const folder = fs.mkdtempSync(path.join(this.scene.stack.folder, `before-${phase}-`));
        fs.cpSync(this.scene.stack.stateFolder, folder, { recursive: true });
        this.snapshots.set(phase, { world: await this.scene.control.world(), folder });
    }

    private async restore(phase: Phase): Promise<void> {
        const { world, folder } = this.snapshots.get(phase)!;
        const { stateFolder } = this.scene.stack;
        fs.rmSync(stateFolder, { recursive: true, force: true });
        fs.cpSync(folder, stateFolder, { recursive: true });
        await this.scene.control.restore(world);
    }
}

/** Kills what is left of a killed run: the processes whose state is in a folder, where the system tells (Linux). */
export function killThoseIn(folder: string): void {
    const ids = fs.existsSync("/proc") ? fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name)) : [];
    for (const id of ids.map(Number).filter((candidate) => candidate !== process.pid)) {
        try {
            if (fs.readFileSync(`/proc/${id}/environ`, "utf8").includes(folder)) {
                process.kill(id, "SIGKILL");
            }
        } catch {
            // It has ended meanwhile, or is somebody else's.
        }
    }
}
