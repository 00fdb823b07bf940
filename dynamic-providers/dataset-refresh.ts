import * as pulumi from "@pulumi/pulumi";
import { DatabricksTarget, warehouseIdOf } from "../clients/connection-details";
import { Refresh } from "../clients/power-bi";
import { oneLine, redact } from "../clients/redaction";
import { causeOf, means } from "../clients/service-codes";
import { ServiceError } from "../clients/service-error";
import { isDefect } from "../clients/user-error";
import { waitUntil } from "../clients/wait";
import { notice, Subject } from "../diagnostics/diagnostic";
import { showDataset } from "./dataset-sources";
import { Drift, Driftable, notLookedAt, Provider, Reading, report, say } from "./provider";
import { DynamicResource } from "./stub";

/** Whether a refresh is only started, or followed to its end. */
export type RefreshMode = "start" | "wait";

interface Inputs extends Driftable {
    workspaceId: string;
    workspaceName: string;
    datasetId: string;
    datasetName: string;
    secretId: string;
    mode: RefreshMode;
    /** Absent in states of before. */
    targets?: DatabricksTarget[];
    hasOtherSources?: boolean;
}

interface Outputs {
    requestedAt: string;
    /** `Completed` for a refresh that was followed to its end, `Unknown` for one that was only started. */
    status: string;
}

/** Arguments of `DatasetRefresh`. */
export interface DatasetRefreshArgs {
    readonly workspaceId: pulumi.Input<string>;
    /** For reading only. */
    readonly workspaceName: pulumi.Input<string>;
    readonly datasetId: pulumi.Input<string>;
    /** For reading only. */
    readonly datasetName: pulumi.Input<string>;
    /** The id of the secret that was bound. A new one refreshes the dataset once. */
    readonly secretId: pulumi.Input<string>;
    /** `wait` follows the refresh to its end and fails when it fails. */
    readonly mode: pulumi.Input<RefreshMode>;
    /** The warehouses that it reads with the credential. For reading only. */
    readonly targets: pulumi.Input<DatabricksTarget[]>;
    /** Whether it reads something else too: an error of its refresh may be that one's. For reading only. */
    readonly hasOtherSources: pulumi.Input<boolean>;
}

/** A refresh of a dataset after each change of its credential: the proof that data flows with it. */
export class DatasetRefresh extends DynamicResource {
    declare readonly requestedAt: pulumi.Output<string>;
    declare readonly status: pulumi.Output<string>;

    constructor(name: string, args: DatasetRefreshArgs, opts?: pulumi.CustomResourceOptions) {
        const props = { ...args, drift: [], requestedAt: undefined, status: undefined };
        super("power-bi", "DatasetRefresh", name, props, opts);
    }
}

/** A refresh on shared capacity is ended by the service after 2 hours (learn.microsoft.com, Data refresh in Power BI). */
const refreshTimeoutInMs = 2 * 60 * 60_000;
/** What Power BI says when a dataset has been refreshed too often: 8 times a day on shared capacity. */
const dailyLimit = /limit|exceeded|too many/i;
/** What Power BI says while another refresh of the dataset is running. */
/** The words for a refresh that has ended. */
const ends = ["Completed", "Failed", "Disabled", "Cancelled", "TimedOut"];
const alreadyRunning = /already executing/i;
/** Error codes that speak of the credential. */
const aboutCredentials = /credential|OAuth|login|unauthori[sz]ed/i;

export class DatasetRefreshProvider extends Provider<Inputs, Outputs> {
    protected readonly title = "refresh of the dataset";
    protected readonly inputNames = [
        "workspaceId",
        "workspaceName",
        "datasetId",
        "datasetName",
        "secretId",
        "mode",
        "targets",
        "hasOtherSources",
        "drift",
    ] as const;
    protected readonly replaceOn = ["workspaceId", "datasetId"] as const;
    protected readonly updateOn = ["secretId"] as const;

