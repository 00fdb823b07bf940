import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { DatabricksTarget } from "../clients/connection-details";
import { RefreshSchedule } from "../clients/power-bi";
import { demandAll } from "../clients/answered-list";
import { Dataset, DatasetDatasource } from "../clients/power-bi-datasets";
import { causeOf, means } from "../clients/service-codes";
import { hasStatus, wasRefused } from "../clients/service-error";
import { isDefect } from "../clients/user-error";
import { waitUntil } from "../clients/wait";
import { notice, Subject } from "../diagnostics/diagnostic";
import { isOwnedBySp2, isUnfinished, RecordedOwnership } from "./dataset-owner";
import { driftOfDatasources, matchingDatasources, objectionsTo, showDataset, TargetedKey } from "./dataset-sources";
import {
    announce,
    Driftable,
    Failure,
    hasUnknown,
    notLookedAt,
    Provider,
    Reading,
    say,
    UnfinishedChange,
} from "./provider";
import { DynamicResource } from "./stub";

interface Inputs extends Driftable {
    workspaceId: string;
    workspaceName: string;
    datasetId: string;
    datasetName: string;
    targets: DatabricksTarget[];
    /** Absent where there are none, and in a state from before there was this. */
    furtherHosts?: string[];
    gateways: string[];
    servedElsewhere: DatabricksTarget[];
    allowCredentialLoss: boolean;
    observed: string[];
}

interface Outputs extends RecordedOwnership {
    previousOwner: string;
    /** The observation that the last update has dealt with. */
    settled: string[];
    /** When the last take-over switched a refresh schedule off that was on; empty when none did. */
    scheduleToRestore: string;
}

/** Arguments of `DatasetOwnership`. */
export interface DatasetOwnershipArgs {
    readonly workspaceId: pulumi.Input<string>;
    /** For reading only: a workspace that is renamed is still the same. */
    readonly workspaceName: pulumi.Input<string>;
    readonly datasetId: pulumi.Input<string>;
    /** For reading only: a dataset that is renamed is still the same. */
    readonly datasetName: pulumi.Input<string>;
    /** The warehouses that the dataset is expected to read through the cloud. */
    readonly targets: pulumi.Input<DatabricksTarget[]>;
    /** Further hosts at which these may be read: custom URLs of the workspace. Default none. */
    readonly furtherHosts?: pulumi.Input<string[]>;
    /** The gateways through which it reads other sources. */
    readonly gateways: pulumi.Input<string[]>;
    /** Other warehouses that it reads, whose credentials this stack sets too. */
    readonly servedElsewhere: pulumi.Input<DatabricksTarget[]>;
    /** Whether a take-over may drop the former owner's credentials of the dataset's other cloud sources. */
    readonly allowCredentialLoss: pulumi.Input<boolean>;
    /** Its datasources that point to the warehouses, as discovery found them; empty while it did not look. */
    readonly observed: pulumi.Input<string[]>;
}

/**
 * SP2 as the owner of a cloud dataset: only the owner's credentials serve a cloud datasource, and only the owner can set
 * them. Gives the ids of the datasources that point to the warehouse; they change with the owner.
 */
export class DatasetOwnership extends DynamicResource {
    /** The datasources of the dataset that read the warehouse. */
    declare readonly datasources: pulumi.Output<TargetedKey[]>;
    /** The owner as Power BI writes it. */
    declare readonly owner: pulumi.Output<string>;
    /** When a take-over switched a refresh schedule off that was on; empty when none did. */
    declare readonly scheduleToRestore: pulumi.Output<string>;

    constructor(name: string, args: DatasetOwnershipArgs, opts?: pulumi.CustomResourceOptions) {
        const outputs = {
            owner: undefined,
            unfinished: undefined,
            previousOwner: undefined,
            datasources: undefined,
            settled: undefined,
            scheduleToRestore: undefined,
        };
        super("power-bi", "DatasetOwnership", name, { ...args, drift: [], ...outputs }, opts);
    }
}

/** New rights take a while in Power BI; people wait some 15 s after a take-over. */
const takeOverTimeoutInMs = 120_000;
/** How long the new owner's name is waited for; in some tenants it reads the same as before. */
const ownerTimeoutInMs = 20_000;

export class DatasetOwnershipProvider extends Provider<Inputs, Outputs> {
    protected readonly title = "ownership of the dataset";
    protected readonly inputNames = [
        "workspaceId",
        "workspaceName",
        "datasetId",
        "datasetName",
        "targets",
        "furtherHosts",
        "gateways",
        "servedElsewhere",
        "allowCredentialLoss",
        "observed",
        "drift",
    ] as const;
    protected readonly replaceOn = ["workspaceId", "datasetId"] as const;
    protected readonly updateOn = ["targets"] as const;

    protected async validate(inputs: Inputs, olds?: Inputs): Promise<Failure[]> {
        if (olds) {
            return [];
        }
        try {
            return await this.objections(inputs, !(await this.isOurs(await this.owner(inputs), inputs)));
        } catch (error) {
            if (isDefect(error)) {
                throw error;
            }
            return [{ property: "datasetId", reason: (error as Error).message }];
        }
    }

