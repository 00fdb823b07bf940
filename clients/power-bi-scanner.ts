import { HttpClient } from "./http";
import { segment } from "./path";
import { Dataset, DatasetDatasource, Workspace } from "./power-bi-datasets";
import { ServiceError } from "./service-error";
import { waitUntil } from "./wait";

/** A workspace as the scanner API sees it. */
export interface ScannedWorkspace extends Workspace {
    datasets: (Dataset & { datasources: DatasetDatasource[] })[];
}

const adminPageSize = 5000;
/** How many workspaces a scan may name. */
const scanSize = 100;

/** The scanner of Power BI's admin API: the only bulk answer to which dataset reads what. */
export class PowerBiScanner {
    constructor(private readonly http: HttpClient) {}

    /**
     * What the scanner API knows of workspaces: their datasets with the datasources they are bound to, a hundred
     * workspaces a request. SP2 needs the tenant setting "Service principals can access read-only admin APIs".
     */
    async scan(workspaceIds: string[]): Promise<ScannedWorkspace[]> {
        const batches = Array.from({ length: Math.ceil(workspaceIds.length / scanSize) }, (_, index) =>
            workspaceIds.slice(index * scanSize, (index + 1) * scanSize),
        );
        return (await Promise.all(batches.map((batch) => this.scanBatch(batch)))).flat();
    }

    /** All workspaces of the tenant, for the scanner. */
    async listWorkspaces(): Promise<Workspace[]> {
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
        const scan = await this.http.request<{ id?: string }>({
            method: "POST",
            path: "/admin/workspaces/getInfo",
            query: { datasourceDetails: "true" },
            body: { workspaces },
            repeatable: true,
        });
        const id = segment(told(scan?.id, "POST", "/admin/workspaces/getInfo", "the id of the scan"));
        await waitUntil({ what: "the scan of the workspaces", timeoutInMs: 10 * 60_000, pauseInMs: 1000 }, async () => {
            const path = `/admin/workspaces/scanStatus/${id}`;
            const state = await this.http.request<{ status?: string; error?: { code?: string } }>({
                method: "GET",
                path,
            });
            if (state.error) {
                throw new Error(`Power BI: the scan of the workspaces failed: ${state.error.code ?? state.status}`);
            }
            return told(state.status, "GET", path, "the status of the scan") === "Succeeded";
        });
        const path = `/admin/workspaces/scanResult/${id}`;
        return readScan(await this.http.request<RawScan>({ method: "GET", path }));
    }
}

/** What an answer has to say; without it nobody knows which scan it is, or would wait for its end in vain. */
function told(value: string | undefined, method: string, path: string, what: string): string {
    if (typeof value !== "string" || value === "") {
        const reason = `the answer does not tell ${what}`;
        throw new ServiceError({ service: "Power BI", method, path: `/v1.0/myorg${path}`, status: 200, reason });
    }
    return value;
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
