import { DatabricksTarget, parseConnectionDetails } from "./connection-details";
import { EntraTokens } from "./entra";
import { powerBiScope } from "./endpoints";
import { HttpClient } from "./http";

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
    credentialType: string;
    target?: DatabricksTarget;
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

/** The Power BI REST API, as SP2. */
export class PowerBiClient {
    private readonly http: HttpClient;
    /** Lists of datasets by workspace: one request serves all resources of a run that ask about the same workspace. */
    private readonly datasets = new Map<string, Promise<Dataset[]>>();

    constructor(
        endpoint: string,
        private readonly tokens: EntraTokens,
    ) {
        this.http = new HttpClient({
            service: "Power BI",
            baseUrl: `${endpoint}/v1.0/myorg`,
            authorization: async () => `Bearer ${await tokens.token(powerBiScope)}`,
            // Users report 429 from some 120 requests a minute on; the standard API's limits are not published.
            requestsPerMinute: 120,
        });
    }

    /** How Power BI may write SP2 where it names an owner: client id or object id, which differs by tenant. */
    async ownNames(): Promise<string[]> {
        const claims = await this.tokens.claims(powerBiScope);
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

    /** A datasource with its credential type; Power BI never gives the credential itself back. */
    async getDatasource(key: DatasourceKey): Promise<GatewayDatasource> {
        const answer = await this.http.request<{
            id: string;
            gatewayId: string;
            credentialType?: string;
            connectionDetails?: unknown;
        }>({ method: "GET", path: datasourcePath(key) });
        return {
            id: answer.id,
            gatewayId: answer.gatewayId,
            credentialType: answer.credentialType ?? "NotSpecified",
            target: parseConnectionDetails(answer.connectionDetails),
        };
    }

    /**
     * Stores a credential in a cloud datasource. Power BI tests it first, which may start the warehouse.
     *
     * @throws ServiceError 400 `DM_GWPipeline_Gateway_InvalidConnectionCredentials` when the test fails.
     */
    async updateCloudCredential(key: DatasourceKey, credential: BasicCredential): Promise<void> {
        const credentialData = [
            { name: "username", value: credential.username },
            { name: "password", value: credential.password },
        ];
        await this.http.request({
            method: "PATCH",
            path: datasourcePath(key),
            body: {
                credentialDetails: {
                    credentialType: "Basic",
                    credentials: JSON.stringify({ credentialData }),
                    encryptedConnection: "Encrypted",
                    encryptionAlgorithm: "None",
                    privacyLevel: credential.privacyLevel,
                    useEndUserOAuth2Credentials: false,
                },
            },
            timeoutInMs: 300_000,
            sensitive: [credential.password],
        });
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

function datasetPath(workspaceId: string, datasetId: string): string {
    return `/groups/${escape(workspaceId)}/datasets/${escape(datasetId)}`;
}

function datasourcePath(key: DatasourceKey): string {
    return `/gateways/${escape(key.gatewayId)}/datasources/${escape(key.datasourceId)}`;
}

function escape(id: string): string {
    return encodeURIComponent(id);
}
