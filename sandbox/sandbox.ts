import { NotYet } from "./doubts/not-yet";
import { FaultList } from "./http/faults";
import { IssuedValues } from "./issued-values";
import { RequestLog } from "./http/request-log";
import { InvariantWatcher } from "./invariants/watcher";
import { FormerOwners } from "./power-bi/former-owners";
import { StatementStore } from "./databricks/statement-store";
import { hostOf } from "./power-bi/source-spelling";
import { type World } from "./world/world";

export type ServiceName = "databricks" | "entra" | "powerBi" | "fabric" | "databricks2";

export type ServiceUrls = Record<ServiceName | "control", string>;

/** The hosts of the two Databricks workspaces. */
export type DatabricksHosts = Record<"databricks" | "databricks2", string>;

/** Which request an answer is for, and how it ended. */
export interface AnswerFacts {
    service: ServiceName;
    method: string;
    /** With the query. */
    path: string;
    status: number;
}

/** What all services share: one world, one clock, one request log and one list of faults. */
export class Sandbox {
    public readonly requests = new RequestLog();
    public readonly issued = new IssuedValues();
    public readonly faults = new FaultList();
    public readonly notYet = new NotYet();
    public readonly formerOwners = new FormerOwners(this.notYet);
    public readonly statements = new StatementStore();
    public readonly invariants = new InvariantWatcher((time) => this.isPast(time));
    /** Is told each answer as it is sent. */
    public onAnswer?: (facts: AnswerFacts, body: unknown) => void;
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

    /** The hosts that Power BI's datasources name when they mean this sandbox's Databricks workspaces. */
    get databricksHosts(): DatabricksHosts {
        const { databricks, databricks2 } = this.urls;
        return { databricks: new URL(databricks).host, databricks2: new URL(databricks2).host };
    }

    /** The address of the Databricks workspace with a host, its own or a further one, if it is one of this sandbox's. */
    databricksAt(host: string): string | undefined {
        const wanted = hostOf(host);
        const found = (["databricks", "databricks2"] as const).find(
            (name) =>
                hostOf(this.urls[name]) === wanted || this.world[name].hosts.some((other) => hostOf(other) === wanted),
        );
        return found && this.urls[found];
    }

    /** The whole world, whichever workspace's view this is. */
    get watchedWorld(): World {
        return this.world;
    }

    /** This sandbox as the second workspace's routes see it: the same, but for whose workspace is `databricks`. */
    asSecondWorkspace(): Sandbox {
        return Object.create(this, {
            watchedWorld: { get: () => this.world },
            world: { get: () => ({ ...this.world, databricks: this.world.databricks2 }) },
            urls: { get: () => ({ ...this.urls, databricks: this.urls.databricks2 }) },
        });
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
