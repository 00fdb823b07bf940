import { type FastifyInstance } from "fastify";
import { type ChosenDoubts } from "../doubts";
import { type Sandbox } from "../sandbox";
import { type AclEntry, type PermissionLevel, permissionLevels, type Warehouse } from "../world/databricks-world";
import { databricksError, demandAdmin, demandCaller } from "./access";
import { demandKnownPrincipal } from "./new-principals";
import { isInWorkspace, principalOf, type PrincipalKind } from "./principals";

interface ById {
    Params: { id: string };
}

interface WithEntries {
    Body: { access_control_list?: WireEntry[] } | undefined;
}

interface WireEntry {
    user_name?: string;
    group_name?: string;
    service_principal_name?: string;
    permission_level: PermissionLevel;
}

/** SQL warehouses and their access control lists: two spellings of the path, one list. */
export function registerWarehouses(server: FastifyInstance, sandbox: Sandbox): void {
    const all = () => sandbox.world.databricks.warehouses;

    server.get<{ Querystring: { page_token?: string } }>("/api/2.0/sql/warehouses", async (request) => {
        demandCaller(sandbox, request);
        const start = Number(request.query.page_token ?? 0);
        const end = start + (sandbox.world.databricks.warehousesPageSize ?? all().length);
        const next = end < all().length ? { next_page_token: String(end) } : {};
        return { warehouses: all().slice(start, end).map(render), ...next };
    });
    server.get<ById>("/api/2.0/sql/warehouses/:id", async (request) => {
        demandCaller(sandbox, request);
        return render(findWarehouse(sandbox, request.params.id));
    });
    server.get("/api/2.0/preview/sql/data_sources", async (request) => {
        demandCaller(sandbox, request);
        return all().map(({ id, name }) => ({ id: `source-of-${id}`, name, warehouse_id: id }));
    });
    for (const [action, state] of [
        ["start", "RUNNING"],
        ["stop", "STOPPED"],
    ] as const) {
        server.post<ById>(`/api/2.0/sql/warehouses/:id/${action}`, async (request) => {
            demandAdmin(sandbox, request);
            findWarehouse(sandbox, request.params.id).state = state;
            return {};
        });
    }

    for (const path of ["/api/2.0/permissions/sql/warehouses/:id", "/api/2.0/permissions/warehouses/:id"]) {
        server.get<ById>(path, async (request) => {
            demandCaller(sandbox, request);
            const warehouse = findWarehouse(sandbox, request.params.id);
            const isListed = (entry: AclEntry) =>
                !isTooEarly(sandbox, "laterInList", warehouse, principalOf(entry).name);
            return renderAcl(warehouse, warehouse.acl.filter(isListed));
        });
        server.put<ById & WithEntries>(path, async (request) => {
            demandAdmin(sandbox, request);
            const warehouse = findWarehouse(sandbox, request.params.id);
            const entries = readEntries(sandbox, request.body);
            warehouse.acl = entries.some(isOwner) ? entries : withOwnerOf(warehouse, entries);
            return renderAcl(warehouse);
        });
        server.patch<ById & WithEntries>(path, async (request) => {
            demandAdmin(sandbox, request);
            const warehouse = findWarehouse(sandbox, request.params.id);
            const entries = readEntries(sandbox, request.body);
            for (const entry of entries) {
                const others = warehouse.acl.filter((known) => !isSamePrincipal(known, entry));
                if (others.length === warehouse.acl.length && sandbox.world.doubts.permissionInForce !== "atOnce") {
                    sandbox.notYet.begin(permissionKey(sandbox, warehouse, principalOf(entry).name));
                }
                warehouse.acl = [...others, entry];
            }
            return answerToPatch(sandbox, warehouse, entries);
        });
    }
}

/** @throws HttpError 404 */
export function findWarehouse(sandbox: Sandbox, id: string): Warehouse {
    const found = sandbox.world.databricks.warehouses.find((warehouse) => warehouse.id === id);
    if (!found) {
        throw databricksError(404, "RESOURCE_DOES_NOT_EXIST", `SQL warehouse ${id} does not exist.`);
    }
    return found;
}

