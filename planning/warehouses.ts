import { DatabricksTarget, targetOf, warehouseIdOf, warehouseIn } from "../clients/connection-details";
import { DatabricksClient, Warehouse } from "../clients/databricks";
import { AnsweredList, UnreadableItem } from "../clients/answered-list";
import { notice, Tell } from "../diagnostics/diagnostic";
import { CredentialOutputs } from "../outputs";
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
 * @param former gives the ids of the warehouses that a credential was for in earlier runs.
 * @returns in the order of the credentials; undefined for one whose warehouse is not found.
 */
export async function findWarehouses(
    credentials: { name: string; databricks: string; warehouse: string }[],
    databricksOf: (workspace: string) => Pick<DatabricksClient, "listWarehouses" | "hostName">,
    furtherHosts: (workspace: string) => string[],
    former: (credential: string) => string[],
    tell: Tell,
): Promise<(DeclaredWarehouse | undefined)[]> {
    const lists = new Map<string, Promise<AnsweredList<Warehouse>>>();
    return Promise.all(
        credentials.map(async ({ name, databricks, warehouse: wanted }, index) => {
            const client = databricksOf(databricks);
            const list = lists.get(databricks) ?? client.listWarehouses();
            lists.set(databricks, list);
            const answered = await list;
            const hosts = [client.hostName, ...furtherHosts(databricks)];
            const where = `credentials[${index}].warehouse`;
            const warehouse = findDeclared(where, wanted, answered, hosts, former(name), tell);
            if (!warehouse) {
                return undefined;
            }
            const others = named(answered.items).filter(({ id }) => id !== warehouse.id);
            const listed = [...others, warehouse];
            return { warehouse, listed, target: targetOf(client.hostName, warehouse.id) };
        }),
    );
}

/**
 * Finds the warehouse that a credential declares; reports what keeps it from being found.
 *
 * @param hosts those of the workspace.
 * @param former the ids of the warehouses that the credential was for in earlier runs.
 */
export function findDeclared(
    where: string,
    wanted: string,
    answered: AnsweredList<Warehouse>,
    hosts: string[],
    former: string[],
    tell: Tell,
): Warehouse | undefined {
    const known = knownWarehouse(where, wanted, answered, former, tell);
    return known ?? findWarehouse(where, wanted, named(answered.items), hosts, tell);
}

/** The ids of the warehouses that a credential was for. */
export function formerWarehouses(last: Pick<CredentialOutputs, "datasources"> | undefined): string[] {
    return [...new Set((last?.datasources ?? []).flatMap((source) => warehouseIdOf(source) ?? []))];
}

/**
 * The warehouse that a credential was for, where the list has one without name or id that can be no other: what an answer
 * does not say is no reason to refuse what an earlier run bound.
 */
function knownWarehouse(
    where: string,
    wanted: string,
    { items, unreadable }: AnsweredList<Warehouse>,
    former: string[],
    tell: Tell,
): Warehouse | undefined {
    const [id, ...others] = former;
    const isTold = items.some((item) => sameId(item.id, wanted) || sameName(item.name, wanted));
    if (id === undefined || others.length > 0 || isTold) {
        return undefined;
    }
    const mayBeIt = (item: UnreadableItem) =>
        item.id === undefined
            ? item.name === undefined || sameName(item.name, wanted) || sameId(id, wanted)
            : sameId(item.id, id);
    if (items.some((item) => sameId(item.id, id)) || !unreadable.some(mayBeIt)) {
        return undefined;
    }
    const reason = `Databricks does not tell name or id of a warehouse: it is taken for the one that was bound, ${id}`;
    tell(
        notice("item-unreadable", { where }, reason, "run again later; if it stays like this, ask Databricks' support"),
    );
    return { id, name: wanted };
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
