import { z } from "zod";
import { AnsweredList, joinLists, listAnswer, readItems } from "./answered-list";
import { EntraTokens } from "./entra";
import { flag, listOf, nothing, optional, structure, text } from "./fields";
import { HttpClient, Pace } from "./http";
import { segment } from "./path";
import {
    Dataset,
    datasetAnswer,
    DatasetDatasource,
    datasourceAnswer,
    memberAnswer,
    Workspace,
    workspaceAnswer,
    WorkspaceMember,
} from "./power-bi-datasets";
import { PowerBiGateways } from "./power-bi-gateways";
import { PowerBiScanner } from "./power-bi-scanner";

/** A refresh of a dataset. */
export interface Refresh {
    /** Absent: it cannot be told from others. */
    requestId?: string;
    /** An open enum: `Unknown` while it is running, `Completed`, `Failed`, `Disabled`, … Absent: nobody knows. */
    status?: string;
    /** Absent before it starts. */
    startTime?: string;
    /** Absent before it ends. */
    endTime?: string;
    /** JSON with an `errorCode`, for a failed one. Absent: no reason is given. */
    serviceExceptionJson?: string;
}

/** A schedule by which a dataset is refreshed. */
export interface RefreshSchedule {
    /** Absent where Power BI does not say it: nobody knows. */
    enabled?: boolean;
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
    private readonly datasets = new Map<string, Promise<AnsweredList<Dataset>>>();

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

    /** Whether an owner's text is one of SP2's names: by itself, or as a user's name is written, `CLIENTID@TENANTID`. */
    async isOwnName(owner: string): Promise<boolean> {
        const [text] = owner.toLowerCase().split("@");
        return (await this.ownNames()).some((name) => name.toLowerCase() === text);
    }

    /** All workspaces that SP2 is a member of. */
    async listWorkspaces(): Promise<AnsweredList<Workspace>> {
        const pages: AnsweredList<Workspace>[] = [];
        for (let skip = 0; ; skip += pageSize) {
            const query = { $top: pageSize, $skip: skip };
            const { value } = await this.http.request({ method: "GET", path: "/groups", query }, listAnswer);
            pages.push(readItems(value, workspaceAnswer));
            if (value.length < pageSize) {
                return joinLists(pages);
            }
        }
    }

    /** Who has which role in a workspace, directly or through which group. */
    listMembers(workspaceId: string): Promise<AnsweredList<WorkspaceMember>> {
        return this.list(`/groups/${segment(workspaceId)}/users`, memberAnswer);
    }

    /** The datasets of a workspace, read once a run unless `forgetDatasets` is called. */
    listDatasets(workspaceId: string): Promise<AnsweredList<Dataset>> {
        let pending = this.datasets.get(workspaceId);
        if (!pending) {
            pending = this.list(`/groups/${segment(workspaceId)}/datasets`, datasetAnswer);
            pending.catch(() => this.datasets.delete(workspaceId));
            this.datasets.set(workspaceId, pending);
        }
        return pending;
    }

    /** One dataset; unlike the list, Power BI says of one that is not there that it is not. */
    async getDataset(workspaceId: string, datasetId: string): Promise<Dataset> {
        return this.http.request({ method: "GET", path: datasetPath(workspaceId, datasetId) }, datasetAnswer);
    }

    /** Makes the next `listDatasets` ask again. */
    forgetDatasets(workspaceId: string): void {
        this.datasets.delete(workspaceId);
    }

    /** The datasources of a dataset. Always by workspace: without one the API refuses service principals. */
    async listDatasources(workspaceId: string, datasetId: string): Promise<AnsweredList<DatasetDatasource>> {
        return this.list(`${datasetPath(workspaceId, datasetId)}/datasources`, datasourceAnswer);
    }

    /** Makes SP2 the owner of a dataset. The former owner's cloud credentials no longer serve it. */
    async takeOver(workspaceId: string, datasetId: string): Promise<void> {
        const path = `${datasetPath(workspaceId, datasetId)}/Default.TakeOver`;
        await this.http.request({ method: "POST", path, repeatable: true }, nothing);
        this.forgetDatasets(workspaceId);
    }

    /** The schedule by which a dataset is refreshed. */
    async getRefreshSchedule(workspaceId: string, datasetId: string): Promise<RefreshSchedule> {
        const path = `${datasetPath(workspaceId, datasetId)}/refreshSchedule`;
        return this.http.request({ method: "GET", path }, scheduleAnswer);
    }

    /** Switches a schedule on again, with its days and times as they are. Only the owner may. */
    async enableRefreshSchedule(workspaceId: string, datasetId: string): Promise<void> {
        const path = `${datasetPath(workspaceId, datasetId)}/refreshSchedule`;
        // A service principal gets no mail, and the API refuses to be asked for one.
        const body = { value: { enabled: true, notifyOption: "NoNotification" } };
        await this.http.request({ method: "PATCH", path, body }, nothing);
    }

    /** Starts a refresh. Service principals may ask for no notification only. */
    async startRefresh(workspaceId: string, datasetId: string): Promise<void> {
        const path = `${datasetPath(workspaceId, datasetId)}/refreshes`;
        await this.http.request({ method: "POST", path, body: { notifyOption: "NoNotification" } }, nothing);
    }

    /** The latest refresh of a dataset, if there was one. */
    async latestRefresh(workspaceId: string, datasetId: string): Promise<Refresh | undefined> {
        const path = `${datasetPath(workspaceId, datasetId)}/refreshes`;
        const { value } = await this.http.request({ method: "GET", path, query: { $top: 1 } }, refreshesAnswer);
        return value[0];
    }

    private async list<T>(path: string, item: z.ZodType<T>): Promise<AnsweredList<T>> {
        return readItems((await this.http.request({ method: "GET", path }, listAnswer)).value, item);
    }
}

/** A schedule that tells neither whether it is on nor when it runs is another answer. */
const scheduleAnswer: z.ZodType<RefreshSchedule> = structure({
    enabled: optional(flag),
    days: optional(listOf(text)),
}).refine(({ enabled, days }) => enabled !== undefined || days !== undefined, {
    path: ["enabled"],
    error: "expected true or false",
});

const refreshesAnswer = structure({
    value: listOf<Refresh>(
        structure({
            requestId: optional(text),
            status: optional(text),
            startTime: optional(text),
            endTime: optional(text),
            serviceExceptionJson: optional(text),
        }),
    ),
});

function datasetPath(workspaceId: string, datasetId: string): string {
    return `/groups/${segment(workspaceId)}/datasets/${segment(datasetId)}`;
}