    protected async make(inputs: Inputs): Promise<{ id: string; outputs: Outputs }> {
        return { id: idOf(inputs), outputs: await this.own(inputs) };
    }

    protected async change(olds: Inputs & Outputs, news: Inputs): Promise<Outputs> {
        return this.own(news, olds);
    }

    protected subjectOf({ workspaceId, datasetId }: Inputs): Subject {
        return { workspaceId, datasetId };
    }

    protected async observe(props: Inputs & Outputs): Promise<Reading<Outputs>> {
        let dataset: Dataset | undefined;
        try {
            dataset = await this.find(props);
        } catch (error) {
            // Whether the workspace is gone or SP2's right, Power BI does not tell; the program says what to do about it.
            if (means(error, "notFound", "noRight")) {
                const reason = `SP2 no longer sees workspace "${props.workspaceName}": it was deleted, or SP2 left it`;
                const drift = [this.differs(props, reason)];
                return { outputs: outputsOf(props), drift };
            }
            if (hasStatus(error, 404)) {
                say(notLookedAt(this.subjectOf(props), showDataset(props), causeOf(error, props.workspaceName)));
                return { outputs: outputsOf(props), drift: [] };
            }
            throw error;
        }
        if (!dataset) {
            return "gone";
        }
        const name = showDataset(props);
        const owner = dataset.configuredBy ?? "";
        if (isUnfinished(props)) {
            return {
                outputs: outputsOf(props),
                drift: [this.differs(props, `a run failed while it took ${name} over`)],
            };
        }
        // Where Power BI does not say whose it is, the datasources tell: they change with the owner.
        if (owner !== "" && owner !== props.owner) {
            const reason = `the owner of ${name} is now ${owner}, not ${props.owner || "SP2"}`;
            const drift = [this.differs(props, reason)];
            return { outputs: outputsOf(props), drift };
        }
        return { outputs: outputsOf(props), drift: [] };
    }

    async diff(id: string, olds: Inputs & Outputs, news: Inputs): Promise<pulumi.dynamic.DiffResult> {
        const result = await super.diff(id, olds, news);
        if (hasUnknown(news) || isDeepStrictEqual(news.observed, olds.settled)) {
            return result;
        }
        const words = driftOfDatasources(showDataset(news), olds.datasources, news.observed);
        words.forEach((reason) => announce(this.differs(news, reason)));
        return { ...result, changes: result.changes || words.length > 0 };
    }

    /** Makes SP2 the owner where it is not, and finds the datasources. */
    private async own(inputs: Inputs, olds?: Outputs): Promise<Outputs> {
        const before = await this.owner(inputs);
        const settled = inputs.observed;
        const scheduleBefore = olds?.scheduleToRestore ?? "";
        if (await this.isOurs(before, inputs, olds)) {
            if (!olds) {
                await this.tellScheduleThatIsOff(inputs);
            }
            const found = await this.lookUntilSettled(inputs);
            const previousOwner = olds && isUnfinished(olds) ? olds.previousOwner : "";
            return { ...found, unfinished: false, previousOwner, settled, scheduleToRestore: scheduleBefore };
        }
        await this.demandNoObjection(inputs);
        const scheduleToRestore = (await this.scheduleOf(inputs))?.enabled ? new Date().toISOString() : scheduleBefore;
        const outputs = { previousOwner: before, settled, scheduleToRestore };
        let isTaken = false;
        try {
            await this.clients.powerBi.takeOver(inputs.workspaceId, inputs.datasetId);
            isTaken = true;
            return { ...outputs, unfinished: false, ...(await this.lookUntilSettled(inputs, before)) };
        } catch (error) {
            if (!isTaken && wasRefused(error)) {
                throw error;
            }
            // A later run finds SP2 as the owner, and would not know that a schedule was on.
            const { message } = error as Error;
            const datasources = olds?.datasources ?? [];
            const left = { ...outputs, owner: "", unfinished: true, datasources };
            throw new UnfinishedChange<Outputs>(message, idOf(inputs), left, error);
        }
    }

    /**
     * Waits until owner and datasources are what they will be.
     *
     * @param former the owner before a take-over; absent when there was none, so that there is nothing to wait for.
     */
    private async lookUntilSettled(inputs: Inputs, former?: string): Promise<Pick<Outputs, "owner" | "datasources">> {
        const isTaken = former !== undefined;
        const startedAt = Date.now();
        let owner = "";
        let datasources: TargetedKey[] = [];
        const what = `the datasources of ${showDataset(inputs)} after the take-over`;
        await waitUntil({ what, timeoutInMs: takeOverTimeoutInMs }, async () => {
            try {
                owner = await this.owner(inputs);
                datasources = await this.matching(inputs);
            } catch (error) {
                if (isTaken && hasStatus(error, 401, 403, 404)) {
                    return false;
                }
                throw error;
            }
            const isOwnerSettled = !isTaken || owner !== former || Date.now() > startedAt + ownerTimeoutInMs;
            const isKnown = isOwnerSettled && datasources.length > 0;
            if (!isKnown) {
                this.clients.powerBi.forgetDatasets(inputs.workspaceId);
            }
            return isKnown;
        });
        return { owner, datasources };
    }

