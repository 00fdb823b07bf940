import { CredentialOutputs, DatasourceOutputs, HeldOutputs, MissingOutputs } from "../outputs";
import { sameId, sameName } from "./names";

/** A dataset that an earlier up bound, by the names by which the configuration knows it. */
export interface FormerDataset {
    workspaceId: string;
    workspace: string;
    datasetId: string;
    dataset: string;
}

/** Something in Power BI that was renamed since the configuration was written. */
export interface Renamed {
    what: "workspace" | "dataset" | "gateway" | "datasource";
    id: string;
    /** The name by which the configuration means it. */
    former: string;
    /** What it is called now. */
    now: string;
}

/**
 * What earlier runs bound of one credential. A rename in Power BI lets nothing go: what was bound goes on to be known by
 * the name that the configuration has for it, until the configuration is changed.
 */
export class History {
    /** Everything that may hold a secret of the credential, each with the key of its generation. */
    readonly holders: HeldOutputs[];
    /** The datasets that read through it, and those that did and were missing in the last run. */
    readonly datasets: FormerDataset[];
    /** What bindings name and was missing in the last run. */
    readonly missing: MissingOutputs;
    private readonly renames = new Map<string, Renamed>();

    /** @param last what the last up put out of the credential; undefined before the first. */
    constructor(private readonly last: CredentialOutputs | undefined) {
        const bound = (last?.datasources ?? []).map((source) => ({ ...source, rotationKey: last!.rotationKey }));
        this.holders = [...bound, ...(last?.held ?? [])].map((holder) => this.withWorkspaceIds(holder));
        this.missing = last?.missing ?? { datasets: [], datasources: [] };
        const users = [...this.holders.flatMap(({ datasets }) => datasets), ...this.missing.datasets];
        this.datasets = users.map(({ workspaceId = "", datasetId, workspace, dataset }) => ({
            workspaceId,
            workspace: this.knownName(workspaceId, workspace),
            datasetId,
            dataset: this.knownName(datasetId, dataset),
        }));
    }

    /** The name by which the configuration knows a gateway that is called otherwise now. */
    gatewayName(gatewayId: string, now: string): string {
        const holder = this.holders.find(
            (candidate) => candidate.gateway !== "" && sameId(candidate.gatewayId, gatewayId),
        );
        return holder ? this.knownName(gatewayId, holder.gateway) : now;
    }

    /** The dataset that was bound under two names or ids. */
    dataset(workspace: string, dataset: string): FormerDataset | undefined {
        return this.datasets.find(
            (former) =>
                (sameId(former.workspaceId, workspace) || sameName(former.workspace, workspace)) &&
                (sameId(former.datasetId, dataset) || sameName(former.dataset, dataset)),
        );
    }

    /** The holders that a gateway and a datasource stand for, by name or id. 0.1.0 did not note names of datasources. */
    datasources(gateway: string, datasource: string): HeldOutputs[] {
        return this.holders.filter(
            (holder) =>
                holder.kind !== "NoGateway" &&
                (holder.datasource === undefined
                    ? this.isOnGateway(holder, gateway)
                    : this.isCalled(holder, gateway, datasource)),
        );
    }

    /** Whether an earlier run bound what a gateway and a datasource stand for, though it may hold nothing any more. */
    wasBound(gateway: string, datasource: string): boolean {
        return (
            this.datasources(gateway, datasource).length > 0 ||
            this.missing.datasources.some((missing) => this.isCalled(missing, gateway, datasource))
        );
    }

    /** Whether a gateway and a datasource, by name or id, stand for a datasource. */
    isCalled(source: MissingOutputs["datasources"][number], gateway: string, datasource: string): boolean {
        const { datasourceId: id, datasource: name = id } = source;
        return (
            this.isOnGateway(source, gateway) &&
            (sameId(id, datasource) || sameName(this.knownName(id, name), datasource))
        );
    }

    private isOnGateway(
        { gatewayId, gateway }: Pick<DatasourceOutputs, "gatewayId" | "gateway">,
        wanted: string,
    ): boolean {
        return sameId(gatewayId, wanted) || sameName(this.knownName(gatewayId, gateway), wanted);
    }

    /** Notes by which names the configuration knows a dataset and its workspace. */
    noteNames(
        former: FormerDataset,
        workspace: { id: string; name: string },
        dataset: { id: string; name: string },
    ): void {
        this.noteRenamed({ what: "workspace", id: workspace.id, former: former.workspace, now: workspace.name });
        this.noteRenamed({ what: "dataset", id: dataset.id, former: former.dataset, now: dataset.name });
    }

    /** Notes by which names the configuration knows a datasource and its gateway. */
    noteGateway(
        holder: HeldOutputs,
        gateway: { id: string; name: string },
        source: { id: string; name: string },
    ): void {
        const known = this.gatewayName(gateway.id, holder.gateway);
        this.noteRenamed({ what: "gateway", id: gateway.id, former: known, now: gateway.name });
        const former = this.knownName(source.id, holder.datasource ?? source.name);
        this.noteRenamed({ what: "datasource", id: source.id, former, now: source.name });
    }

    private noteRenamed(renamed: Renamed): void {
        if (!sameName(renamed.former, renamed.now)) {
            this.renames.set(renamed.id.toLowerCase(), renamed);
        }
    }

    /** What was noted, for the user to know. */
    renamed(): Renamed[] {
        return [...this.renames.values()];
    }

    /** The names that the next run has to know things by: by their ids. */
    formerNames(): Record<string, string> {
        return Object.fromEntries([...this.renames].map(([id, { former }]) => [id, former]));
    }

    /** The name by which the configuration knows something that an earlier up bound. */
    knownName(id: string, name: string): string {
        return this.last?.formerNames?.[id.toLowerCase()] ?? name;
    }

    /** Older outputs have a dataset's workspace apart. */
    private withWorkspaceIds<T extends DatasourceOutputs>(holder: T): T {
        const workspaceOf = (datasetId: string) =>
            this.last?.datasets.find((dataset) => sameId(dataset.datasetId, datasetId))?.workspaceId;
        const datasets = holder.datasets.map((user) => ({
            ...user,
            workspaceId: user.workspaceId ?? workspaceOf(user.datasetId),
        }));
        return { ...holder, datasets };
    }
}