function render(warehouse: Warehouse) {
    const { id, name, state, creatorName: creator_name } = warehouse;
    const odbc_params = { path: `/sql/1.0/warehouses/${id}`, protocol: "https", port: 443 };
    return { id, name, state, creator_name, cluster_size: "Small", warehouse_type: "PRO", odbc_params };
}

function answerToPatch(sandbox: Sandbox, warehouse: Warehouse, changed: AclEntry[]) {
    switch (sandbox.world.doubts.permissionsPatchAnswer) {
        case "nothing":
            return {};
        case "changedOnly":
            return renderAcl(warehouse, changed);
        default:
            return renderAcl(warehouse);
    }
}

/** Whether a permission that was just given is not in force yet in a way that the world chose; counts the request. */
export function isTooEarly(
    sandbox: Sandbox,
    behaviour: ChosenDoubts["permissionInForce"],
    warehouse: Warehouse,
    name: string,
): boolean {
    return (
        sandbox.world.doubts.permissionInForce === behaviour &&
        sandbox.notYet.isTooEarly(permissionKey(sandbox, warehouse, name))
    );
}

function permissionKey(sandbox: Sandbox, { id }: Warehouse, name: string): string {
    return `${sandbox.world.databricks.workspaceId} permission ${id} ${name}`;
}

function renderAcl(warehouse: Warehouse, entries = warehouse.acl) {
    const access_control_list = entries.map((entry) => ({
        user_name: entry.userName,
        group_name: entry.groupName,
        service_principal_name: entry.servicePrincipalName,
        display_name: principalOf(entry).name,
        all_permissions: [{ permission_level: entry.permissionLevel, inherited: false }],
    }));
    return { object_id: `/sql/warehouses/${warehouse.id}`, object_type: "warehouses", access_control_list };
}

/** @throws HttpError 400 or 404: all entries are right, or none is taken */
function readEntries(sandbox: Sandbox, body: WithEntries["Body"]): AclEntry[] {
    return (body?.access_control_list ?? []).map((wire) => {
        if (!permissionLevels.includes(wire.permission_level)) {
            throw badRequest(`${wire.permission_level} is not a permission level.`);
        }
        const entry = {
            userName: wire.user_name,
            groupName: wire.group_name,
            servicePrincipalName: wire.service_principal_name,
            permissionLevel: wire.permission_level,
        };
        if ([wire.user_name, wire.group_name, wire.service_principal_name].filter(Boolean).length !== 1) {
            throw badRequest("An entry names exactly one of user_name, group_name and service_principal_name.");
        }
        demandPrincipal(sandbox, entry);
        return entry;
    });
}

/**
 * The words that people report, for a service principal that is named by its display name for example.
 *
 * @see https://github.com/databricks/terraform-provider-databricks/issues/1415
 * @throws HttpError 404
 */
function demandPrincipal(sandbox: Sandbox, entry: AclEntry): void {
    const { kind, name } = principalOf(entry);
    const message = `Principal: ${wireKinds[kind]}(${name}) does not exist`;
    if (!isInWorkspace(sandbox, kind, name)) {
        throw databricksError(404, "RESOURCE_DOES_NOT_EXIST", message);
    }
    demandKnownPrincipal(sandbox, "permissions", name, message);
}

const wireKinds: Record<PrincipalKind, string> = {
    user: "UserName",
    group: "GroupName",
    servicePrincipal: "ServicePrincipalName",
};

/**
 * A list that names no owner leaves the one that there is.
 *
 * @see https://github.com/databricks/terraform-provider-databricks/issues/2865
 * @throws HttpError 400 where there is none
 */
function withOwnerOf(warehouse: Warehouse, entries: AclEntry[]): AclEntry[] {
    const owner = warehouse.acl.find(isOwner);
    if (!owner) {
        throw badRequest(`The warehouse ${warehouse.id} with no existing owner must provide a new owner.`);
    }
    return [owner, ...entries.filter((entry) => !isSamePrincipal(entry, owner))];
}

function isOwner(entry: AclEntry): boolean {
    return entry.permissionLevel === "IS_OWNER";
}

function isSamePrincipal(one: AclEntry, other: AclEntry): boolean {
    const [left, right] = [principalOf(one), principalOf(other)];
    return left.kind === right.kind && left.name.toLowerCase() === right.name.toLowerCase();
}

function badRequest(message: string) {
    return databricksError(400, "INVALID_PARAMETER_VALUE", message);
}
