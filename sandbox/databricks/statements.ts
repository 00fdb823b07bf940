import { randomUUID } from "node:crypto";
import { type FastifyInstance } from "fastify";
import { type Sandbox } from "../sandbox";
import { databricksError, demandCaller, mayUse } from "./access";
import { type Statement } from "./statement-store";
import { maySelect } from "./unity-catalog";
import { findWarehouse } from "./warehouses";

const path = "/api/2.0/sql/statements";

/** The SQL statement API. A statement that fails is answered with HTTP 200 and the state FAILED. */
export function registerStatements(server: FastifyInstance, sandbox: Sandbox): void {
    server.post<{ Body: { warehouse_id: string; statement: string } }>(path, async (request) => {
        const caller = demandCaller(sandbox, request);
        const warehouse = findWarehouse(sandbox, request.body.warehouse_id);
        if (!mayUse(sandbox, warehouse, caller)) {
            const message = `${caller.name} is not authorized to use or monitor this SQL Endpoint: ${warehouse.id}.`;
            throw databricksError(403, "PERMISSION_DENIED", message);
        }
        const principal = sandbox.world.databricks.servicePrincipals.find(
            (candidate) => candidate.applicationId === caller.name,
        );
        if (principal && !caller.isAdmin && !principal.entitlements.includes("databricks-sql-access")) {
            const message = `${caller.name} is missing the entitlement databricks-sql-access.`;
            throw databricksError(403, "PERMISSION_DENIED", message);
        }
        const isAsleep = warehouse.state !== "RUNNING";
        warehouse.state = "RUNNING";
        const statement: Statement = {
            id: randomUUID(),
            owner: caller.name,
            pendingLooks: isAsleep ? warehouse.coldStart : 0,
            warehouseId: warehouse.id,
            ...execute(sandbox, caller.name, request.body.statement),
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

function execute(sandbox: Sandbox, caller: string, text: string): Pick<Statement, "rows" | "error"> {
    const table = /\bFROM\s+([\w`.-]+)/i.exec(text)?.[1].replaceAll("`", "");
    if (table === undefined) {
        return { rows: [["1"]] };
    }
    if (!maySelect(sandbox, caller, table)) {
        const message = `[INSUFFICIENT_PERMISSIONS] Insufficient privileges: User does not have SELECT on Table '${table}'.`;
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
