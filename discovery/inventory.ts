import { DatabricksTarget, parseConnectionDetails, showSource } from "../clients/connection-details";
import { FabricConnection } from "../clients/fabric";
import { Dataset, DatasetDatasource, Workspace } from "../clients/power-bi-datasets";
import { DatasourceOutputs } from "../outputs";
import { GatewayDatasource } from "../clients/power-bi-gateways";
import { hasStatus, isNotFound } from "../clients/service-error";
import { Services } from "../clients/services";
import { Gateways, KnownGateway, listGateways } from "./gateways";
import { FormerSource, Memory } from "./memory";
import { named, sameId } from "./names";

/** A datasource that a dataset reads: where it points to, and where it is bound. */
export interface Source {
    target?: DatabricksTarget;
    /** Absent while it is not bound. */
    gatewayId?: string;
    datasourceId?: string;
    /** What it is, for messages. */
    text: string;
}

/** A datasource of a gateway. */
export interface GatewaySource {
    id: string;
    name: string;
    target?: DatabricksTarget;
}

/** What Power BI and Fabric hold, asked for when it is first needed and once only. */
export class Inventory {
    private readonly asked = new Map<string, Promise<unknown>>();
    private readonly scanned = new Map<string, Source[]>();

    /** @param known what the last up knew, in a run that need not ask for it. */
    constructor(
        private readonly services: Services,
        private readonly known = new Memory(),
    ) {}

    /** The workspaces that SP2 is a member of. */
    workspaces(): Promise<Workspace[]> {
        return this.once("workspaces", async () => named(await this.services.powerBi.listWorkspaces()));
    }

    /** The datasets of a workspace. */
    async datasets(workspaceId: string): Promise<Dataset[]> {
        return named(await this.services.powerBi.listDatasets(workspaceId));
    }

    /** The gateways that SP2 administers. */
    gateways(): Promise<Gateways> {
        return this.once("gateways", async () => {
            const gateways = await listGateways(this.services);
            return { ...gateways, administered: named(gateways.administered) };
        });
    }

    /**
     * The sources of a dataset; undefined where its owner has left and Power BI cannot tell.
     *
     * @param serves what is looked for: what was known of a dataset is taken for good only if some of it is that.
     */
    async sources(
        workspaceId: string,
        datasetId: string,
        serves?: (target: DatabricksTarget) => boolean,
    ): Promise<Source[] | undefined> {
        const scanned = this.scanned.get(datasetId);
        if (scanned) {
            return scanned;
        }
        const known = await this.knownSources(datasetId);
        return known && (!serves || known.some(({ target }) => serves(target)))
            ? known
            : this.once(`sources ${datasetId}`, () => this.askForSources(workspaceId, datasetId));
    }

    /** The datasources of a gateway. */
    gatewaySources(gateway: KnownGateway): Promise<GatewaySource[]> {
        return this.once(`gateway ${gateway.id}`, async () => {
            if (gateway.kind === "Onpremises") {
                return named((await this.services.powerBi.gateways.listDatasources(gateway.id)).map(ofDatasource));
            }
            const connections = await this.once("connections", () => this.services.fabric.listConnections());
            return named(
                connections
                    .filter((connection) => connection.gatewayId?.toLowerCase() === gateway.id.toLowerCase())
                    .map(ofConnection),
            );
        });
    }

    /**
     * Whether Power BI proves that what reads through a datasource is gone: each dataset is denied by itself, in a
     * workspace that SP2 sees and whose list of others was read; a datasource of a gateway is denied by a gateway that SP2
     * administers. Anything else proves nothing.
     */
    async isGone(holder: DatasourceOutputs): Promise<boolean> {
        if (holder.kind === "NoGateway") {
            const answers = await Promise.all(holder.datasets.map((dataset) => this.isDatasetGone(dataset)));
            return answers.length > 0 && answers.every((isGone) => isGone);
        }
        const { administered } = await this.gateways();
        const gateway = administered.find(({ id }) => sameId(id, holder.gatewayId));
        if (gateway?.kind !== "Onpremises" || (await this.gatewaySources(gateway)).length === 0) {
            return false;
        }
        return isDenied(this.services.powerBi.gateways.getDatasource(holder));
    }

