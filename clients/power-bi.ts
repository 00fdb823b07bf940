import { EntraTokens } from "./entra";
import { HttpClient, Pace } from "./http";
import { segment } from "./path";
import { Dataset, DatasetDatasource, Workspace, WorkspaceMember } from "./power-bi-datasets";
import { PowerBiGateways } from "./power-bi-gateways";
import { PowerBiScanner } from "./power-bi-scanner";

/** A refresh of a dataset. */
export interface Refresh {
    requestId: string;
    status: string;
    startTime?: string;
    endTime?: string;
    /** JSON with an `errorCode`, for a failed one. */
    serviceExceptionJson?: string;
}

/** A schedule by which a dataset is refreshed. */
export interface RefreshSchedule {
    enabled: boolean;
    /** None where no schedule was ever made. */
    days?: string[];
}

const pageSize = 1000;

/** The Power BI REST API, as SP2. */
export class PowerBiClient {
    readonly gateways: PowerBiGateways;
    readonly scanner: PowerBiScanner;
    private readonly http: HttpClient;
    /** Lists of datasets by workspace: one request serves all resources of a run that ask about the same workspace. */
    private readonly datasets = new Map<string, Promise<Dataset[]>>();

    /**
     * @param scope the scope of a token for this endpoint.
     * @param pace how patiently and how often it is asked.
     */
    constructor(
        endpoint: string,
        private readonly scope: string,
        private readonly tokens: EntraTokens,
        pace: Pace,
    ) {
        this.http = new HttpClient({
            service: "Power BI",
            baseUrl: `${endpoint}/v1.0/myorg`,
            authorization: async () => `Bearer ${await tokens.token(scope)}`,
            ...pace,
        });
        this.gateways = new PowerBiGateways(this.http);
        this.scanner = new PowerBiScanner(this.http);
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

    /** Who has which role in a workspace, directly or through which group. */
    async listMembers(workspaceId: string): Promise<WorkspaceMember[]> {
        const path = `/groups/${segment(workspaceId)}/users`;
        return (await this.http.request<{ value: WorkspaceMember[] }>({ method: "GET", path })).value;
    }

    /** The datasets of a workspace, read once a run unless `forgetDatasets` is called. */
    listDatasets(workspaceId: string): Promise<Dataset[]> {
        let pending = this.datasets.get(workspaceId);
        if (!pending) {
            pending = this.http
                .request<{ value: Dataset[] }>({ method: "GET", path: `/groups/${segment(workspaceId)}/datasets` })
                .then((answer) => answer.value);
            pending.catch(() => this.datasets.delete(workspaceId));
            this.datasets.set(workspaceId, pending);
        }
        return pending;
    }

    /** One dataset; unlike the list, Power BI says of one that is not there that it is not. */
    async getDataset(workspaceId: string, datasetId: string): Promise<Dataset> {
        return this.http.request({ method: "GET", path: datasetPath(workspaceId, datasetId) });
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
    return `/groups/${segment(workspaceId)}/datasets/${segment(datasetId)}`;
}
