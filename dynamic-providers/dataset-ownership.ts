import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { DatabricksTarget } from "../clients/connection-details";
import { Dataset, DatasourceKey } from "../clients/power-bi";
import { hasStatus } from "../clients/service-error";
import { waitUntil } from "../clients/wait";
import { driftOfDatasources, matchingDatasources, objectionsTo, observationOf, showDataset } from "./dataset-sources";
import { announce, Driftable, Failure, hasUnknown, Observation, Provider } from "./provider";
import { DynamicResource } from "./stub";

interface Inputs extends Driftable {
    workspaceId: string;
    workspaceName: string;
    datasetId: string;
    datasetName: string;
    target: DatabricksTarget;
    allowCredentialLoss: boolean;
    rotationKey: string;
    /** The datasources as `look` found them; empty while it did not look. */
    observed: string[];
}

interface Outputs {
    owner: string;
    previousOwner: string;
    datasources: DatasourceKey[];
    /** The observation that the last update has dealt with. */
    settled: string[];
}

/** Arguments of `DatasetOwnership`. */
export interface DatasetOwnershipArgs {
    readonly workspaceId: pulumi.Input<string>;
    /** For reading only: a workspace that is renamed is still the same. */
    readonly workspaceName: pulumi.Input<string>;
    readonly datasetId: pulumi.Input<string>;
    /** For reading only: a dataset that is renamed is still the same. */
    readonly datasetName: pulumi.Input<string>;
    /** The warehouse that the dataset is expected to read. */
    readonly target: pulumi.Input<DatabricksTarget>;
    /** Whether a take-over may drop the former owner's credentials of the dataset's other cloud sources. */
    readonly allowCredentialLoss: pulumi.Input<boolean>;
    /**
     * The key of the generation in use. The run in which it changes asks nothing of each dataset, so that a rotation is
     * quick however many there are; every other run looks at the datasources of each.
     */
    readonly rotationKey: pulumi.Input<string>;
}

/**
 * SP2 as the owner of a cloud dataset: only the owner's credentials serve a cloud datasource, and only the owner can set
 * them. Gives the ids of the datasources that point to the warehouse; they change with the owner.
 */
export class DatasetOwnership extends DynamicResource {
    /** The datasources of the dataset that read the warehouse. */
    declare readonly datasources: pulumi.Output<DatasourceKey[]>;
    /** The owner as Power BI writes it. */
    declare readonly owner: pulumi.Output<string>;