    private async isDatasetGone({ workspaceId, datasetId }: DatasourceOutputs["datasets"][number]): Promise<boolean> {
        const workspace = (await this.workspaces()).find(
            ({ id }) => workspaceId !== undefined && sameId(id, workspaceId),
        );
        const others = workspace ? await this.datasets(workspace.id) : [];
        const isListed = others.some(({ id }) => sameId(id, datasetId));
        if (!workspace || isListed || others.length === 0) {
            return false;
        }
        return isDenied(this.services.powerBi.getDataset(workspace.id, datasetId));
    }

    /** The tenant's workspaces with their datasets, as the scanner API tells them; their sources are known from then on. */
    scan(): Promise<{ workspace: Workspace; datasets: Dataset[] }[]> {
        return this.once("scan", async () => {
            const all = await this.services.powerBi.scanner.listWorkspaces().catch(explainScanner);
            const scanned = await this.services.powerBi.scanner.scan(all.map(({ id }) => id));
            return scanned.map(({ id, name, datasets }) => {
                datasets.forEach((dataset) => this.scanned.set(dataset.id, dataset.datasources.map(ofDataset)));
                return { workspace: named([{ id, name }])[0], datasets: named(datasets) };
            });
        });
    }

    /**
     * What the last up knew of a dataset, where that can still be so: the warehouses are those that are declared, and
     * the gateways are seen. Otherwise the dataset may have been changed, and is looked at.
     */
    private async knownSources(datasetId: string): Promise<FormerSource[] | undefined> {
        const sources = this.known.sources(datasetId);
        if (sources.length === 0 || !sources.every(({ isDeclared }) => isDeclared)) {
            return undefined;
        }
        const { administered } = await this.gateways();
        const isSeen = ({ kind, gatewayId }: FormerSource) =>
            kind === "NoGateway" || administered.some(({ id }) => sameId(id, gatewayId));
        return sources.every(isSeen) ? sources : undefined;
    }

    private async askForSources(workspaceId: string, datasetId: string): Promise<Source[] | undefined> {
        try {
            return (await this.services.powerBi.listDatasources(workspaceId, datasetId)).map(ofDataset);
        } catch (error) {
            // DMTS_UserNotFoundInADGraphError: the owner has left; a take-over cures that.
            if (hasStatus(error, 404)) {
                return undefined;
            }
            throw error;
        }
    }

    private once<T>(key: string, ask: () => Promise<T>): Promise<T> {
        let answer = this.asked.get(key) as Promise<T> | undefined;
        if (!answer) {
            answer = ask();
            this.asked.set(key, answer);
        }
        return answer;
    }
}

/** Whether a service denies by its own code that something is there: a stray 404 has none, or another. */
async function isDenied(request: Promise<unknown>): Promise<boolean> {
    try {
        await request;
        return false;
    } catch (error) {
        return isNotFound(error);
    }
}

function explainScanner(error: Error): never {
    if (hasStatus(error, 401, 403)) {
        throw new Error(
            'the scanner API is not open to SP2. Allow it by the tenant setting "Service principals can access read-only ' +
                'admin APIs", and give its application no Power BI permission that needs admin consent; or look ' +
                `via: workspaces. ${error.message}`,
        );
    }
    throw error;
}

function ofDataset(source: DatasetDatasource): Source {
    const { gatewayId, datasourceId, connectionDetails } = source;
    return { target: parseConnectionDetails(connectionDetails), gatewayId, datasourceId, text: showSource(source) };
}

function ofDatasource({ id, name, target }: GatewayDatasource): GatewaySource {
    return { id, name, target };
}

function ofConnection({ id, displayName, target }: FabricConnection): GatewaySource {
    return { id, name: displayName ?? id, target };
}
