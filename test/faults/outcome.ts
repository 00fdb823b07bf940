import { CommandResult } from "../../engine/stack";
import { Violation } from "../../sandbox/control-client";
import { Cell } from "./cells";

/** What a cell came to. */
export interface Outcome extends Cell {
    /** Whether the fault hit a request at all: runs differ a little. */
    hit: boolean;
    /** Whether the disturbed run failed. */
    firstFailed: boolean;
    converged: boolean;
    consumerFailures: string[];
    /** Failures of reports between a take-over and the first binding after it, which Power BI's take-over makes. */
    takeOverFailures: number;
    queries: number;
    violations: string[];
    /** What no state knows, afterwards. */
    orphans: string[];
    /** Whether every orphan is told: by the next preview, or by destroy itself. */
    orphansTold: boolean;
    /** Whether a secret's value was in the output. */
    leaked: boolean;
    holds: boolean;
    /** What the commands printed, where it does not hold. */
    output?: string;
}

/** What a cell left behind. */
export interface Traces {
    hits: number;
    first: CommandResult;
    second: CommandResult;
    readerFailures: string[];
    queries: number;
}

interface Evidence extends Traces {
    preview?: CommandResult;
    violations: Violation[];
    broken: string[];
    world: World;
    others: World;
}

interface Principal {
    applicationId: string;
    displayName: string;
    secrets: { id: string; secret: string }[];
}

interface World {
    databricks: { servicePrincipals: Principal[] };
    powerBi: { datasources: { credential: { password?: string } | null }[] };
}

/** What a take-over does to reports until the new owner's credential is stored (D3). */
const withoutCredential = /DMTS_DatasourceHasNoCredentialError/;

/** Judges a cell. */
export function judge(cell: Cell, evidence: Evidence): Outcome {
    const { first, second, preview, world, others } = evidence;
    const isDestroy = cell.phase === "destroy";
    const inWindow = cell.phase === "up" ? evidence.readerFailures.filter((text) => withoutCredential.test(text)) : [];
    const consumerFailures = [
        ...evidence.readerFailures.filter((text) => !inWindow.includes(text)),
        ...evidence.broken.map((text) => `afterwards ${text}`),
    ];
    // Destroy takes the principals: that what is bound no longer logs in is what was asked for.
    const violations = evidence.violations
        .filter(({ invariant }) => !isDestroy || invariant !== "I1")
        .map(({ invariant, words, request }) => `${invariant}: ${words} (${request.method} ${request.path})`);
    const orphans = leftovers(world, others, isDestroy);
    const warnings = ((isDestroy ? first.output + second.output : preview?.output) ?? "").match(/warning: .*/g) ?? [];
    const told = orphans.every((id) => warnings.some((warning) => warning.includes(id)));
    const texts = [first, second, preview].map((result) => result?.output ?? "").join("\n");
    const secrets = world.databricks.servicePrincipals.flatMap((principal) => principal.secrets);
    const leaked = secrets.some(({ secret }) => texts.includes(secret));
    const converged = second.exitCode === 0;
    const isWithin = orphans.length <= 1 && told;
    const holds = converged && consumerFailures.length === 0 && violations.length === 0 && isWithin && !leaked;
    return {
        ...cell,
        hit: evidence.hits > 0,
        firstFailed: first.exitCode !== 0,
        converged,
        consumerFailures: [...new Set(consumerFailures)],
        takeOverFailures: inWindow.length,
        queries: evidence.queries,
        violations,
        orphans,
        orphansTold: told,
        leaked,
        holds,
        ...(holds ? {} : { output: texts }),
    };
}

/**
 * What the stack made and no datasource uses: service principals, by their application ids, and secrets of those that are
 * used, by theirs. After destroy that is all that it made.
 */
export function leftovers(world: World, others: World, isDestroyed = false): string[] {
    const before = new Set(others.databricks.servicePrincipals.map(({ applicationId }) => applicationId));
    const held = new Set(world.powerBi.datasources.map(({ credential }) => credential?.password));
    return world.databricks.servicePrincipals
        .filter(({ applicationId }) => !before.has(applicationId))
        .flatMap(({ applicationId, secrets }) => {
            const isUsed = secrets.some(({ secret }) => held.has(secret));
            const unused = secrets.filter(({ secret }) => !held.has(secret)).map(({ id }) => id);
            return isUsed && !isDestroyed ? unused : [applicationId];
        });
}
