import { type FastifyInstance } from "fastify";
import { type Sandbox } from "../sandbox";
import { type Securable } from "../world/databricks-world";
import { databricksError, demandAdmin, demandCaller } from "./access";
import { demandKnownPrincipal } from "./new-principals";
import { isInAccount } from "./principals";
import { grantKey, isApplicable, isSameName, pathTo, storedPrivilege } from "./privileges";

interface Change {
    principal: string;
    add?: string[];
    remove?: string[];
}

interface Route {
    Params: { type: string; name: string };
    Body: { changes?: Change[] } | undefined;
}

/** Grants of Unity Catalog. */
export function registerUnityCatalog(server: FastifyInstance, sandbox: Sandbox): void {
    const path = "/api/2.1/unity-catalog/permissions/:type/:name";
    const find = (type: string, name: string): Securable => {
        const found = sandbox.world.databricks.securables.find(
            (securable) => securable.type === type.toLowerCase() && isSameName(securable.fullName, name),
        );
        if (!found) {
            throw databricksError(404, `${type.toUpperCase()}_DOES_NOT_EXIST`, `${type} '${name}' does not exist.`);
        }
        return found;
    };

    server.get<Route & { Querystring: { page_token?: string } }>(path, async (request) => {
        demandCaller(sandbox, request);
        const securable = find(request.params.type, request.params.name);
        const grants = securable.grants.filter(({ principal }) => !isNotListedYet(sandbox, securable, principal));
        const start = Number(request.query.page_token ?? 0);
        const end = start + (sandbox.world.databricks.grantsPageSize ?? grants.length);
        const next = end < grants.length ? { next_page_token: String(end) } : {};
        // Where nobody was granted anything there is no list, as everywhere in Databricks' answers.
        return grants.length === 0
            ? {}
            : { privilege_assignments: grants.slice(start, end).map((grant) => render(sandbox, grant)), ...next };
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
        const changes = (request.body?.changes ?? []).map(({ principal, add = [], remove = [] }) => ({
            principal,
            add: add.map(storedPrivilege),
            remove: remove.map(storedPrivilege),
        }));
        changes.forEach((change) => demandChange(sandbox, securable, change));
        changes.forEach((change) => applyChange(sandbox, securable, change));
        return { privilege_assignments: securable.grants.map((grant) => render(sandbox, grant)) };
    });
}

/** What principals have on a securable, of its own and from what holds it. */
function effective(sandbox: Sandbox, fullName: string, principal: string | undefined) {
    const holders = pathTo(fullName);
    const found = sandbox.world.databricks.securables
        .filter((securable) => holders.includes(securable.fullName))
        .flatMap(({ type, fullName: inherited_from_name, grants }) =>
            grants.map((grant) => ({
                ...render(sandbox, grant),
                from: { inherited_from_type: type, inherited_from_name },
            })),
        )
        .filter((grant) => principal === undefined || isSameName(grant.principal, principal));
    return [...new Set(found.map((grant) => grant.principal))].map((name) => ({
        principal: name,
        privileges: found
            .filter((grant) => grant.principal === name)
            .flatMap(({ privileges, from }) => privileges.map((privilege) => ({ privilege, ...from }))),
    }));
}

/**
 * Changes are made all or none.
 *
 * @see https://github.com/databricks/terraform-provider-databricks/issues/4680
 * @throws HttpError 400 or 404
 */
function demandChange(sandbox: Sandbox, { type, fullName }: Securable, { principal, add, remove }: Required<Change>) {
    const refuse = (message: string) => databricksError(400, "INVALID_PARAMETER_VALUE", message);
    const wrong = [...add, ...remove].find((privilege) => !isApplicable(type, privilege));
    if (wrong !== undefined) {
        throw refuse(`Privilege ${wrong} is not applicable to this entity [${fullName}:${type.toUpperCase()}].`);
    }
    if (add.some((privilege) => remove.includes(privilege))) {
        throw refuse(`Duplicate privileges to add and delete for principal ${principal}.`);
    }
    if (!isInAccount(sandbox, principal)) {
        throw databricksError(404, "PRINCIPAL_DOES_NOT_EXIST", `Could not find principal with name ${principal}`);
    }
    demandKnownPrincipal(sandbox, "catalog", principal, `Could not find principal with name ${principal}`);
}

function applyChange(sandbox: Sandbox, securable: Securable, { principal, add, remove }: Required<Change>): void {
    const known = securable.grants.find((grant) => grant.principal === principal)?.privileges ?? [];
    const kept = known.filter((privilege) => !remove.includes(privilege) && !add.includes(privilege));
    const privileges = [...kept, ...add];
    const position = securable.grants.findIndex((grant) => grant.principal === principal);
    const grants = privileges.length > 0 ? [{ principal, privileges }] : [];
    securable.grants.splice(position < 0 ? securable.grants.length : position, position < 0 ? 0 : 1, ...grants);
    if (add.some((privilege) => !known.includes(privilege)) && sandbox.world.doubts.grantInForce !== "atOnce") {
        sandbox.notYet.begin(grantKey(sandbox, securable.fullName, principal));
    }
}

function isNotListedYet(sandbox: Sandbox, { fullName }: Securable, principal: string): boolean {
    return (
        sandbox.world.doubts.grantInForce === "laterInList" &&
        sandbox.notYet.isTooEarly(grantKey(sandbox, fullName, principal))
    );
}

function render(sandbox: Sandbox, { principal, privileges }: Securable["grants"][number]) {
    const { privilegeSpelling, principalSpelling } = sandbox.world.doubts;
    return {
        principal: principalSpelling === "lowerCase" ? principal.toLowerCase() : principal,
        privileges: privileges.map((name) => (privilegeSpelling === "spaces" ? name.replaceAll("_", " ") : name)),
    };
}
