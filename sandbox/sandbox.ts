import { FaultList } from "./http/faults";
import { RequestLog } from "./http/request-log";
import { StatementStore } from "./databricks/statement-store";
import { type World } from "./world/world";

export type ServiceName = "databricks" | "entra" | "powerBi" | "fabric";

export type ServiceUrls = Record<ServiceName | "control", string>;

/** What all services share: one world, one clock, one request log and one list of faults. */
export class Sandbox {
    public readonly requests = new RequestLog();
    public readonly faults = new FaultList();
    public readonly statements = new StatementStore();
    private readonly backgroundWork = new Set<Promise<void>>();

    constructor(
        public readonly urls: ServiceUrls,
        /** Replaced as a whole by `PUT /world`: always read it from here, never keep a part of it across an await. */
        public world: World,
    ) {}

    /** The sandbox's clock, which every expiry is checked against. */
    now(): Date {
        return new Date(Date.now() + this.world.sandboxTime.offsetInSeconds * 1000);
    }

    isPast(time: string | undefined): boolean {
        return time !== undefined && Date.parse(time) <= this.now().getTime();
    }

    /** The host that Power BI's datasources name when they mean this sandbox's Databricks. */
    get databricksHost(): string {
        return new URL(this.urls.databricks).host;
    }

    /** Runs something that outlives its request; `settle` waits for it. */
    runInBackground(work: Promise<void>): void {
        this.backgroundWork.add(work);
        void work.finally(() => this.backgroundWork.delete(work));
    }

    async settle(): Promise<void> {
        await Promise.allSettled(this.backgroundWork);
    }
}
