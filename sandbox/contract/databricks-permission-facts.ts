import { anything, atLeast, exactly, type Fact, list, oneOf, text, whole } from "./fact";

const service = "databricks";
const docs = "https://docs.databricks.com/api/workspace";

const answeredAcl = atLeast({
    "object_id!": text,
    "object_type!": text,
    access_control_list: list(atLeast({ all_permissions: list(atLeast({ "permission_level!": text })) })),
});
const acl = exactly({
    access_control_list: list(
        exactly({
            user_name: text,
            group_name: text,
            service_principal_name: text,
            "permission_level!": oneOf("CAN_USE", "CAN_VIEW", "CAN_MONITOR", "CAN_MANAGE", "IS_OWNER"),
        }),
    ),
});

// Two spellings: https://github.com/databricks/terraform-provider-databricks/blob/main/permissions/permission_definitions.go
const acls: Fact[] = ["/api/2.0/permissions/warehouses/{id}", "/api/2.0/permissions/sql/warehouses/{id}"].flatMap(
    (path) => [
        {
            service,
            method: "GET",
            path,
            source: `${docs}/warehouses/getpermissions`,
            answers: { 200: { body: answeredAcl } },
        },
        ...(["PUT", "PATCH"] as const).map((method): Fact => ({
            service,
            method,
            path,
            source: `${docs}/warehouses/${method === "PUT" ? "setpermissions" : "updatepermissions"}`,
            body: acl,
            answers: { 200: { body: answeredAcl } },
        })),
    ],
);

const statement = atLeast({ "statement_id!": text, "status!": atLeast({ "state!": text }) });
const warehouse = atLeast({ "id!": text, "name!": text, "state!": text });

const sql: Fact[] = [
    {
        service,
        method: "GET",
        path: "/api/2.0/sql/warehouses",
        source: `${docs}/warehouses/list`,
        query: ["page_token", "page_size", "run_as_user_id"],
        answers: { 200: { body: atLeast({ warehouses: list(warehouse), next_page_token: text }) } },
    },
    {
        service,
        method: "GET",
        path: "/api/2.0/sql/warehouses/{id}",
        source: `${docs}/warehouses/get`,
        answers: { 200: { body: warehouse } },
    },
    ...["start", "stop"].map((action): Fact => ({
        service,
        method: "POST",
        path: `/api/2.0/sql/warehouses/{id}/${action}`,
        source: `${docs}/warehouses/${action}`,
        answers: { 200: { body: anything } },
    })),
    {
        service,
        method: "GET",
        path: "/api/2.0/preview/sql/data_sources",
        source: `${docs}/datasources/list`,
        answers: { 200: { body: list(atLeast({ "id!": text, "name!": text, "warehouse_id!": text })) } },
    },
    {
        service,
        method: "POST",
        path: "/api/2.0/sql/statements",
        source: `${docs}/statementexecution/executestatement`,
        body: exactly({
            "warehouse_id!": text,
            "statement!": text,
            wait_timeout: text,
            on_wait_timeout: oneOf("CONTINUE", "CANCEL"),
            catalog: text,
            schema: text,
            disposition: text,
            format: text,
            row_limit: whole,
            byte_limit: whole,
            parameters: list(anything),
            query_tags: list(anything),
        }),
        answers: { 200: { body: statement } },
    },
    {
        service,
        method: "GET",
        path: "/api/2.0/sql/statements/{id}",
        source: `${docs}/statementexecution/getstatement`,
        answers: { 200: { body: statement } },
    },
];

const securable = atLeast({ "name!": text, full_name: text, owner: text });
const assignments = (privilege: object) =>
    atLeast({
        privilege_assignments: list(atLeast({ "principal!": text, privileges: list({ ...privilege }) })),
        next_page_token: text,
    });

const catalog: Fact[] = [
    {
        service,
        method: "GET",
        path: "/api/2.1/unity-catalog/permissions/{type}/{name}",
        source: `${docs}/grants/get`,
        query: ["principal", "max_results", "page_token"],
        answers: { 200: { body: assignments(text) } },
    },
    {
        service,
        method: "PATCH",
        path: "/api/2.1/unity-catalog/permissions/{type}/{name}",
        source: `${docs}/grants/update`,
        body: exactly({
            changes: list(exactly({ principal: text, principal_id: whole, add: list(text), remove: list(text) })),
        }),
        answers: { 200: { body: assignments(text) } },
    },
    {
        service,
        method: "GET",
        path: "/api/2.1/unity-catalog/effective-permissions/{type}/{name}",
        source: `${docs}/grants/geteffective`,
        query: ["principal", "max_results", "page_token"],
        answers: { 200: { body: assignments(atLeast({ "privilege!": text })) } },
    },
    ...["catalogs", "schemas", "tables"].map((kind): Fact => ({
        service,
        method: "GET",
        path: `/api/2.1/unity-catalog/${kind}/{name}`,
        source: `${docs}/${kind}/get`,
        query: ["include_browse", "include_delta_metadata", "include_manifest_capabilities"],
        answers: { 200: { body: securable } },
    })),
    {
        service,
        method: "GET",
        path: "/api/2.1/unity-catalog/metastore_summary",
        source: `${docs}/metastores/summary`,
        answers: { 200: { body: atLeast({ "metastore_id!": text, name: text, owner: text }) } },
    },
];

/** A request about secret scopes: what it may say in its body, or in its query, and what comes back. */
function scopeFact(name: string, method: "GET" | "POST", page: string, says: object, answer = anything): Fact {
    return {
        service,
        method,
        path: `/api/2.0/secrets/${name}`,
        source: `${docs}/secrets/${page}`,
        ...(method === "GET" ? { query: Object.keys(says) } : { body: exactly(says as Fact["answers"]) }),
        answers: { 200: { body: answer } },
    };
}

const permission = oneOf("READ", "WRITE", "MANAGE");

const scopes: Fact[] = [
    scopeFact("scopes/create", "POST", "createscope", {
        "scope!": text,
        scope_backend_type: oneOf("DATABRICKS", "AZURE_KEYVAULT"),
        backend_azure_keyvault: exactly({ resource_id: text, dns_name: text }),
        initial_manage_principal: text,
    }),
    scopeFact("scopes/delete", "POST", "deletescope", { "scope!": text }),
    scopeFact("scopes/list", "GET", "listscopes", {}, atLeast({ scopes: list(atLeast({ "name!": text })) })),
    scopeFact("put", "POST", "putsecret", { "scope!": text, "key!": text, string_value: text, bytes_value: text }),
    scopeFact("delete", "POST", "deletesecret", { "scope!": text, "key!": text }),
    scopeFact("list", "GET", "listsecrets", { scope: text }, atLeast({ secrets: list(atLeast({ "key!": text })) })),
    scopeFact("get", "GET", "getsecret", { scope: text, key: text }, atLeast({ "key!": text, "value!": text })),
    scopeFact("acls/put", "POST", "putacl", { "scope!": text, "principal!": text, "permission!": permission }),
    scopeFact("acls/delete", "POST", "deleteacl", { "scope!": text, "principal!": text }),
    scopeFact("acls/list", "GET", "listacls", { scope: text }),
    scopeFact("acls/get", "GET", "getacl", { scope: text, principal: text }, atLeast({ "permission!": permission })),
];

/** Who may do what in Databricks, and what is done with it. */
export const databricksPermissionFacts: Fact[] = [...acls, ...sql, ...catalog, ...scopes];
