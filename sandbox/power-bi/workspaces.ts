import { type FastifyInstance } from "fastify";
import { lowerGuid } from "../http/guids";
import { type Sandbox } from "../sandbox";
import { type Dataset, type Workspace } from "../world/power-bi-world";
import { demandActiveCapacity, demandCaller, demandDataset, demandWorkspace, powerBiError } from "./access";
import { isOnPremises } from "./cloud-datasources";
import { renderSources } from "./holder-sources";
import { readFilter } from "./odata-filter";
import { findApplication, ownerName } from "./owner-names";
import { page } from "./paging";
import { takeOver } from "./take-over";
import { demandTellableSources } from "./unreadable-models";

interface InWorkspace {
    Params: { group: string; dataset: string };
}

/** Workspaces with their datasets, and who owns those. */
export function registerWorkspaces(server: FastifyInstance, sandbox: Sandbox): void {
    server.get<{ Querystring: Record<string, string> }>("/groups", async (request) => {
        const caller = demandCaller(sandbox, request);
        const visible = visibleWorkspaces(sandbox, caller)
            .map(render)
            .filter(readFilter(request.query.$filter, workspaceFields));
        const context = `${sandbox.urls.powerBi}/v1.0/myorg/$metadata#groups`;
        return {
            "@odata.context": context,
            value: page(visible, request.query),
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
        if (sandbox.world.doubts.modelsOnPausedCapacity === "notListed") {
            demandActiveCapacity(workspace);
        }
        return { value: workspace.datasets.map((dataset) => renderDataset(sandbox, dataset)) };
    });
    server.get<InWorkspace>("/groups/:group/datasets/:dataset", async (request) => {
        const workspace = demandWorkspace(sandbox, demandCaller(sandbox, request), request.params.group);
        return renderDataset(sandbox, demandDataset(workspace, request.params.dataset));
    });

    server.get<InWorkspace>("/groups/:group/datasets/:dataset/datasources", async (request) => {
        const caller = demandCaller(sandbox, request);
        const dataset = demandDataset(demandWorkspace(sandbox, caller, request.params.group), request.params.dataset);
        demandTellableSources(sandbox, dataset);
        return { value: renderSources(sandbox, dataset, caller) };
    });
    server.post<InWorkspace>("/groups/:group/datasets/:dataset/Default.TakeOver", async (request, reply) => {
        const caller = demandCaller(sandbox, request);
        const workspace = demandWorkspace(sandbox, caller, request.params.group, true);
        takeOver(sandbox, demandDataset(workspace, request.params.dataset), caller);
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
            const { gatewayObjectId, datasourceObjectIds } = request.body;
            const wanted = datasourceObjectIds?.map(lowerGuid) ?? idsOn(sandbox, lowerGuid(gatewayObjectId));
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

/** How many lists of workspaces a caller with a new role finds empty, where that is doubted. */
const emptyLists = 3;

/** What `$filter` may ask of a workspace. */
const workspaceFields = ["id", "name", "isReadOnly", "isOnDedicatedCapacity", "capacityId"] as const;

function visibleWorkspaces(sandbox: Sandbox, caller: string): Workspace[] {
    const { doubts, powerBi } = sandbox.world;
    if (doubts.newRole === "later" && sandbox.notYet.isTooEarly(`roles of ${caller}`, emptyLists)) {
        return [];
    }
    return powerBi.workspaces.filter(({ members }) => members.some(({ principal }) => principal === caller));
}

function render({ id, name, capacity }: Workspace) {
    const isOnDedicatedCapacity = capacity !== undefined;
    return { id, name, isReadOnly: false, isOnDedicatedCapacity, capacityId: capacity?.id };
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

function renderDataset(sandbox: Sandbox, dataset: Dataset) {
    const { doubts } = sandbox.world;
    const { owner } = sandbox.formerOwners.lookAt(dataset.id) ?? dataset;
    const isOnPremGatewayRequired = dataset.sources.some((source) => isOnPremises(sandbox, source));
    return {
        id: dataset.id,
        name: dataset.name,
        configuredBy: ownerName(sandbox, owner),
        isRefreshable: isRefreshable(sandbox, dataset),
        isEffectiveIdentityRequired: false,
        isEffectiveIdentityRolesRequired: false,
        isOnPremGatewayRequired: doubts.isOnPremGatewayRequired === "told" ? isOnPremGatewayRequired : undefined,
        targetStorageMode: "Abf",
    };
}

function isRefreshable(sandbox: Sandbox, { mode, refreshes, refreshSchedule }: Dataset): boolean | undefined {
    switch (sandbox.world.doubts.isRefreshable) {
        case "everyImportModel":
            return mode === "Import";
        case "refreshedOrScheduled":
            return (
                mode === "Import" && (refreshSchedule.enabled || refreshes.some(({ status }) => status === "Completed"))
            );
        case "absent":
            return undefined;
    }
}
