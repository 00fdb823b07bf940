import { type FastifyInstance, type FastifyRequest } from "fastify";
import { z } from "zod";
import { boundDatasource } from "../power-bi/cloud-datasources";
import { roleOf } from "../power-bi/connection-roles";
import { connectivityOf } from "../power-bi/connectivity";
import { type Sandbox } from "../sandbox";
import { type Dataset, type DatasetSource, type Datasource } from "../world/power-bi-world";
import { demandCaller, fabricError } from "./access";
import { findConnection } from "./connection-access";
import { pathOf } from "./connection-shape";
import { page } from "./paging";

interface ByModel {
    Params: { workspace: string; model: string };
}

const bindRequest = z.strictObject({
    connectionBinding: z.strictObject({
        id: z.string().optional(),
        // What List Item Connections answers may be sent back with another id in it, name and gateway included.
        displayName: z.string().optional(),
        gatewayId: z.string().optional(),
        connectivityType: z.string(),
        connectionDetails: z.strictObject({ type: z.string(), path: z.string() }),
    }),
});

type Binding = z.infer<typeof bindRequest>["connectionBinding"];

/**
 * Which connections a model's sources are mapped to, and how that is changed: source by source, and by its owner only.
 *
 * @see https://learn.microsoft.com/rest/api/fabric/semanticmodel/items/bind-semantic-model-connection
 * @see https://learn.microsoft.com/rest/api/fabric/core/items/list-item-connections
 */
export function registerItemConnections(server: FastifyInstance, sandbox: Sandbox): void {
    server.get<ByModel & { Querystring: { continuationToken?: string } }>(
        "/workspaces/:workspace/items/:model/connections",
        async (request) => {
            const { workspace, model } = request.params;
            const { dataset } = demandModel(sandbox, request);
            const path = `/workspaces/${workspace}/items/${model}/connections`;
            return page(sandbox, path, request.query.continuationToken, dataset.sources, (source) =>
                renderSource(sandbox, dataset, source),
            );
        },
    );
    server.post<ByModel>("/workspaces/:workspace/semanticModels/:model/bindConnection", async (request, reply) => {
        const { caller, dataset } = demandModel(sandbox, request);
        if (dataset.owner !== caller) {
            const message = "You cannot configure the bindings: you are not the owner of the semantic model";
            throw fabricError(400, "BindNotModelOwner", message);
        }
        const parsed = bindRequest.safeParse(request.body);
        if (!parsed.success) {
            throw invalid(parsed.error.issues[0].message);
        }
        bind(sandbox, caller, dataset, parsed.data.connectionBinding);
        return reply.code(200).send();
    });
}

function bind(sandbox: Sandbox, caller: string, dataset: Dataset, binding: Binding): void {
    const { type, path } = binding.connectionDetails;
    // Word for word: nothing is normalized.
    const sources = dataset.sources.filter((source) => source.kind === type && pathOf(source) === path);
    if (sources.length === 0) {
        throw invalid("connectionDetails names no data source of the model");
    }
    if (binding.connectivityType === "None" || binding.connectivityType === "Automatic") {
        if (binding.id !== undefined) {
            throw invalid(`id: ${binding.connectivityType} takes none`);
        }
        for (const source of sources) {
            // Automatic is the owner's own connection, as when nothing was ever chosen.
            source.datasourceId = binding.connectivityType === "None" ? null : undefined;
        }
        return;
    }
    const connection = demandUsable(sandbox, caller, binding);
    if (connection.kind !== type || pathOf(connection) !== path) {
        throw invalid("the connection does not point to this data source");
    }
    for (const source of sources) {
        source.datasourceId = connection.datasourceId;
    }
}

/** A connection that the caller has a role on: administering its gateway does not make a user of it. */
function demandUsable(sandbox: Sandbox, caller: string, { id, connectivityType }: Binding): Datasource {
    const connection = findConnection(sandbox, id);
    if (!connection || roleOf(sandbox, connection, caller) === undefined) {
        throw invalid(`there is no connection ${id} that the caller may use`);
    }
    if (connectivityOf(sandbox, connection) !== connectivityType) {
        throw invalid(`the connection is not ${connectivityType}`);
    }
    return connection;
}

function demandModel(sandbox: Sandbox, request: FastifyRequest<ByModel>): { caller: string; dataset: Dataset } {
    const caller = demandCaller(sandbox, request);
    const { workspace: workspaceId, model } = request.params;
    const workspace = sandbox.world.powerBi.workspaces.find(({ id }) => id === workspaceId.toLowerCase());
    const role = workspace?.members.find(({ principal }) => principal === caller)?.role;
    if (!workspace || role === undefined) {
        throw fabricError(404, "WorkspaceNotFound", "The requested workspace could not be found");
    }
    if (role === "Viewer") {
        throw fabricError(403, "InsufficientWorkspaceRole", "The caller has to be a contributor of the workspace");
    }
    const dataset = workspace.datasets.find(({ id }) => id === model.toLowerCase());
    if (!dataset) {
        throw fabricError(404, "ItemNotFound", "The requested item could not be found");
    }
    return { caller, dataset };
}

function renderSource(sandbox: Sandbox, dataset: Dataset, source: DatasetSource) {
    const connection = boundDatasource(sandbox, dataset, source);
    const connectionDetails = { type: source.kind, path: pathOf(source) };
    return connection
        ? {
              id: connection.datasourceId,
              displayName: connection.name || undefined,
              gatewayId: connection.gatewayId,
              connectivityType: connectivityOf(sandbox, connection),
              connectionDetails,
          }
        : { connectivityType: "None", connectionDetails };
}

function invalid(reason: string) {
    return fabricError(400, "InvalidRequest", `Invalid bind semantic model connection request: ${reason}`);
}
