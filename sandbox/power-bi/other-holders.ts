import { type FastifyInstance } from "fastify";
import { type Sandbox } from "../sandbox";
import { type Dataflow, type Report, type Workspace } from "../world/power-bi-world";
import { demandCaller, demandWorkspace, powerBiError } from "./access";
import { renderSources } from "./holder-sources";

interface InWorkspace {
    Params: { group: string; id: string };
}

/** What reads with a credential of its own beside the datasets: dataflows and paginated reports. */
export function registerOtherHolders(server: FastifyInstance, sandbox: Sandbox): void {
    const demandMembership = (request: Parameters<typeof demandCaller>[1] & { params: { group: string } }) =>
        demandWorkspace(sandbox, demandCaller(sandbox, request), request.params.group);

    server.get<InWorkspace>("/groups/:group/dataflows", async (request) => {
        const { dataflows } = demandMembership(request);
        return { value: dataflows.map(renderDataflow) };
    });
    server.get<InWorkspace>("/groups/:group/dataflows/:id/datasources", async (request) => {
        const { dataflows } = demandMembership(request);
        const caller = demandCaller(sandbox, request);
        return { value: renderSources(sandbox, demand(dataflows, request.params.id), caller) };
    });

    server.get<InWorkspace>("/groups/:group/reports", async (request) => {
        const workspace = demandMembership(request);
        return { value: workspace.reports.map((report) => renderReport(workspace, report)) };
    });
    server.get<InWorkspace>("/groups/:group/reports/:id", async (request) => {
        const workspace = demandMembership(request);
        return renderReport(workspace, demand(workspace.reports, request.params.id));
    });
    server.get<InWorkspace>("/groups/:group/reports/:id/datasources", async (request) => {
        const { reports } = demandMembership(request);
        const paginated = reports.filter(({ reportType }) => reportType === "PaginatedReport");
        const caller = demandCaller(sandbox, request);
        return { value: renderSources(sandbox, demand(paginated, request.params.id), caller) };
    });
}

/** @throws HttpError 404 */
function demand<T extends { id: string }>(all: T[], id: string): T {
    const found = all.find((candidate) => candidate.id === id);
    if (!found) {
        throw powerBiError(404, "PowerBIEntityNotFound");
    }
    return found;
}

function renderDataflow({ id: objectId, name, description, owner: configuredBy }: Dataflow) {
    return { objectId, name, description, configuredBy };
}

/** A report as it is shown: nothing says whose it is. */
function renderReport(workspace: Workspace, { id, name, reportType, datasetId }: Report) {
    const folder = reportType === "PaginatedReport" ? "rdlreports" : "reports";
    return {
        id,
        name,
        reportType,
        datasetId,
        webUrl: `https://app.powerbi.com/groups/${workspace.id}/${folder}/${id}`,
    };
}