    protected async make(inputs: Inputs): Promise<{ id: string; outputs: Outputs }> {
        return { id: `${inputs.workspaceId}/${inputs.datasetId}`, outputs: await this.refresh(inputs) };
    }

    protected async change(_olds: Inputs & Outputs, news: Inputs): Promise<Outputs> {
        return this.refresh(news);
    }

    protected subjectOf({ workspaceId, datasetId }: Inputs): Subject {
        return { workspaceId, datasetId };
    }

    protected async observe(props: Inputs & Outputs): Promise<Reading<Outputs>> {
        try {
            const latest = await this.clients.powerBi.latestRefresh(props.workspaceId, props.datasetId);
            const reason = latest?.status === "Failed" ? reasonOf(latest) : "";
            const drift = aboutCredentials.test(reason) ? this.blame(props, reason) : [];
            const { requestedAt } = props;
            return { outputs: { requestedAt, status: latest?.status ?? props.status }, drift };
        } catch (error) {
            if (isDefect(error)) {
                throw error;
            }
            if (means(error, "notFound")) {
                return "gone";
            }
            // SP2 lost a right: the program finds that too, and says what to do about it.
            if (!means(error, "noRight", "noSchedule")) {
                const cause = causeOf(error, props.workspaceName);
                say(notLookedAt(this.subjectOf(props), `the refreshes of ${showDataset(props)}`, cause));
            }
            return { outputs: { requestedAt: props.requestedAt, status: props.status }, drift: [] };
        }
    }

    /**
     * What a refresh that failed for a credential says of ours. A model that reads something else too may lack the
     * credential of that: ours is blamed only where the error names its datasource.
     */
    private blame(inputs: Inputs, reason: string): Drift[] {
        const { targets = [], hasOtherSources = false } = inputs;
        const names = targets.flatMap((target) => [target.host, warehouseIdOf(target) ?? target.host]);
        const said = reason.toLowerCase();
        if (hasOtherSources && !names.some((name) => said.includes(name.toLowerCase()))) {
            const words = `the last refresh of ${showDataset(inputs)} failed for a credential, and does not say of which source: ${reason}`;
            const remedy = "look at the credentials of its other sources in Power BI; if it is this one, rotate";
            say(notice("refresh-failed", this.subjectOf(inputs), words, remedy));
            return [];
        }
        // Another credential of the type Basic cannot be seen, and so up binds none; to refresh is all that it does.
        const remedy = "up only refreshes again; a rotation binds a new secret: npm run rotate";
        const words = `the last refresh of ${showDataset(inputs)} failed for its credential: ${reason} (${remedy})`;
        return [this.differs(inputs, words)];
    }

    private async refresh(inputs: Inputs): Promise<Outputs> {
        const { mode } = inputs;
        const what = `the refresh of ${showDataset(inputs)}`;
        const requestedAt = new Date().toISOString();
        let before: Refresh | undefined;
        try {
            before = await this.begin(inputs, what);
        } catch (error) {
            const isLimit = isAboutStart(error) && dailyLimit.test(error.message);
            if (isLimit && mode === "start") {
                // The credential is bound, and was tried: tomorrow's schedule refreshes. That is no reason to fail.
                const reason = `${what} was not started: the daily limit is reached. ${(error as Error).message}`;
                const remedy = "nothing: the credential is bound, and the schedule refreshes the dataset";
                say(notice("refresh-not-started", this.subjectOf(inputs), reason, remedy));
                return { requestedAt, status: "DailyLimitReached" };
            }
            if (isDefect(error)) {
                throw error;
            }
            const hint = isLimit ? " Run `pulumi up` again tomorrow, or set refresh: true: it only warns then." : "";
            throw new Error(`${(error as Error).message}${hint}`);
        }
        if (mode === "start") {
            return { requestedAt, status: "Unknown" };
        }
        const latest = await this.follow(inputs, what, before && keyOf(before));
        if (latest.status !== "Completed") {
            throw new Error(
                `${what} ended as ${latest.status ?? "nobody knows what"}: ${reasonOf(latest)}. ` +
                    "The new credential is bound; the old secret stays alive until an up succeeds.",
            );
        }
        return { requestedAt, status: latest.status };
    }

