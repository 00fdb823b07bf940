import { DatabricksTarget, targetOf, warehouseIdOf, warehouseIn } from "../clients/connection-details";
import { DatabricksClient, Warehouse } from "../clients/databricks";
import { Tell } from "../diagnostics/diagnostic";
import { Binding } from "../settings/binding";
import { KnownHosts } from "./known-hosts";
import { findOne, named, sameId, sameName } from "./names";

/** The warehouses that a credential is for. */
export interface DeclaredWarehouse {
    /** The one that is declared. */
    warehouse: Warehouse;
    target: DatabricksTarget;
    /** All of its workspace. */
    listed: Warehouse[];
}

/**
 * Finds the warehouse of each credential, listing those of each workspace once; reports what keeps one from being found.
 *
 * @param databricksOf gives the client of a workspace by the workspace's name.
 * @param furtherHosts gives the hosts that a workspace has besides its own.
 * @returns in the order of the credentials; undefined for one whose warehouse is not found.
 */
export async function findWarehouses(
    credentials: { databricks: string; warehouse: string }[],
    databricksOf: (workspace: string) => Pick<DatabricksClient, "listWarehouses" | "hostName">,
    furtherHosts: (workspace: string) => string[],
    tell: Tell,
): Promise<(DeclaredWarehouse | undefined)[]> {
    const lists = new Map<string, Promise<Warehouse[]>>();
    return Promise.all(
        credentials.map(async ({ databricks, warehouse: wanted }, index) => {
            const client = databricksOf(databricks);
            const list = lists.get(databricks) ?? client.listWarehouses().then(({ items }) => named(items));
            lists.set(databricks, list);
            const listed = await list;
            const hosts = [client.hostName, ...furtherHosts(databricks)];
            const warehouse = findWarehouse(`credentials[${index}].warehouse`, wanted, listed, hosts, tell);
            return warehouse && { warehouse, listed, target: targetOf(client.hostName, warehouse.id) };
        }),
    );
}

/** Whether a credential is for a warehouse that its bindings bound before: the declared one, or one there is for `host`. */
export function isFor(
    { target, listed }: DeclaredWarehouse,
    bindings: Binding[],
    candidate: DatabricksTarget,
    hosts: KnownHosts,
): boolean {
    const id = warehouseIdOf(candidate);
    const isThere = id === undefined || listed.some((warehouse) => sameId(warehouse.id, id));
    const isOfHost = bindings.some((binding) => binding.kind === "discover" && binding.discover === "host");
    return hosts.same(candidate, target) || (isOfHost && hosts.atHome(candidate).host === target.host && isThere);
}

/**
 * Finds a warehouse by name, id, HTTP path or the browser's address of its page; reports what keeps it from being found.
 *
 * @param hosts those of the workspace.
 */
export function findWarehouse(
    where: string,
    wanted: string,
    warehouses: Warehouse[],
    hosts: string[],
    tell: Tell,
): Warehouse | undefined {
    const isName = warehouses.some(({ name }) => sameName(name, wanted));
    const { id, host } = (isName ? undefined : warehouseIn(wanted)) ?? { id: wanted };
    if (host !== undefined && !hosts.includes(host)) {
        tell({
            code: "warehouse-of-other-workspace",
            severity: "error",
            subject: { where },
            reason: `${JSON.stringify(wanted)} is a warehouse at ${host}, and the credential's workspace is ${hosts[0]}`,
            remedy: "correct the address, or name the credential's workspace: databricks",
        });
        return undefined;
    }
    const missing = {
        code: "warehouse-not-found",
        reason: `there is no SQL warehouse "${wanted}" that the login of the databricks provider sees`,
        remedy: "correct the name or id, or give the login a permission on the warehouse",
    } as const;
    const several = `SQL warehouses are called "${wanted}"`;
    return findOne({ where, wanted: id, items: warehouses, missing, several }, tell);
}
