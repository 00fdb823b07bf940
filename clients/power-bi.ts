import { DatabricksTarget, parseConnectionDetails } from "./connection-details";
import { EntraTokens } from "./entra";
import { encryptForGateway, GatewayPublicKey, serializeBasicCredential } from "./gateway-encryption";
import { HttpClient } from "./http";
import { waitUntil } from "./wait";

/** A workspace, called group by the API. */
export interface Workspace {
    id: string;
    name: string;
}

/** A semantic model, called dataset by the API. */
export interface Dataset {
    id: string;
    name: string;
    /** The owner: a user's UPN; for a service principal its text differs by tenant. */
    configuredBy?: string;
    isRefreshable?: boolean;
    isOnPremGatewayRequired?: boolean;
}

/** A datasource that a dataset is bound to. */
export interface DatasetDatasource {
    datasourceType: string;
    connectionDetails: unknown;
    /** Absent while the source is not bound. */
    datasourceId?: string;
    gatewayId?: string;
}

/** A datasource of a gateway, or of the virtual gateway that stands for the cloud. */
export interface GatewayDatasource {
    id: string;
    gatewayId: string;
    name: string;
    credentialType: string;
    /** Whether reports are to query with their reader's own identity. */
    useEndUserOAuth2Credentials: boolean;
    target?: DatabricksTarget;
}

/** An on-premises gateway. */
export interface Gateway {
    /** The id of the cluster: that of its first member. */
    id: string;
    name: string;
    publicKey: GatewayPublicKey;
}

/** A schedule by which a dataset is refreshed. */
export interface RefreshSchedule {
    enabled: boolean;
}

/** A workspace as the scanner API sees it. */
export interface ScannedWorkspace extends Workspace {
    datasets: (Dataset & { datasources: DatasetDatasource[] })[];
}

/** Which datasource of which gateway. */
export interface DatasourceKey {
    gatewayId: string;
    datasourceId: string;
}

/** What `PATCH datasource` stores (Power BI REST API, Gateways - Update Datasource). */
export interface BasicCredential {
    username: string;
    password: string;
    privacyLevel: "None" | "Public" | "Organizational" | "Private";
}

/** A refresh of a dataset. */
export interface Refresh {
    requestId: string;
    status: string;
    startTime?: string;
    endTime?: string;
    /** JSON with an `errorCode`, for a failed one. */
    serviceExceptionJson?: string;
}

const pageSize = 1000;
const adminPageSize = 5000;

/** The Power BI REST API, as SP2. */
export class PowerBiClient {
    private readonly http: HttpClient;
    /** Lists of datasets by workspace: one request serves all resources of a run that ask about the same workspace. */
    private readonly datasets = new Map<string, Promise<Dataset[]>>();

    /** @param scope the scope of a token for this endpoint. */
    constructor(
        endpoint: string,
        private readonly scope: string,
        private readonly tokens: EntraTokens,
    ) {
        this.http = new HttpClient({
            service: "Power BI",
            baseUrl: `${endpoint}/v1.0/myorg`,
            authorization: async () => `Bearer ${await tokens.token(scope)}`,
            // Users report 429 from some 120 requests a minute on; the standard API's limits are not published.
            requestsPerMinute: 120,
        });
    }

    /** How Power BI may write SP2 where it names an owner: client id or object id, which differs by tenant. */
    async ownNames(): Promise<string[]> {
        const claims = await this.tokens.claims(this.scope);
        return [claims.appid, claims.azp, claims.oid].filter((name) => name !== undefined);
    }

    /** All workspaces that SP2 is a member of. */
    async listWorkspaces(): Promise<Workspace[]> {
        const workspaces: Workspace[] = [];
        for (let skip = 0; ; skip += pageSize) {
            const query = { $top: pageSize, $skip: skip };
            const page = await this.http.request<{ value: Workspace[] }>({ method: "GET", path: "/groups", query });
            workspaces.push(...page.value);
            if (page.value.length < pageSize) {
                return workspaces;
            }
        }
    }

    /** The datasets of a workspace, read once a run unless `forgetDatasets` is called. */
    listDatasets(workspaceId: string): Promise<Dataset[]> {
        let pending = this.datasets.get(workspaceId);
        if (!pending) {
            pending = this.http
                .request<{ value: Dataset[] }>({ method: "GET", path: `/groups/${escape(workspaceId)}/datasets` })
                .then((answer) => answer.value);
            pending.catch(() => this.datasets.delete(workspaceId));
            this.datasets.set(workspaceId, pending);
        }
        return pending;
    }