    private async matching(inputs: Inputs): Promise<TargetedKey[]> {
        const sources = await this.sources(inputs);
        const [objection] = objectionsTo(showDataset(inputs), inputs, sources, false);
        if (objection) {
            throw new Error(objection.reason);
        }
        return matchingDatasources(sources, inputs);
    }

    /** The datasources. Each counts: one that cannot be read may be what a take-over would take a credential from. */
    private async sources({ workspaceId, datasetId }: Inputs): Promise<DatasetDatasource[]> {
        const answered = await this.clients.powerBi.listDatasources(workspaceId, datasetId);
        return demandAll(answered, "Power BI's list of its datasources");
    }

    /** The schedule, which a take-over switches off; undefined where there is none, and where it is not told. */
    private async scheduleOf(inputs: Inputs): Promise<RefreshSchedule | undefined> {
        try {
            return await this.clients.powerBi.getRefreshSchedule(inputs.workspaceId, inputs.datasetId);
        } catch (error) {
            if (isDefect(error)) {
                throw error;
            }
            // DirectQuery models have none, and a model whose owner has left may not tell. Nothing of this keeps a
            // credential from being set.
            if (!means(error, "noSchedule", "ownerLeft", "noRight", "notFound") && !hasStatus(error, 400)) {
                say(
                    notice(
                        "not-looked-at",
                        this.subjectOf(inputs),
                        `whether ${showDataset(inputs)} has a refresh schedule that is on could not be read: ` +
                            `${causeOf(error, inputs.workspaceName)}. A take-over switches it off`,
                        "look at it afterwards, or set keepSchedule: true on its binding",
                    ),
                );
            }
            return undefined;
        }
    }

    /** A killed run that had just taken the dataset over left no trace of it but this. Others may have meant it. */
    private async tellScheduleThatIsOff(inputs: Inputs): Promise<void> {
        const { enabled, days = [] } = (await this.scheduleOf(inputs)) ?? {};
        if (enabled === false && days.length > 0) {
            say(
                notice(
                    "schedule-off",
                    this.subjectOf(inputs),
                    `${showDataset(inputs)} is SP2's already, and its refresh schedule is switched off`,
                    "if an interrupted run took it over, switch it on, or set keepSchedule: true on its binding",
                ),
            );
        }
    }

    private async demandNoObjection(inputs: Inputs): Promise<void> {
        const failures = await this.objections(inputs, true);
        if (failures.length > 0) {
            throw new Error(failures.map((failure) => failure.reason).join("\n"));
        }
    }

    private async objections(inputs: Inputs, takesOver: boolean): Promise<Failure[]> {
        try {
            return objectionsTo(showDataset(inputs), inputs, await this.sources(inputs), takesOver);
        } catch (error) {
            // A dataset whose owner has left cannot tell its datasources; the take-over cures that, and what it finds is
            // looked at then. Only the service's own code says so: a capacity that is paused answers with the same status.
            if (means(error, "ownerLeft")) {
                return [];
            }
            if (isDefect(error)) {
                throw error;
            }
            const cause = causeOf(error, inputs.workspaceName);
            throw new Error(
                `the datasources of ${showDataset(inputs)} cannot be read: ${cause}. Nothing was taken over.`,
            );
        }
    }

    private isOurs(owner: string, inputs: Inputs, olds?: Outputs): Promise<boolean> {
        const look = async () => matchingDatasources(await this.sources(inputs), inputs);
        return isOwnedBySp2(this.clients.powerBi, owner, look, olds);
    }

    private async owner(inputs: Inputs): Promise<string> {
        const dataset = await this.find(inputs);
        if (!dataset) {
            throw new Error(`${showDataset(inputs)} does not exist (any more), or SP2 does not see it`);
        }
        return dataset.configuredBy ?? "";
    }

    private async find(inputs: Inputs): Promise<Dataset | undefined> {
        const { items, unreadable } = await this.clients.powerBi.listDatasets(inputs.workspaceId);
        const found = items.find((dataset) => dataset.id === inputs.datasetId);
        if (!found) {
            // One of those that cannot be read may be it: that is not gone.
            const others = unreadable.filter(({ id }) => id === undefined || id === inputs.datasetId);
            demandAll({ items, unreadable: others }, `the datasets of workspace "${inputs.workspaceName}"`);
        }
        return found;
    }
}

function idOf({ workspaceId, datasetId }: Inputs): string {
    return `${workspaceId}/${datasetId}`;
}

function outputsOf(props: Outputs): Outputs {
    const { owner, unfinished, previousOwner, datasources, settled, scheduleToRestore } = props;
    const known = { owner, previousOwner, datasources, settled, scheduleToRestore };
    return unfinished === undefined ? known : { ...known, unfinished };
}
