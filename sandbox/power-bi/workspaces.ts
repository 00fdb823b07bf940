import { type FastifyInstance } from "fastify";
import { type Sandbox } from "../sandbox";
import { type Dataset, type Workspace } from "../world/power-bi-world";
import { demandCaller, demandDataset, demandWorkspace, powerBiError } from "./access";
import { boundDatasource, isOnGateway, isOnPremises } from "./cloud-datasources";

interface InWorkspace {
    Params: { group: string; dataset: string };
}

/** Workspaces with their datasets, and who owns those. */
export function registerWorkspaces(server: FastifyInstance, sandbox: Sandbox): void {
    server.get<{ Querystring: Record<string, string> }>("/groups", async (request) => {
        const caller = demandCaller(sandbox, request);
        const { $filter: filter, $top: top = "5000", $skip: skip = "0" } = request.query;
        const visible = sandbox.world.powerBi.workspaces
            .filter((workspace) => workspace.members.some((member) => member.principal === caller))
            .filter(matcher(filter));
        const context = `${sandbox.urls.powerBi}/v1.0/myorg/$metadata#groups`;
        return {
            "@odata.context": context,
            value: visible.slice(Number(skip), Number(skip) + Number(top)).map(render),
        };
    });
    server.get<InWorkspace>("/groups/:group", async (request) =>
        render(demandWorkspace(sandbox, demandCaller(sandbox, request), request.params.group)),
    );
    server.get<InWorkspace>("/groups/:group/users", async (request) => {
        const workspace = demandWorkspace(sandbox, demandCaller(sandbox, request), request.params.group);
        return { value: workspace.members.map((member) => renderMember(sandbox, member)) };
    });
    server.get<InWorkspace>("/groups/:group/datasets", async (request) => {
        const workspace = demandWorkspace(sandbox, demandCaller(sandbox, request), request.params.group);
        return { value: workspace.datasets.map((dataset) => renderDataset(sandbox, dataset)) };
    });
    server.get<InWorkspace>("/groups/:group/datasets/:dataset", async (request) => {
        const workspace = demandWorkspace(sandbox, demandCaller(sandbox, request), request.params.group);
        return renderDataset(sandbox, demandDataset(workspace, request.params.dataset));
    });

    server.get<InWorkspace>("/groups/:group/datasets/:dataset/datasources", async (request) => {
        const workspace = demandWorkspace(sandbox, demandCaller(sandbox, request), request.params.group);
        const dataset = demandDataset(workspace, request.params.dataset);
        return {
            value: dataset.sources.map((source) => {
                const { gatewayId, datasourceId } = boundDatasource(sandbox, dataset, source);
                const path = JSON.stringify({ host: source.host, httpPath: source.httpPath });
                const connectionDetails = { path, kind: source.kind };
                return { datasourceType: "Extension", connectionDetails, datasourceId, gatewayId };
            }),
        };
    });
    server.post<InWorkspace>("/groups/:group/datasets/:dataset/Default.TakeOver", async (request, reply) => {
        const caller = demandCaller(sandbox, request);
        const workspace = demandWorkspace(sandbox, caller, request.params.group, true);
        const dataset = demandDataset(workspace, request.params.dataset);
        dataset.owner = caller;
        dataset.refreshSchedule.enabled = false;
        for (const source of dataset.sources.filter((item) => !isOnGateway(sandbox, item))) {
            delete source.datasourceId;
            boundDatasource(sandbox, dataset, source);
        }
        return reply.code(200).send();
    });
    server.get<InWorkspace>("/groups/:group/datasets/:dataset/Default.DiscoverGateways", async (request) => {
        demandWorkspace(sandbox, demandCaller(sandbox, request), request.params.group);
        return { value: [] };
    });
    server.post<InWorkspace & { Body: { gatewayObjectId: string; datasourceObjectIds?: string[] } }>(
        "/groups/:group/datasets/:dataset/Default.BindToGateway",
        async (request, reply) => {
            const workspace = demandWorkspace(sandbox, demandCaller(sandbox, request), request.params.group, true);
            const dataset = demandDataset(workspace, request.params.dataset);
            // Without a list it is whatever the gateway has for the same places.
            const wanted = request.body.datasourceObjectIds ?? idsOn(sandbox, request.body.gatewayObjectId);
            const found = sandbox.world.powerBi.datasources.filter((item) => wanted.includes(item.datasourceId));
            if (found.length !== wanted.length || found.length === 0) {
                throw powerBiError(404, "DMTS_DatasourceNotFoundError");
            }
            for (const source of dataset.sources) {
                source.datasourceId = found.find(
                    (item) => item.host === source.host && item.httpPath === source.httpPath,
                )?.datasourceId;
            }
            return reply.code(200).send();
        },
    );

    // Without a workspace the API refuses service principals, whatever the dataset.
    server.all("/datasets/*", async (request) => {
        demandCaller(sandbox, request);
        throw powerBiError(403, "PowerBINotAuthorizedException", "API is not accessible for application");
    });
}

function idsOn(sandbox: Sandbox, gateway: string): string[] {
    const found = sandbox.world.powerBi.datasources.filter(({ gatewayId }) => gatewayId === gateway);
    return found.map(({ datasourceId }) => datasourceId);
}

function matcher(filter: string | undefined): (workspace: Workspace) => boolean {
    if (filter === undefined) {
        return () => true;
    }
    const equals = /^name eq '((?:[^']|'')*)'$/.exec(filter)?.[1];
    const contains = /^contains\(name,\s*'((?:[^']|'')*)'\)$/.exec(filter)?.[1];
    const unquoted = (equals ?? contains ?? "").replaceAll("''", "'");
    if (equals === undefined && contains === undefined) {
        throw powerBiError(400, "InvalidRequest", `The filter ${filter} is not valid`);
    }
    return (workspace) => (equals === undefined ? workspace.name.includes(unquoted) : workspace.name === unquoted);
}

function render({ id, name }: Workspace) {
    return { id, name, isReadOnly: false, isOnDedicatedCapacity: false };
}

/** Users are named by their e-mail address, applications by the object id of their service principal. */
function renderMember(sandbox: Sandbox, { principal, role }: Workspace["members"][number]) {
    const application = findApplication(sandbox, principal);
    return application
        ? {
              identifier: application.objectId,
              displayName: application.displayName,
              principalType: "App",
              groupUserAccessRight: role,
          }
        : {
              identifier: principal,
              emailAddress: principal,
              displayName: principal,
              principalType: "User",
              groupUserAccessRight: role,
          };
}

function findApplication(sandbox: Sandbox, clientId: string) {
    return sandbox.world.entra.tenants
        .flatMap((tenant) => tenant.applications)
        .find((application) => application.clientId === clientId);
}

function renderDataset(sandbox: Sandbox, dataset: Dataset) {
    const owner = findApplication(sandbox, dataset.owner);
    return {
        id: dataset.id,
        name: dataset.name,
        configuredBy: owner ? owner[owner.configuredByForm] : dataset.owner,
        isRefreshable: dataset.mode === "Import",
        isEffectiveIdentityRequired: false,
        isEffectiveIdentityRolesRequired: false,
        isOnPremGatewayRequired: dataset.sources.some((source) => isOnPremises(sandbox, source)),
        targetStorageMode: "Abf",
    };
}