    /** Makes the next `listDatasets` ask again. */
    forgetDatasets(workspaceId: string): void {
        this.datasets.delete(workspaceId);
    }

    /** The datasources of a dataset. Always by workspace: without one the API refuses service principals. */
    async listDatasources(workspaceId: string, datasetId: string): Promise<DatasetDatasource[]> {
        const path = `${datasetPath(workspaceId, datasetId)}/datasources`;
        return (await this.http.request<{ value: DatasetDatasource[] }>({ method: "GET", path })).value;
    }

    /** Makes SP2 the owner of a dataset. The former owner's cloud credentials no longer serve it. */
    async takeOver(workspaceId: string, datasetId: string): Promise<void> {
        const path = `${datasetPath(workspaceId, datasetId)}/Default.TakeOver`;
        await this.http.request({ method: "POST", path, repeatable: true });
        this.forgetDatasets(workspaceId);
    }

    /** The on-premises gateways that SP2 administers; VNET gateways are never among them. */
    async listGateways(): Promise<Gateway[]> {
        return (await this.http.request<{ value: Gateway[] }>({ method: "GET", path: "/gateways" })).value;
    }

    /** An on-premises gateway, with the key that credentials are encrypted with. */
    async getGateway(gatewayId: string): Promise<Gateway> {
        return this.http.request({ method: "GET", path: `/gateways/${escape(gatewayId)}` });
    }

    /** The datasources of an on-premises gateway. */
    async listGatewayDatasources(gatewayId: string): Promise<GatewayDatasource[]> {
        const path = `/gateways/${escape(gatewayId)}/datasources`;
        return (await this.http.request<{ value: RawDatasource[] }>({ method: "GET", path })).value.map(readDatasource);
    }

    /** A datasource with its credential type; Power BI never gives the credential itself back. */
    async getDatasource(key: DatasourceKey): Promise<GatewayDatasource> {
        return readDatasource(await this.http.request<RawDatasource>({ method: "GET", path: datasourcePath(key) }));
    }

    /**
     * Stores a credential in a datasource. Power BI tests it first, which may start the warehouse.
     *
     * @param publicKey the gateway's, for a datasource of an on-premises gateway: nobody else can read the credential then.
     * @throws ServiceError 400 `DM_GWPipeline_Gateway_InvalidConnectionCredentials` when the test fails.
     */
    async updateCredential(
        datasource: DatasourceKey & Pick<GatewayDatasource, "useEndUserOAuth2Credentials">,
        credential: BasicCredential,
        publicKey?: GatewayPublicKey,
    ): Promise<void> {
        const plain = serializeBasicCredential(credential.username, credential.password);
        await this.http.request({
            method: "PATCH",
            path: datasourcePath(datasource),
            body: {
                credentialDetails: {
                    credentialType: "Basic",
                    credentials: publicKey ? encryptForGateway(plain, publicKey) : plain,
                    encryptedConnection: "Encrypted",
                    encryptionAlgorithm: publicKey ? "RSA-OAEP" : "None",
                    privacyLevel: credential.privacyLevel,
                    useEndUserOAuth2Credentials: datasource.useEndUserOAuth2Credentials,
                },
            },
            timeoutInMs: 300_000,
            sensitive: [credential.password],
        });
    }

    /** The schedule by which a dataset is refreshed. */
    async getRefreshSchedule(workspaceId: string, datasetId: string): Promise<RefreshSchedule> {
        return this.http.request({ method: "GET", path: `${datasetPath(workspaceId, datasetId)}/refreshSchedule` });
    }

    /** Switches a schedule on again, with its days and times as they are. Only the owner may. */
    async enableRefreshSchedule(workspaceId: string, datasetId: string): Promise<void> {
        const path = `${datasetPath(workspaceId, datasetId)}/refreshSchedule`;
        // A service principal gets no mail, and the API refuses to be asked for one.
        await this.http.request({
            method: "PATCH",
            path,
            body: { value: { enabled: true, notifyOption: "NoNotification" } },
        });
    }

