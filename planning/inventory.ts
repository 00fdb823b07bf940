import { isListedByFabric } from "../clients/gateway-kinds";
import { AnsweredList, demandAll, describeUnreadable, mapList, UnreadableItem } from "../clients/answered-list";
import { DatabricksTarget, parseConnectionDetails, showSource } from "../clients/connection-details";
import { FabricConnection, singleSignOnOf } from "../clients/fabric";
import { Observation, observe } from "../clients/observation";
import { Once } from "../clients/once";
import { Dataset, DatasetDatasource, Workspace } from "../clients/power-bi-datasets";
import { notice, Tell } from "../diagnostics/diagnostic";
import { DatasourceOutputs } from "../outputs";
import { DatasourceKey, GatewayDatasource, readersOAuth2 } from "../clients/power-bi-gateways";
import { hasStatus } from "../clients/service-error";
import { Services } from "../clients/services";
import { administered, Gateways, KnownGateway, listGateways } from "./gateways";
import { FormerSource, Memory } from "./memory";
import { GatewaySource, Source } from "./sources";
import { Named, named, sameId } from "./names";

/** The datasets of a workspace. */
export interface WorkspaceDatasets {
    workspace: Named<Workspace>;
    datasets: AnsweredList<Named<Dataset>>;
}

/** What Power BI and Fabric hold, asked for when it is first needed and once only. */
export class Inventory {
    private readonly asked = new Once();
    private readonly scanned = new Map<string, Source[]>();

    /**
     * @param known what the last up knew, in a run that need not ask for it.
     * @param said takes what the user should know of: elements of lists that cannot be read.
     */
    constructor(
        private readonly services: Services,
        private readonly known = new Memory(),
        private readonly said: Tell = () => {},
    ) {}

    /** The workspaces that SP2 is a member of. */
    workspaces(): Promise<Named<Workspace>[]> {
        return this.asked.get("workspaces", async () =>
            named(this.readable("the workspaces", await this.services.powerBi.listWorkspaces())),
        );
    }

    /** The datasets of a workspace. */
    async datasets(workspaceId: string): Promise<AnsweredList<Named<Dataset>>> {
        return mapList(await this.services.powerBi.listDatasets(workspaceId), named);
    }

    /** The gateways that SP2 administers. */
    gateways(): Promise<Gateways> {
        return this.asked.get("gateways", async () => {
            const { unreadable, ...gateways } = await listGateways(this.services);
            unreadable.forEach((words) => this.tell("the gateways", words));
            return { ...gateways, administered: named(gateways.administered) };
        });
    }

    /**
     * The sources of a dataset, as far as Power BI tells them. Where one of them cannot be read, nobody knows what it is:
     * the whole is unreadable.
     *
     * @param serves what is looked for: what was known of a dataset is taken for good only if some of it is that.
     */
    async sources(
        workspaceId: string,
        datasetId: string,
        serves?: (target: DatabricksTarget) => boolean,
    ): Promise<Observation<Source[]>> {
        const scanned = this.scanned.get(datasetId);
        if (scanned) {
            return { outcome: "found", value: scanned };
        }
        const known = await this.knownSources(datasetId);
        return known && (!serves || known.some(({ target }) => serves(target)))
            ? { outcome: "found", value: known }
            : this.asked.get(`sources ${datasetId}`, () => this.askForSources(workspaceId, datasetId));
    }

    /** The datasources of a gateway. */
    gatewaySources(gateway: KnownGateway): Promise<GatewaySource[]> {
        return this.asked.get(`gateway ${gateway.id}`, async () => {
            if (!isListedByFabric(gateway.kind)) {
                const answered = await this.services.powerBi.gateways.listDatasources(gateway.id);
                return named(this.readable(`the datasources of gateway "${gateway.name}"`, answered).map(ofDatasource));
            }
            const connections = await this.connections();
            return named(
                connections
                    .filter((connection) => connection.gatewayId?.toLowerCase() === gateway.id.toLowerCase())
                    .map(ofConnection),
            );
        });
    }

    /** A datasource as the list of its gateway has it; undefined where SP2 does not see the gateway, or the list lacks it. */
    async gatewaySource({ gatewayId, datasourceId }: DatasourceKey): Promise<GatewaySource | undefined> {
        const gateway = administered(await this.gateways(), gatewayId);
        const sources = gateway ? await this.gatewaySources(gateway) : [];
        return sources.find(({ id }) => sameId(id, datasourceId));
    }

