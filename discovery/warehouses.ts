import { Warehouse } from "../clients/databricks";
import { findOne } from "./names";

/** Finds a warehouse by id or name; reports what keeps it from being found. */
export function findWarehouse(
    where: string,
    wanted: string,
    warehouses: Warehouse[],
    report: (problem: string) => void,
): Warehouse | undefined {
    const missing = `there is no SQL warehouse "${wanted}" that the login of the databricks provider sees. Correct the name or id.`;
    return findOne(
        { where, wanted, items: warehouses, missing, several: `SQL warehouses are called "${wanted}"` },
        report,
    );
}