    /**
     * Begins a refresh as soon as Power BI takes it, and tells the one before it. Another may have begun since none was
     * seen running: that of a second credential that the dataset reads with, or one of its schedule.
     */
    private async begin(inputs: Inputs, what: string): Promise<Refresh | undefined> {
        let before: Refresh | undefined;
        await waitUntil({ what, timeoutInMs: refreshTimeoutInMs, pauseInMs: 1000 }, async () => {
            before = await this.afterRunning(inputs);
            try {
                await this.clients.powerBi.startRefresh(inputs.workspaceId, inputs.datasetId);
                return true;
            } catch (error) {
                if (isAboutStart(error) && alreadyRunning.test(error.message)) {
                    return false;
                }
                throw error;
            }
        });
        return before;
    }

    /** The latest refresh, once none is running: Power BI refuses a second one meanwhile. */
    private async afterRunning(inputs: Inputs): Promise<Refresh | undefined> {
        const latest = await this.latest(inputs);
        if (!latest || !isRunning(latest)) {
            return latest;
        }
        report(`a refresh of ${showDataset(inputs)} is running already: waiting for its end`);
        return this.follow(inputs, `the running refresh of ${showDataset(inputs)}`);
    }

    /** The latest refresh. Where one is only started, it need not be known. */
    private async latest(inputs: Inputs): Promise<Refresh | undefined> {
        try {
            return await this.clients.powerBi.latestRefresh(inputs.workspaceId, inputs.datasetId);
        } catch (error) {
            if (inputs.mode === "wait" || isDefect(error)) {
                throw error;
            }
            report(
                `warning: earlier refreshes of ${showDataset(inputs)} were not looked at: ${(error as Error).message}`,
            );
            return undefined;
        }
    }

    /** Follows the latest refresh to its end, telling how it goes. */
    private async follow(inputs: Inputs, what: string, previous?: string): Promise<Refresh> {
        const { powerBi } = this.clients;
        const startedAt = Date.now();
        let latest: Refresh | undefined;
        let told = 0;
        await waitUntil({ what, timeoutInMs: refreshTimeoutInMs, pauseInMs: 1000 }, async () => {
            latest = await powerBi.latestRefresh(inputs.workspaceId, inputs.datasetId);
            const isEarlier = latest !== undefined && previous !== undefined && keyOf(latest) === previous;
            const isOpen = !latest || isEarlier || isRunning(latest);
            const minutes = Math.floor((Date.now() - startedAt) / 60_000);
            if (isOpen && minutes > told) {
                told = minutes;
                report(`${what} has been running for ${minutes} min`);
            }
            return !isOpen;
        });
        return latest!;
    }
}

/**
 * Whether a refresh runs still. `Unknown` says so by its documentation; any other word that is none for an end says so
 * until there is a time of the end.
 *
 * @see https://learn.microsoft.com/rest/api/power-bi/datasets/get-refresh-history-in-group
 */
function isRunning({ status = "Unknown", endTime }: Refresh): boolean {
    return status === "Unknown" || (!ends.includes(status) && endTime === undefined);
}

/** What tells one refresh from another. */
function keyOf({ requestId, startTime }: Refresh): string {
    return requestId ?? startTime ?? "";
}

/** Whether it is the start of a refresh that was refused, and not a look at those before. */
function isAboutStart(error: unknown): error is ServiceError {
    return error instanceof ServiceError && error.details.method === "POST";
}

/** Why a refresh failed, out of its `serviceExceptionJson`. */
export function reasonOf(refresh: Refresh): string {
    try {
        const exception = JSON.parse(refresh.serviceExceptionJson ?? "{}");
        const words = [exception.errorCode, exception.errorDescription].filter(Boolean).join(": ");
        return oneLine(redact(words, [])) || "no reason given";
    } catch {
        return "no reason given";
    }
}
