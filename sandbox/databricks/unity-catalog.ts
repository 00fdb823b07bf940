import { type FastifyInstance } from "fastify";
import { type Sandbox } from "../sandbox";
import { type Securable } from "../world/databricks-world";
import { databricksError, demandAdmin, demandCaller, groupsOf } from "./access";

interface Route {
    Params: { type: string; name: string };
    Body: { changes?: { principal: string; add?: string[]; remove?: string[] }[] };
}

/** Grants of Unity Catalog. */
export function registerUnityCatalog(server: FastifyInstance, sandbox: Sandbox): void {
    const path = "/api/2.1/unity-catalog/permissions/:type/:name";
    const find = (type: string, name: string): Securable => {
        const found = sandbox.world.databricks.securables.find(
            (securable) => securable.type === type.toLowerCase() && securable.fullName === name,
        );
        if (!found) {
            throw databricksError(404, `${type.toUpperCase()}_DOES_NOT_EXIST`, `${type} '${name}' does not exist.`);
        }
        return found;
    };

    server.get<Route & { Querystring: { page_token?: string } }>(path, async (request) => {
        demandCaller(sandbox, request);
        const { grants } = find(request.params.type, request.params.name);
        const start = Number(request.query.page_token ?? 0);
        const end = start + (sandbox.world.databricks.grantsPageSize ?? grants.length);
        const next = end < grants.length ? { next_page_token: String(end) } : {};
        // Where nobody was granted anything there is no list, as everywhere in Databricks' answers.
        return grants.length === 0 ? {} : { privilege_assignments: grants.slice(start, end), ...next };
    });
    server.get<Route & { Querystring: { principal?: string } }>(
        "/api/2.1/unity-catalog/effective-permissions/:type/:name",
        async (request) => {
            demandCaller(sandbox, request);
            const { fullName } = find(request.params.type, request.params.name);
            return { privilege_assignments: effective(sandbox, fullName, request.query.principal) };
        },
    );
    for (const [type, kind] of [
        ["catalog", "catalogs"],
        ["schema", "schemas"],
        ["table", "tables"],
    ]) {
        server.get<Route>(`/api/2.1/unity-catalog/${kind}/:name`, async (request) => {
            demandCaller(sandbox, request);
            const { fullName: full_name, owner } = find(type, request.params.name);
            return { name: full_name.split(".").at(-1), full_name, owner };
        });
    }
    // Whoever is an admin of the workspace may grant here: its admins own the metastore.
    server.get("/api/2.1/unity-catalog/metastore_summary", async (request) => {
        demandCaller(sandbox, request);
        const { accountId, cloud } = sandbox.world.databricks;
        return { metastore_id: accountId, name: "metastore", owner: "admins", cloud: cloud.toLowerCase() };
    });
    server.patch<Route>(path, async (request) => {
        demandAdmin(sandbox, request);
        const securable = find(request.params.type, request.params.name);
        for (const { principal, add = [], remove = [] } of request.body.changes ?? []) {
            const known = securable.grants.find((grant) => grant.principal === principal)?.privileges ?? [];
            const kept = known.filter((privilege) => !remove.includes(privilege) && !add.includes(privilege));
            const privileges = [...kept, ...add];
            const position = securable.grants.findIndex((grant) => grant.principal === principal);
            const grants = privileges.length > 0 ? [{ principal, privileges }] : [];
            securable.grants.splice(position < 0 ? securable.grants.length : position, position < 0 ? 0 : 1, ...grants);
        }
        return render(securable);
    });
}

/** Whether a principal may read a table: SELECT on it or on what holds it. */
export function maySelect(sandbox: Sandbox, principal: string, table: string): boolean {
    const names = [principal, ...groupsOf(sandbox, principal), "account users"];
    const [catalog, schema] = table.split(".");
    const holders = [catalog, `${catalog}.${schema}`, table];
    return sandbox.world.databricks.securables
        .filter((securable) => holders.includes(securable.fullName))
        .some(
            (securable) =>
                names.includes(securable.owner) ||
                securable.grants.some(
                    (grant) =>
                        names.includes(grant.principal) &&
                        (grant.privileges.includes("SELECT") || grant.privileges.includes("ALL_PRIVILEGES")),
                ),
        );
}

/** What principals have on a securable, of its own and from what holds it. */
function effective(sandbox: Sandbox, fullName: string, principal: string | undefined) {
    const holders = fullName.split(".").map((_, index, names) => names.slice(0, index + 1).join("."));
    const found = sandbox.world.databricks.securables
        .filter((securable) => holders.includes(securable.fullName))
        .flatMap(({ type, fullName: inherited_from_name, grants }) =>
            grants.map((grant) => ({ ...grant, from: { inherited_from_type: type, inherited_from_name } })),
        )
        .filter((grant) => principal === undefined || grant.principal === principal);
    return [...new Set(found.map((grant) => grant.principal))].map((name) => ({
        principal: name,
        privileges: found
            .filter((grant) => grant.principal === name)
            .flatMap(({ privileges, from }) => privileges.map((privilege) => ({ privilege, ...from }))),
    }));
}

function render(securable: Securable) {
    return { privilege_assignments: securable.grants };
}
