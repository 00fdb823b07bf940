import * as pulumi from "@pulumi/pulumi";
import { type RefreshSchedule as Schedule } from "../clients/power-bi";
import { causeOf, means } from "../clients/service-codes";
import { isDefect } from "../clients/user-error";
import { Diagnostic, notice, Subject } from "../diagnostics/diagnostic";
import { showDataset } from "./dataset-sources";
import { Driftable, notLookedAt, Provider, Reading, say } from "./provider";
import { DynamicResource } from "./stub";

interface Inputs extends Driftable {
    workspaceId: string;
    workspaceName: string;
    datasetId: string;
    datasetName: string;
    restore: string;
    keep: boolean;
}

interface Outputs {
    enabled: boolean;
}

/** Arguments of `RefreshSchedule`. */
export interface RefreshScheduleArgs {
    readonly workspaceId: pulumi.Input<string>;
    /** For reading only. */
    readonly workspaceName: pulumi.Input<string>;
    readonly datasetId: pulumi.Input<string>;
    /** For reading only. */
    readonly datasetName: pulumi.Input<string>;
    /** When a take-over switched the schedule off; empty when none did. A new time switches it on again. */
    readonly restore: pulumi.Input<string>;
    /** Whether a schedule that is found off is drift: Power BI switches it off after failures. */
    readonly keep: pulumi.Input<boolean>;
}

/**
 * The refresh schedule of a dataset, switched on again where a take-over, or failures while the credential was bad, had
 * switched it off. Its days and times are not touched.
 */
export class RefreshSchedule extends DynamicResource {
    constructor(name: string, args: RefreshScheduleArgs, opts?: pulumi.CustomResourceOptions) {
        super("power-bi", "RefreshSchedule", name, { ...args, drift: [], enabled: undefined }, opts);
    }
}

export class RefreshScheduleProvider extends Provider<Inputs, Outputs> {
    protected readonly title = "refresh schedule";
    protected readonly inputNames = [
        "workspaceId",
        "workspaceName",
        "datasetId",
        "datasetName",
        "restore",
        "keep",
        "drift",
    ] as const;
    protected readonly replaceOn = ["workspaceId", "datasetId"] as const;
    protected readonly updateOn = ["restore", "keep"] as const;

    protected async make(inputs: Inputs): Promise<{ id: string; outputs: Outputs }> {
        return { id: `${inputs.workspaceId}/${inputs.datasetId}`, outputs: await this.ensure(inputs) };
    }

    protected async change(_olds: Inputs & Outputs, news: Inputs): Promise<Outputs> {
        return this.ensure(news);
    }

    protected subjectOf({ workspaceId, datasetId }: Inputs): Subject {
        return { workspaceId, datasetId };
    }

    private noSchedule(inputs: Inputs, cause: string): Diagnostic {
        const reason = `${showDataset(inputs)} has no refresh schedule to switch on: ${cause}`;
        return notice("no-schedule", this.subjectOf(inputs), reason, "make one in Power BI, or leave keepSchedule out");
    }

    protected async observe(props: Inputs & Outputs): Promise<Reading<Outputs>> {
        if (!props.keep) {
            return { outputs: { enabled: props.enabled }, drift: [] };
        }
        try {
            const schedule = await this.clients.powerBi.getRefreshSchedule(props.workspaceId, props.datasetId);
            const { enabled } = schedule;
            const drift =
                enabled === false && !isEmpty(schedule)
                    ? [this.differs(props, `the refresh schedule of ${showDataset(props)} is switched off`)]
                    : [];
            return { outputs: { enabled: enabled ?? props.enabled }, drift };
        } catch (error) {
            if (isDefect(error)) {
                throw error;
            }
            if (means(error, "notFound")) {
                return "gone";
            }
            // SP2 lost a right: the program finds that too, and says what to do about it. A model may have no schedule.
            if (!means(error, "noRight", "noSchedule")) {
                const cause = causeOf(error, props.workspaceName);
                say(notLookedAt(this.subjectOf(props), `the refresh schedule of ${showDataset(props)}`, cause));
            }
            return { outputs: { enabled: props.enabled }, drift: [] };
        }
    }

    private async ensure(inputs: Inputs): Promise<Outputs> {
        const { workspaceId, datasetId, restore, keep } = inputs;
        if (restore === "" && !keep) {
            return { enabled: false };
        }
        const { powerBi } = this.clients;
        try {
            const schedule = await powerBi.getRefreshSchedule(workspaceId, datasetId);
            if (isEmpty(schedule)) {
                say(this.noSchedule(inputs, "nobody made one"));
                return { enabled: false };
            }
            if (schedule.enabled !== true) {
                await powerBi.enableRefreshSchedule(workspaceId, datasetId);
            }
            return { enabled: true };
        } catch (error) {
            if (!means(error, "noSchedule")) {
                throw error;
            }
            // The credential is bound: that there is no schedule to switch on is no reason to fail.
            say(this.noSchedule(inputs, (error as Error).message));
            return { enabled: false };
        }
    }
}

/** Whether nobody ever made a schedule: without days there is nothing to switch on, and Power BI refuses to. */
function isEmpty({ enabled, days }: Schedule): boolean {
    return enabled !== true && days?.length === 0;
}