    /**
     * What the scanner API knows of workspaces: their datasets with the datasources they are bound to, a hundred
     * workspaces a request. SP2 needs the tenant setting "Service principals can access read-only admin APIs".
     */
    async scan(workspaceIds: string[]): Promise<ScannedWorkspace[]> {
        const batches = Array.from({ length: Math.ceil(workspaceIds.length / 100) }, (_, index) =>
            workspaceIds.slice(index * 100, index * 100 + 100),
        );
        return (await Promise.all(batches.map((batch) => this.scanBatch(batch)))).flat();
    }

    /** All workspaces of the tenant, for the scanner. */
    async listAllWorkspaces(): Promise<Workspace[]> {
        const workspaces: Workspace[] = [];
        for (;;) {
            const query = {
                $top: adminPageSize,
                $skip: workspaces.length,
                $filter: "type eq 'Workspace' and state eq 'Active'",
            };
            const page = await this.http.request<{ value: Workspace[] }>({
                method: "GET",
                path: "/admin/groups",
                query,
            });
            workspaces.push(...page.value);
            if (page.value.length < adminPageSize) {
                return workspaces;
            }
        }
    }

    private async scanBatch(workspaces: string[]): Promise<ScannedWorkspace[]> {
        const scan = await this.http.request<{ id: string }>({
            method: "POST",
            path: "/admin/workspaces/getInfo",
            query: { datasourceDetails: "true" },
            body: { workspaces },
            repeatable: true,
        });
        const id = escape(scan.id);
        await waitUntil({ what: "the scan of the workspaces", timeoutInMs: 10 * 60_000, pauseInMs: 1000 }, async () => {
            const path = `/admin/workspaces/scanStatus/${id}`;
            const state = await this.http.request<{ status: string; error?: { code?: string } }>({
                method: "GET",
                path,
            });
            if (state.error) {
                throw new Error(`Power BI: the scan of the workspaces failed: ${state.error.code ?? state.status}`);
            }
            return state.status === "Succeeded";
        });
        const path = `/admin/workspaces/scanResult/${id}`;
        return readScan(await this.http.request<RawScan>({ method: "GET", path }));
    }

    /** Starts a refresh. Service principals may ask for no notification only. */
    async startRefresh(workspaceId: string, datasetId: string): Promise<void> {
        const path = `${datasetPath(workspaceId, datasetId)}/refreshes`;
        await this.http.request({ method: "POST", path, body: { notifyOption: "NoNotification" } });
    }

    /** The latest refresh of a dataset, if there was one. */
    async latestRefresh(workspaceId: string, datasetId: string): Promise<Refresh | undefined> {
        const path = `${datasetPath(workspaceId, datasetId)}/refreshes`;
        return (await this.http.request<{ value: Refresh[] }>({ method: "GET", path, query: { $top: 1 } })).value[0];
    }
}

interface RawDatasource {
    id: string;
    gatewayId: string;
    datasourceName?: string;
    credentialType?: string;
    connectionDetails?: unknown;
    credentialDetails?: { useEndUserOAuth2Credentials?: boolean };
}

function readDatasource(raw: RawDatasource): GatewayDatasource {
    return {
        id: raw.id,
        gatewayId: raw.gatewayId,
        name: raw.datasourceName ?? "",
        credentialType: raw.credentialType ?? "NotSpecified",
        useEndUserOAuth2Credentials: raw.credentialDetails?.useEndUserOAuth2Credentials ?? false,
        target: parseConnectionDetails(raw.connectionDetails),
    };
}

interface RawScan {
    workspaces: (Workspace & {
        datasets?: (Dataset & { datasourceUsages?: { datasourceInstanceId: string }[] })[];
    })[];
    datasourceInstances?: DatasetDatasource[];
}

function readScan(scan: RawScan): ScannedWorkspace[] {
    const instances = new Map((scan.datasourceInstances ?? []).map((instance) => [instance.datasourceId, instance]));
    return scan.workspaces.map(({ id, name, datasets = [] }) => ({
        id,
        name,
        datasets: datasets.map(({ datasourceUsages = [], ...dataset }) => ({
            ...dataset,
            datasources: datasourceUsages.flatMap(
                ({ datasourceInstanceId }) => instances.get(datasourceInstanceId) ?? [],
            ),
        })),
    }));
}

function datasetPath(workspaceId: string, datasetId: string): string {
    return `/groups/${escape(workspaceId)}/datasets/${escape(datasetId)}`;
}

function datasourcePath(key: DatasourceKey): string {
    return `/gateways/${escape(key.gatewayId)}/datasources/${escape(key.datasourceId)}`;
}

function escape(id: string): string {
    return encodeURIComponent(id);
}
