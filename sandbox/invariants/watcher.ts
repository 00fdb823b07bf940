import { type RequestLogEntry } from "../http/request-log";
import { type World } from "../world/world";
import { secretOf, secretsOf } from "./facts";
import { changedHoldings, lostAtEnd, type Start } from "./holdings";

/** A promise that did not hold after a request. */
export interface Violation {
    /** The invariant's number in the design. */
    invariant: "I1" | "I2" | "I3" | "I8";
    words: string;
    request: RequestLogEntry;
}

/** Reports that were opened since the watch began. */
export interface ReportCount {
    opened: number;
    failed: number;
}

/**
 * Looks at the world after every request, whether what must always hold still does:
 * - I1: the credential that is stored in a datasource logs in;
 * - I2: a secret that was there at the start is not deleted, and none is that a datasource holds;
 * - I3: a secret that gets into a datasource has logged in before;
 * - I8: what others may do, own and have mapped is what it was at the start; schedules are judged at the end of a run.
 */
export class InvariantWatcher {
    private violations: Violation[] = [];
    private reports: ReportCount = { opened: 0, failed: 0 };
    private baseline?: Baseline;
    /** What is wrong already: said once, when it begins. */
    private current = new Set<string>();

    constructor(private readonly isPast: (time: string | undefined) => boolean) {}

    /** Takes the world as it is for the one that others left. */
    restart(world: World): void {
        this.violations = [];
        this.reports = { opened: 0, failed: 0 };
        this.current = new Set();
        this.baseline = baselineOf(world, this.isPast);
    }

    /** What has not held since the restart, and how the reports went; undefined before one. */
    report(): { violations: Violation[]; reports: ReportCount } | undefined {
        return this.baseline && { violations: this.violations, reports: this.reports };
    }

    /** What others have lost for good when a run is over; undefined before a restart. */
    lostAtEnd(world: World): string[] | undefined {
        return this.baseline && lostAtEnd(this.baseline.start, world);
    }

    /** Counts a report that somebody opened. */
    noteReport(hasWorked: boolean): void {
        this.reports.opened += 1;
        this.reports.failed += hasWorked ? 0 : 1;
    }

    /** Judges the world after a request. */
    look(world: World, request: RequestLogEntry): void {
        if (!this.baseline) {
            return;
        }
        const found = new Map<string, Violation["invariant"]>([
            ...this.brokenCredentials(world, this.baseline).map((words) => [words, "I1"] as const),
            ...this.lostSecrets(world, this.baseline).map((words) => [words, "I2"] as const),
            ...this.untestedCredentials(world, this.baseline).map((words) => [words, "I3"] as const),
            ...changedHoldings(this.baseline.start, world).map((words) => [words, "I8"] as const),
        ]);
        for (const [words, invariant] of found) {
            if (!this.current.has(words)) {
                this.violations.push({ invariant, words, request });
            }
        }
        this.current = new Set(found.keys());
    }

    private brokenCredentials(world: World, baseline: Baseline): string[] {
        return world.powerBi.datasources
            .filter(({ credential }) => credential?.credentialType === "Basic")
            .filter(({ datasourceId }) => !baseline.brokenDatasources.has(datasourceId))
            .filter((datasource) => !works(world, datasource, this.isPast))
            .map(({ datasourceId }) => `the credential of datasource ${datasourceId} does not log in`);
    }

    private lostSecrets(world: World, baseline: Baseline): string[] {
        const present = new Set(secretsOf(world).map(({ id }) => id));
        return [...baseline.secretIds]
            .filter((id) => !present.has(id))
            .map((id) => `the secret ${id} is gone, which was there before`);
    }

    private untestedCredentials(world: World, baseline: Baseline): string[] {
        return world.powerBi.datasources.flatMap((datasource) => {
            const secret = secretOf(world, datasource);
            const isTested = !secret || baseline.secretIds.has(secret.id) || secret.verifiedLogins > 0;
            return isTested
                ? []
                : [`the secret ${secret.id} is bound to datasource ${datasource.datasourceId} untested`];
        });
    }
}

interface Baseline {
    secretIds: Set<string>;
    /** What everybody held who was there: that must not change. */
    start: Start;
    brokenDatasources: Set<string>;
}

function baselineOf(world: World, isPast: (time: string | undefined) => boolean): Baseline {
    const ours = [...world.databricks.servicePrincipals, ...world.databricks2.servicePrincipals];
    const principals = new Set(ours.map(({ applicationId }) => applicationId));
    const broken = world.powerBi.datasources.filter((datasource) => !works(world, datasource, isPast));
    return {
        secretIds: new Set(secretsOf(world).map(({ id }) => id)),
        // The live world is changed in place.
        start: { world: structuredClone(world), principals },
        brokenDatasources: new Set(broken.map(({ datasourceId }) => datasourceId)),
    };
}

function works(
    world: World,
    datasource: World["powerBi"]["datasources"][number],
    isPast: (time: string | undefined) => boolean,
): boolean {
    const secret = secretOf(world, datasource);
    return secret !== undefined && secret.principalIsActive && secret.status === "ACTIVE" && !isPast(secret.expireTime);
}
