import { randomUUID } from "node:crypto";
import { type FastifyInstance } from "fastify";
import { type Sandbox } from "../sandbox";
import { isOfConnector } from "../http/connector-agent";
import { HttpError } from "../http/service-server";
import { type Warehouse } from "../world/databricks-world";
import { databricksError, demandCaller, hasSqlAccess, htmlError, mayUse } from "./access";
import { whyNotSelect } from "./privileges";
import { type Statement } from "./statement-store";
import { findWarehouse, isTooEarly } from "./warehouses";

const path = "/api/2.0/sql/statements";

interface Body {
    warehouse_id?: string;
    statement?: string;
    wait_timeout?: string;
}

/** The SQL statement API. A statement that fails is answered with HTTP 200 and the state FAILED. */
export function registerStatements(server: FastifyInstance, sandbox: Sandbox): void {
    server.post<{ Body: Body | undefined }>(path, async (request) => {
        const caller = demandCaller(sandbox, request);
        const { warehouse_id = "", statement: text = "", wait_timeout: timeout = "10s" } = request.body ?? {};
        const warehouse = findWarehouse(sandbox, warehouse_id);
        demandTimeout(timeout);
        if (!mayUse(sandbox, warehouse, caller)) {
            throw forbidden(`${caller.name} is not authorized to use or monitor this SQL Endpoint: ${warehouse.id}.`);
        }
        if (!hasSqlAccess(sandbox, caller)) {
            throw forbidden(`${caller.name} is missing the entitlement databricks-sql-access.`);
        }
        demandPermissionInForce(sandbox, warehouse, caller.name);
        if (!isOfConnector(request)) {
            // Power BI's driver waits for a warehouse by itself.
            demandStarted(sandbox, warehouse, caller.name);
        }
        const isAsleep = warehouse.state !== "RUNNING";
        warehouse.state = "RUNNING";
        const statement: Statement = {
            id: randomUUID(),
            owner: caller.name,
            // Whoever waits 0 s is never told the end at once.
            pendingLooks: Math.max(isAsleep ? warehouse.coldStart : 0, timeout === "0s" ? 1 : 0),
            warehouseId: warehouse.id,
            ...execute(sandbox, caller.name, text),
        };
        sandbox.statements.add(statement);
        return render(statement);
    });

    server.get<{ Params: { id: string } }>(`${path}/:id`, async (request) => {
        const caller = demandCaller(sandbox, request);
        const statement = sandbox.statements.find(request.params.id);
        if (!statement || statement.owner !== caller.name) {
            throw databricksError(404, "NOT_FOUND", `The statement ${request.params.id} was not found.`);
        }
        statement.pendingLooks = Math.max(0, statement.pendingLooks - 1);
        return render(statement);
    });
}

/**
 * @see https://docs.databricks.com/api/workspace/statementexecution/executestatement
 * @throws HttpError 400
 */
function demandTimeout(timeout: string): void {
    const seconds = Number(/^(\d+)s$/.exec(timeout)?.[1]);
    if (seconds !== 0 && !(seconds >= 5 && seconds <= 50)) {
        const message = `wait_timeout must be 0s or between 5s and 50s, got ${timeout}.`;
        throw databricksError(400, "INVALID_PARAMETER_VALUE", message);
    }
}

/** @throws HttpError 403, while a permission that was just given is not in force for queries */
function demandPermissionInForce(sandbox: Sandbox, warehouse: Warehouse, name: string): void {
    const reason = `${name} is not authorized to use or monitor this SQL Endpoint: ${warehouse.id}.`;
    if (isTooEarly(sandbox, "laterForQueries", warehouse, name)) {
        throw forbidden(reason);
    }
    if (isTooEarly(sandbox, "laterAsHtml", warehouse, name)) {
        throw htmlError(403, reason);
    }
}

/** @throws HttpError 400 or 503, to the first requests of whoever asks a warehouse for the first time */
function demandStarted(sandbox: Sandbox, warehouse: Warehouse, name: string): void {
    const { databricks, doubts } = sandbox.world;
    const isStarting =
        doubts.startingWarehouse !== "pending" &&
        sandbox.notYet.isTooEarly(`${databricks.workspaceId} start ${warehouse.id} ${name}`, 3);
    if (isStarting) {
        throw doubts.startingWarehouse === "refused400"
            ? databricksError(400, "BAD_REQUEST", "Cannot create the resource, please try again later.")
            : new HttpError(503, "Service Unavailable", { "content-type": "text/plain" });
    }
}

function forbidden(message: string): HttpError {
    return databricksError(403, "PERMISSION_DENIED", message);
}

function execute(sandbox: Sandbox, caller: string, text: string): Pick<Statement, "rows" | "error"> {
    const table = /\bFROM\s+([\w`.-]+)/i.exec(text)?.[1].replaceAll("`", "");
    if (table === undefined) {
        return { rows: [["1"]] };
    }
    const missing = whyNotSelect(sandbox, caller, table);
    if (missing !== undefined) {
        const message = `[INSUFFICIENT_PERMISSIONS] Insufficient privileges: ${missing} SQLSTATE: 42501`;
        return { error: { error_code: "BAD_REQUEST", message } };
    }
    return { rows: [1, 2, 3].map((row) => [`${table} ${row}`]) };
}

function render(statement: Statement) {
    const { id: statement_id, rows, error } = statement;
    if (statement.pendingLooks > 0) {
        return { statement_id, status: { state: "PENDING" } };
    }
    if (error) {
        return { statement_id, status: { state: "FAILED", error, sql_state: "42501" } };
    }
    const manifest = { format: "JSON_ARRAY", total_row_count: rows?.length ?? 0, schema: { column_count: 1 } };
    return {
        statement_id,
        status: { state: "SUCCEEDED" },
        manifest,
        result: { row_count: rows?.length, data_array: rows },
    };
}