    constructor(name: string, args: DatasetOwnershipArgs, opts?: pulumi.CustomResourceOptions) {
        const outputs = {
            owner: undefined,
            previousOwner: undefined,
            datasources: undefined,
            observedAtKey: undefined,
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
        "target",
        "allowCredentialLoss",
        "rotationKey",
        "observed",
        "drift",
    ] as const;
    protected readonly replaceOn = ["workspaceId", "datasetId"] as const;
    protected readonly updateOn = ["target"] as const;

    protected async validate(inputs: Inputs, isNew: boolean): Promise<Failure[]> {
        if (!isNew) {
            return [];
        }
        try {
            return await this.objections(inputs, !(await this.isOurs(await this.owner(inputs))));
        } catch (error) {
            return [{ property: "datasetId", reason: (error as Error).message }];
        }
    }

    protected async make(inputs: Inputs): Promise<{ id: string; outputs: Outputs }> {
        return { id: `${inputs.workspaceId}/${inputs.datasetId}`, outputs: await this.own(inputs) };
    }

    protected async change(olds: Inputs & Outputs, news: Inputs): Promise<Outputs> {
        return this.own(news, olds.owner);
    }

    protected async observe(props: Inputs & Outputs): Promise<Observation<Outputs>> {
        const dataset = await this.find(props);
        if (!dataset) {
            return "gone";
        }
        const name = showDataset(props);
        const owner = dataset.configuredBy ?? "";
        if (owner !== props.owner) {
            const drift = [`the owner of ${name} is now ${owner || "nobody"}, not ${props.owner}`];
            return { outputs: outputsOf(props), drift };
        }
        return { outputs: outputsOf(props), drift: [] };
    }

    async diff(id: string, olds: Inputs & Outputs, news: Inputs): Promise<pulumi.dynamic.DiffResult> {
        const result = await super.diff(id, olds, news);
        if (hasUnknown(news) || isDeepStrictEqual(news.observed, olds.settled)) {
            return result;
        }
        const words = driftOfDatasources(showDataset(news), news.target, olds.datasources, news.observed);
        words.forEach(announce);
        return { ...result, changes: result.changes || words.length > 0 };
    }

    protected async look(olds: Inputs, news: Inputs): Promise<Inputs> {
        if (olds.rotationKey !== news.rotationKey) {
            return { ...news, observed: olds.observed ?? [] };
        }
        try {
            const sources = await this.clients.powerBi.listDatasources(news.workspaceId, news.datasetId);
            return { ...news, observed: observationOf(sources, news.target) };
        } catch (error) {
            // Somebody else's dataset may not tell; that its owner changed is said by `observe`.
            if (hasStatus(error, 401, 403, 404)) {
                return { ...news, observed: olds.observed ?? [] };
            }
            throw error;
        }
    }

    /** Makes SP2 the owner where it is not, and finds the datasources. */
    private async own(inputs: Inputs, recordedOwner?: string): Promise<Outputs> {
        const before = await this.owner(inputs);
        const isOurs = await this.isOurs(before, recordedOwner);
        if (!isOurs) {
            await this.demandNoObjection(inputs);
            await this.clients.powerBi.takeOver(inputs.workspaceId, inputs.datasetId);
        }
        const startedAt = Date.now();
        let owner = before;
        let datasources: DatasourceKey[] = [];
        const what = `the datasources of ${showDataset(inputs)} after the take-over`;
        await waitUntil({ what, timeoutInMs: takeOverTimeoutInMs }, async () => {
            try {
                owner = await this.owner(inputs);
                datasources = await this.matching(inputs);
            } catch (error) {
                if (!isOurs && hasStatus(error, 401, 403, 404)) {
                    return false;
                }
                throw error;
            }
            const isOwnerSettled = isOurs || owner !== before || Date.now() > startedAt + ownerTimeoutInMs;
            const isKnown = isOwnerSettled && datasources.length > 0;
            if (!isKnown) {
                this.clients.powerBi.forgetDatasets(inputs.workspaceId);
            }
            return isKnown;
        });
        return { owner, previousOwner: isOurs ? "" : before, datasources, settled: inputs.observed };
    }

    private async matching(inputs: Inputs): Promise<DatasourceKey[]> {
        const sources = await this.clients.powerBi.listDatasources(inputs.workspaceId, inputs.datasetId);
        const [objection] = objectionsTo(showDataset(inputs), inputs, sources, false);
        if (objection) {
            throw new Error(objection.reason);
        }
        return matchingDatasources(sources, inputs.target);
    }

    private async demandNoObjection(inputs: Inputs): Promise<void> {
        const failures = await this.objections(inputs, true);
        if (failures.length > 0) {
            throw new Error(failures.map((failure) => failure.reason).join("\n"));
        }
    }

    private async objections(inputs: Inputs, takesOver: boolean): Promise<Failure[]> {
        try {
            const sources = await this.clients.powerBi.listDatasources(inputs.workspaceId, inputs.datasetId);
            return objectionsTo(showDataset(inputs), inputs, sources, takesOver);
        } catch (error) {
            // A dataset whose owner has left cannot tell its datasources (DMTS_UserNotFoundInADGraphError); the
            // take-over cures that, and what it finds is looked at then.
            if (hasStatus(error, 404)) {
                return [];
            }
            throw error;
        }
    }

    private async isOurs(owner: string, recordedOwner?: string): Promise<boolean> {
        const names = [...(await this.clients.powerBi.ownNames()), recordedOwner ?? ""];
        return owner !== "" && names.some((name) => name.toLowerCase() === owner.toLowerCase());
    }

    private async owner(inputs: Inputs): Promise<string> {
        const dataset = await this.find(inputs);
        if (!dataset) {
            throw new Error(`${showDataset(inputs)} does not exist (any more), or SP2 does not see it`);
        }
        return dataset.configuredBy ?? "";
    }

    private async find(inputs: Inputs): Promise<Dataset | undefined> {
        const datasets = await this.clients.powerBi.listDatasets(inputs.workspaceId);
        return datasets.find((dataset) => dataset.id === inputs.datasetId);
    }
}

function outputsOf(props: Outputs): Outputs {
    const { owner, previousOwner, datasources, settled } = props;
    return { owner, previousOwner, datasources, settled };
}
