import { randomUUID } from "node:crypto";
import { type FastifyInstance, type FastifyRequest } from "fastify";
import { lowerGuid } from "../http/guids";
import { type Sandbox } from "../sandbox";
import { type DatasetSource, type Datasource, type Workspace } from "../world/power-bi-world";
import { stableId } from "../world/stable-id";
import { demandCaller, powerBiError } from "./access";
import { boundDatasource, type Holder } from "./cloud-datasources";
import { readFilter } from "./odata-filter";
import { ownerName } from "./owner-names";
import { page } from "./paging";

/** Workspaces that a scan may name. */
const maxWorkspaces = 100;

interface Scan {
    workspaceIds: string[];
    datasourceDetails: boolean;
    looks: number;
}

/** The admin API, as far as it tells which dataset reads what: the scanner. */
export function registerAdmin(server: FastifyInstance, sandbox: Sandbox): void {
    const scans = new Map<string, Scan>();
    const demandAdmin = (request: FastifyRequest) => {
        const caller = demandCaller(sandbox, request);
        if (!sandbox.world.powerBi.adminApisAllowed.includes(caller)) {
            throw powerBiError(401, "PowerBINotAuthorizedException");
        }
    };
    const demandScan = (id: string): Scan => {
        const scan = scans.get(id);
        if (!scan) {
            throw powerBiError(404, "PowerBIEntityNotFound");
        }
        return scan;
    };

    server.get<{ Querystring: Record<string, string> }>("/admin/groups", async (request) => {
        demandAdmin(request);
        const workspaces = sandbox.world.powerBi.workspaces
            .map(renderGroup)
            .filter(readFilter(request.query.$filter, groupFields));
        return { value: page(workspaces, request.query, true) };
    });
    server.post<{ Querystring: Record<string, string>; Body: { workspaces?: string[] } }>(
        "/admin/workspaces/getInfo",
        async (request, reply) => {
            demandAdmin(request);
            const workspaceIds = (request.body?.workspaces ?? []).map(lowerGuid);
            if (workspaceIds.length < 1 || workspaceIds.length > maxWorkspaces) {
                throw powerBiError(400, "InvalidRequest", `A scan takes 1 to ${maxWorkspaces} workspaces`);
            }
            const id = randomUUID();
            const datasourceDetails = request.query.datasourceDetails?.toLowerCase() === "true";
            scans.set(id, { workspaceIds, datasourceDetails, looks: 0 });
            return reply.code(202).send({ id, createdDateTime: sandbox.now().toISOString(), status: "NotStarted" });
        },
    );
    server.get<{ Params: { id: string } }>("/admin/workspaces/scanStatus/:id", async (request) => {
        demandAdmin(request);
        const scan = demandScan(request.params.id);
        scan.looks += 1;
        return { id: request.params.id, status: scan.looks > 1 ? "Succeeded" : "Running" };
    });
    server.get<{ Params: { id: string } }>("/admin/workspaces/scanResult/:id", async (request) => {
        demandAdmin(request);
        const { workspaceIds, datasourceDetails } = demandScan(request.params.id);
        const found = sandbox.world.powerBi.workspaces.filter(({ id }) => workspaceIds.includes(id));
        return render(sandbox, found, datasourceDetails);
    });
}

/** What `$filter` may ask of a workspace here. */
const groupFields = ["id", "name", "type", "state", "isOnDedicatedCapacity", "capacityId"] as const;

function renderGroup({ id, name, capacity }: Workspace) {
    const isOnDedicatedCapacity = capacity !== undefined;
    return { id, name, type: "Workspace", state: "Active", isOnDedicatedCapacity, capacityId: capacity?.id };
}

function render(sandbox: Sandbox, workspaces: Workspace[], datasourceDetails: boolean) {
    const instances = new Map<string, Datasource>();
    const misconfigured = new Map<string, DatasetSource>();
    const usagesOf = (holder: Holder & { id: string }) => {
        const [usages, misconfiguredUsages]: { datasourceInstanceId: string }[][] = [[], []];
        for (const source of holder.sources) {
            const datasource = boundDatasource(sandbox, holder, source);
            if (datasource) {
                instances.set(datasource.datasourceId, datasource);
                usages.push({ datasourceInstanceId: datasource.datasourceId });
            } else {
                const id = stableId("misconfigured", holder.id, source.kind, source.host, source.httpPath);
                misconfigured.set(id, source);
                misconfiguredUsages.push({ datasourceInstanceId: id });
            }
        }
        return {
            datasourceUsages: usages,
            ...(misconfiguredUsages.length > 0 ? { misconfiguredDatasourceUsages: misconfiguredUsages } : {}),
        };
    };
    const rendered = workspaces.map((workspace) => ({
        ...renderGroup(workspace),
        datasets: workspace.datasets.map((dataset) => ({
            id: dataset.id,
            name: dataset.name,
            configuredBy: ownerName(sandbox, dataset.owner),
            ...(datasourceDetails ? usagesOf(dataset) : {}),
        })),
        dataflows: workspace.dataflows.map((dataflow) => ({
            objectId: dataflow.id,
            name: dataflow.name,
            configuredBy: dataflow.owner,
            ...(datasourceDetails ? usagesOf(dataflow) : {}),
        })),
        // The contract has no usages of a report: a paginated one says only that it is there.
        reports: workspace.reports.map(({ id, name, reportType, datasetId }) => ({ id, name, reportType, datasetId })),
    }));
    if (!datasourceDetails) {
        return { workspaces: rendered };
    }
    return {
        workspaces: rendered,
        datasourceInstances: [...instances.values()].map((datasource) => renderInstance(datasource)),
        misconfiguredDatasourceInstances: [...misconfigured].map(([datasourceId, source]) =>
            renderInstance({ ...source, datasourceId, gatewayId: undefined }),
        ),
    };
}

function renderInstance({
    datasourceId,
    gatewayId,
    kind,
    host,
    httpPath,
}: Pick<Datasource, "datasourceId" | "kind" | "host" | "httpPath"> & { gatewayId?: string }) {
    return {
        datasourceId,
        gatewayId,
        datasourceType: "Extension",
        connectionDetails: {
            extensionDataSourceKind: kind,
            extensionDataSourcePath: JSON.stringify({ host, httpPath }),
        },
    };
}
