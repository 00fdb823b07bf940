import { type FastifyInstance } from "fastify";
import { type Sandbox } from "../sandbox";
import { type AclEntry, type PermissionLevel, permissionLevels, type Warehouse } from "../world/databricks-world";
import { databricksError, demandAdmin, demandCaller } from "./access";

interface ById {
    Params: { id: string };
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
            return renderAcl(findWarehouse(sandbox, request.params.id));
        });
        server.put<ById & { Body: { access_control_list?: WireEntry[] } }>(path, async (request) => {
            demandAdmin(sandbox, request);
            const warehouse = findWarehouse(sandbox, request.params.id);
            const entries = (request.body.access_control_list ?? []).map(readEntry);
            if (!entries.some((entry) => entry.permissionLevel === "IS_OWNER")) {
                const message = `The warehouse ${warehouse.id} with no existing owner must provide a new owner.`;
                throw databricksError(400, "INVALID_PARAMETER_VALUE", message);
            }
            warehouse.acl = entries;
            return renderAcl(warehouse);
        });
        server.patch<ById & { Body: { access_control_list?: WireEntry[] } }>(path, async (request) => {
            demandAdmin(sandbox, request);
            const warehouse = findWarehouse(sandbox, request.params.id);
            for (const entry of (request.body.access_control_list ?? []).map(readEntry)) {
                const others = warehouse.acl.filter((known) => nameOf(known) !== nameOf(entry));
                warehouse.acl = [...others, entry];
            }
            return renderAcl(warehouse);
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

function renderAcl(warehouse: Warehouse) {
    const access_control_list = warehouse.acl.map((entry) => ({
        user_name: entry.userName,
        group_name: entry.groupName,
        service_principal_name: entry.servicePrincipalName,
        display_name: nameOf(entry),
        all_permissions: [{ permission_level: entry.permissionLevel, inherited: false }],
    }));
    return { object_id: `/sql/warehouses/${warehouse.id}`, object_type: "warehouses", access_control_list };
}

function readEntry(entry: WireEntry): AclEntry {
    if (!permissionLevels.includes(entry.permission_level)) {
        throw databricksError(400, "INVALID_PARAMETER_VALUE", `${entry.permission_level} is not a permission level.`);
    }
    return {
        userName: entry.user_name,
        groupName: entry.group_name,
        servicePrincipalName: entry.service_principal_name,
        permissionLevel: entry.permission_level,
    };
}

function nameOf(entry: AclEntry): string {
    return entry.userName ?? entry.groupName ?? entry.servicePrincipalName ?? "";
}
