import { DatabricksTarget, parseConnectionDetails, showSource } from "../clients/connection-details";
import { FabricConnection } from "../clients/fabric";
import { Dataset, DatasetDatasource, Workspace } from "../clients/power-bi-datasets";
import { GatewayDatasource } from "../clients/power-bi-gateways";
import { hasStatus } from "../clients/service-error";
import { Services } from "../clients/services";
import { Gateways, KnownGateway, listGateways } from "./gateways";
import { named } from "./names";

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

/** What is known already of datasets' sources, by dataset id. */
export type KnownSources = ReadonlyMap<string, Source[]>;

/** What Power BI and Fabric hold, asked for when it is first needed and once only. */
export class Inventory {
    private readonly asked = new Map<string, Promise<unknown>>();
    private readonly scanned = new Map<string, Source[]>();

    /** @param known sources that need not be asked for. */
    constructor(
        private readonly services: Services,
        private readonly known: KnownSources = new Map(),
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

    /** The sources of a dataset; undefined where its owner has left and Power BI cannot tell. */
    async sources(workspaceId: string, datasetId: string): Promise<Source[] | undefined> {
        const known = this.scanned.get(datasetId) ?? this.known.get(datasetId);
        return known ?? this.once(`sources ${datasetId}`, () => this.askForSources(workspaceId, datasetId));
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
