import { type FastifyInstance } from "fastify";
import { type Sandbox } from "../sandbox";
import { type Scope } from "../world/databricks-world";
import { databricksError, demandAdmin } from "./access";
import { isNamed } from "./principals";

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
        const found = scopes().find((scope) => isSameName(scope.name, name));
        if (!found) {
            throw missing(`Scope ${name} does not exist!`);
        }
        return found;
    };
    // docs.databricks.com, Secret management: a scope of a key vault is a read-only view of it.
    const findWritable = (name: string): Scope => {
        const found = find(name);
        if (found.backend === "AZURE_KEYVAULT") {
            throw databricksError(
                400,
                "BAD_REQUEST",
                `Cannot write secrets to Azure KeyVault-backed scope ${found.name}`,
            );
        }
        return found;
    };
    const post = (path: string, handle: (body: Fields, caller: string) => void) =>
        server.post<{ Body: Fields | undefined }>(base + path, async (request) => {
            const caller = demandAdmin(sandbox, request);
            handle(request.body ?? ({} as Fields), caller.name);
            return {};
        });
    const get = (path: string, handle: (query: Fields) => object) =>
        server.get<{ Querystring: Fields }>(base + path, async (request) => {
            demandAdmin(sandbox, request);
            return handle(request.query);
        });

    post("/scopes/create", ({ scope: name }, caller) => {
        demandName(name, allowedName, "Scope name");
        if (scopes().some((scope) => isSameName(scope.name, name))) {
            throw databricksError(400, "RESOURCE_ALREADY_EXISTS", `Scope ${name} already exists!`);
        }
        const acls = [{ principal: caller, permission: "MANAGE" as const }];
        scopes().push({ name, backend: "DATABRICKS", entries: [], acls });
    });
    post("/scopes/delete", ({ scope }) => {
        const found = find(scope);
        sandbox.world.databricks.scopes = scopes().filter((candidate) => candidate !== found);
    });
    get("/scopes/list", () => ({ scopes: scopes().map(({ name, backend }) => ({ name, backend_type: backend })) }));

    post("/put", ({ scope, key, string_value: value }) => {
        demandName(key, allowedKey, "Secret key");
        const { entries } = findWritable(scope);
        const entry = { key, value, lastUpdated: sandbox.now().getTime() };
        const position = entries.findIndex((candidate) => candidate.key === key);
        entries.splice(position < 0 ? entries.length : position, 1, entry);
    });
    post("/delete", ({ scope, key }) => {
        const { entries } = findWritable(scope);
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
        if (!["READ", "WRITE", "MANAGE"].includes(permission)) {
            throw databricksError(400, "INVALID_PARAMETER_VALUE", `${permission} is not a permission of a scope.`);
        }
        if (!isNamed(sandbox, principal)) {
            throw missing(`Principal ${principal} does not exist.`);
        }
        found.acls = [...found.acls.filter((acl) => acl.principal !== principal), { principal, permission }];
    });
    post("/acls/delete", ({ scope, principal }) => {
        const found = find(scope);
        found.acls = found.acls.filter((acl) => acl.principal !== principal);
    });
    get("/acls/list", ({ scope }) => ({ items: find(scope).acls.map((acl) => renderAcl(sandbox, acl)) }));
    get("/acls/get", ({ scope, principal }) => {
        const acl = find(scope).acls.find((candidate) => isSameName(candidate.principal, principal));
        if (!acl) {
            throw missing(`No ACL for ${principal} in scope ${scope}.`);
        }
        return renderAcl(sandbox, acl);
    });
}

/** Scopes' names are the same in capitals and small letters (docs.databricks.com, Secret management). */
function isSameName(one: string, other = ""): boolean {
    return one.toLowerCase() === other.toLowerCase();
}

function renderAcl(sandbox: Sandbox, { principal, permission }: Scope["acls"][number]) {
    const isLower = sandbox.world.doubts.principalSpelling === "lowerCase";
    return { principal: isLower ? principal.toLowerCase() : principal, permission };
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
