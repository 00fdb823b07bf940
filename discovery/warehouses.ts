import { Warehouse } from "../clients/databricks";
import { sameId, suggestion } from "./names";

/** Finds a warehouse by id or name; reports what keeps it from being found. */
export function findWarehouse(
    where: string,
    wanted: string,
    warehouses: Warehouse[],
    report: (problem: string) => void,
): Warehouse | undefined {
    const found = warehouses.filter((warehouse) => sameId(warehouse.id, wanted) || warehouse.name === wanted);
    if (found.length === 0) {
        report(
            `${where}: there is no SQL warehouse "${wanted}" that the login of the databricks provider sees. Correct the ` +
                `name or id.${suggestion(wanted, warehouses)}`,
        );
    }
    if (found.length > 1) {
        const ids = found.map((warehouse) => warehouse.id).join(" or ");
        report(`${where}: ${found.length} SQL warehouses are called "${wanted}"; write the id: ${ids}.`);
    }
    return found.length === 1 ? found[0] : undefined;
}