    /**
     * What Fabric tells of a connection: from the list of those that SP2 has a role on, then from that of the tenant, which
     * few tenants open.
     *
     * @returns undefined where neither has it, or neither is told.
     */
    async connection(id: string): Promise<FabricConnection | undefined> {
        if (!this.services.hasFabric) {
            return undefined;
        }
        const ask = (key: string, list: () => Promise<FabricConnection[]>) => this.asked.get(key, () => observe(list));
        const lists = [
            () => ask("observed connections", () => this.connections()),
            () => ask("tenant's connections", async () => (await this.services.fabric.listTenantConnections()).items),
        ];
        for (const list of lists) {
            const observed = await list();
            const known = observed.outcome === "found" ? observed.value : [];
            const found = known.find((connection) => sameId(connection.id, id));
            if (found) {
                return found;
            }
        }
        return undefined;
    }

    /** Whether SP2 owns a dataset already, as far as Power BI says whose it is. */
    async isOurs({ configuredBy }: Pick<Dataset, "configuredBy">): Promise<boolean> {
        return configuredBy !== undefined && this.services.powerBi.isOwnName(configuredBy);
    }

    /** What Power BI tells of a dataset's refresh schedule, in words. */
    async schedule(workspaceId: string, datasetId: string): Promise<string> {
        const observed = await observe(() => this.services.powerBi.getRefreshSchedule(workspaceId, datasetId));
        const enabled = observed.outcome === "found" ? observed.value.enabled : undefined;
        if (enabled === undefined) {
            return "no schedule, or one that is not told";
        }
        return enabled ? "schedule on" : "schedule off";
    }

    private connections(): Promise<FabricConnection[]> {
        return this.asked.get("connections", async () =>
            this.readable("the connections", await this.services.fabric.listConnections()),
        );
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
        // Fabric denies what the caller has no role on as well.
        if (!gateway || isListedByFabric(gateway.kind) || (await this.gatewaySources(gateway)).length === 0) {
            return false;
        }
        const { outcome } = await observe(() => this.services.powerBi.gateways.getDatasource(holder));
        return outcome === "gone";
    }

    private async isDatasetGone({ workspaceId, datasetId }: DatasourceOutputs["datasets"][number]): Promise<boolean> {
        const workspace = (await this.workspaces()).find(
            ({ id }) => workspaceId !== undefined && sameId(id, workspaceId),
        );
        const listed = workspace && (await observe(() => this.datasets(workspace.id)));
        const others = listed?.outcome === "found" ? listed.value.items : [];
        const isListed = others.some(({ id }) => sameId(id, datasetId));
        if (!workspace || isListed || others.length === 0) {
            return false;
        }
        const { outcome } = await observe(() => this.services.powerBi.getDataset(workspace.id, datasetId));
        return outcome === "gone";
    }

    /** The tenant's workspaces with their datasets, as the scanner API tells them; their sources are known from then on. */
    scan(): Promise<WorkspaceDatasets[]> {
        return this.asked.get("scan", async () => {
            const { scanner } = this.services.powerBi;
            const listed = await scanner.listWorkspaces().catch(explainScanner);
            const all = this.readable("the tenant's workspaces", listed);
            const scanned = this.readable("the scanned workspaces", await scanner.scan(all.map(({ id }) => id)));
            return scanned.map(({ datasets, id, name = all.find((listed) => listed.id === id)?.name }) => {
                datasets.items.forEach(({ id: dataset, datasources }) => {
                    if (datasources) {
                        this.scanned.set(dataset, datasources.map(ofDataset));
                    }
                });
                return { workspace: named([{ id, name }])[0], datasets: mapList(datasets, named) };
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

    private askForSources(workspaceId: string, datasetId: string): Promise<Observation<Source[]>> {
        return observe(async () => {
            const answered = await this.services.powerBi.listDatasources(workspaceId, datasetId);
            return demandAll(answered, "Power BI's list of its datasources").map(ofDataset);
        });
    }

    /** The items of a list; those that cannot be read are told. */
    private readable<T>(what: string, { items, unreadable }: AnsweredList<T>): T[] {
        unreadable.forEach((item: UnreadableItem) => this.tell(what, describeUnreadable(item)));
        return items;
    }

    private tell(what: string, words: string): void {
        this.said(
            notice(
                "item-unreadable",
                {},
                `one of ${what} cannot be read, and is left out: ${words}`,
                "look at it in the service; if it stays like this, ask the service's support",
            ),
        );
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

function ofDatasource({ id, name, target, useEndUserOAuth2Credentials }: GatewayDatasource): GatewaySource {
    const singleSignOn = useEndUserOAuth2Credentials ? readersOAuth2 : undefined;
    return { id, name: name ?? id, target, singleSignOn };
}

function ofConnection(connection: FabricConnection): GatewaySource {
    const { id, displayName, target } = connection;
    return { id, name: displayName || id, target, singleSignOn: singleSignOnOf(connection) };
}
