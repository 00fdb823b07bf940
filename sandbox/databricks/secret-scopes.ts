import { type FastifyInstance } from "fastify";
import { type Sandbox } from "../sandbox";
import { type Scope } from "../world/databricks-world";
import { databricksError, demandAdmin } from "./access";

interface Fields {
    scope: string;
    key: string;
    string_value: string;
    principal: string;
    permission: Scope["acls"][number]["permission"];
}

const base = "/api/2.0/secrets";
/** What names of scopes and keys may be (docs.databricks.com, Secret management). */
const allowedName = /^[A-Za-z0-9_.@/-]{1,128}$/;
const allowedKey = /^[A-Za-z0-9_.-]{1,128}$/;

/** Secret scopes, their entries and their readers. */
export function registerSecretScopes(server: FastifyInstance, sandbox: Sandbox): void {
    const scopes = () => sandbox.world.databricks.scopes;
    const find = (name: string): Scope => {
        const found = scopes().find((scope) => scope.name === name);
        if (!found) {
            throw missing(`Scope ${name} does not exist!`);
        }
        return found;
    };
    const post = (path: string, handle: (body: Fields, caller: string) => void) =>
        server.post<{ Body: Fields }>(base + path, async (request) => {
            const caller = demandAdmin(sandbox, request);
            handle(request.body, caller.name);
            return {};
        });
    const get = (path: string, handle: (query: Fields) => object) =>
        server.get<{ Querystring: Fields }>(base + path, async (request) => {
            demandAdmin(sandbox, request);
            return handle(request.query);
        });

    post("/scopes/create", ({ scope: name }, caller) => {
        demandName(name, allowedName, "Scope name");
        if (scopes().some((scope) => scope.name === name)) {
            throw databricksError(400, "RESOURCE_ALREADY_EXISTS", `Scope ${name} already exists!`);
        }
        scopes().push({ name, entries: [], acls: [{ principal: caller, permission: "MANAGE" }] });
    });
    post("/scopes/delete", ({ scope }) => {
        find(scope);
        sandbox.world.databricks.scopes = scopes().filter((candidate) => candidate.name !== scope);
    });
    get("/scopes/list", () => ({ scopes: scopes().map(({ name }) => ({ name, backend_type: "DATABRICKS" })) }));

    post("/put", ({ scope, key, string_value: value }) => {
        demandName(key, allowedKey, "Secret key");
        const { entries } = find(scope);
        const entry = { key, value, lastUpdated: sandbox.now().getTime() };
        const position = entries.findIndex((candidate) => candidate.key === key);
        entries.splice(position < 0 ? entries.length : position, 1, entry);
    });
    post("/delete", ({ scope, key }) => {
        const { entries } = find(scope);
        const position = entries.findIndex((candidate) => candidate.key === key);
        if (position < 0) {
            throw missing(`Secret ${key} does not exist in scope ${scope}.`);
        }
        entries.splice(position, 1);
    });
    get("/list", ({ scope }) => ({
        secrets: find(scope).entries.map(({ key, lastUpdated }) => ({ key, last_updated_timestamp: lastUpdated })),
    }));
    get("/get", ({ scope, key }) => {
        const entry = find(scope).entries.find((candidate) => candidate.key === key);
        if (!entry) {
            throw missing(`Secret ${key} does not exist in scope ${scope}.`);
        }
        return { key, value: Buffer.from(entry.value).toString("base64") };
    });

    post("/acls/put", ({ scope, principal, permission }) => {
        const found = find(scope);
        found.acls = [...found.acls.filter((acl) => acl.principal !== principal), { principal, permission }];
    });
    post("/acls/delete", ({ scope, principal }) => {
        const found = find(scope);
        found.acls = found.acls.filter((acl) => acl.principal !== principal);
    });
    get("/acls/list", ({ scope }) => ({ items: find(scope).acls }));
    get("/acls/get", ({ scope, principal }) => {
        const acl = find(scope).acls.find((candidate) => candidate.principal === principal);
        if (!acl) {
            throw missing(`No ACL for ${principal} in scope ${scope}.`);
        }
        return acl;
    });
}

/** @throws HttpError 400 */
function demandName(name: string, allowed: RegExp, what: string): void {
    if (!allowed.test(name)) {
        const message = `${what} must consist of alphanumeric characters, dashes, underscores, and periods, and may not exceed 128 characters.`;
        throw databricksError(400, "INVALID_PARAMETER_VALUE", message);
    }
}

function missing(message: string) {
    return databricksError(404, "RESOURCE_DOES_NOT_EXIST", message);
}
