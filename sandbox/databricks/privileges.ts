import { type Sandbox } from "../sandbox";
import { type Securable } from "../world/databricks-world";
import { holdersFor } from "./principals";

const onTables = ["ALL_PRIVILEGES", "MANAGE", "APPLY_TAG", "SELECT", "MODIFY"];
const onSchemas = [
    ...onTables,
    "USE_SCHEMA",
    "EXTERNAL_USE_SCHEMA",
    "EXECUTE",
    "REFRESH",
    "READ_VOLUME",
    "WRITE_VOLUME",
    "CREATE_TABLE",
    "CREATE_FUNCTION",
    "CREATE_VOLUME",
    "CREATE_MODEL",
    "CREATE_MODEL_VERSION",
    "CREATE_MATERIALIZED_VIEW",
];

/**
 * The privileges that there are on each kind of thing.
 *
 * @see https://docs.databricks.com/aws/en/data-governance/unity-catalog/manage-privileges/privileges
 */
const applicable: Record<Securable["type"], string[]> = {
    catalog: [...onSchemas, "USE_CATALOG", "BROWSE", "CREATE_SCHEMA"],
    schema: onSchemas,
    table: onTables,
};

/** A privilege as it is stored: SQL writes spaces where the API writes underscores. */
export function storedPrivilege(privilege: string): string {
    return privilege.replaceAll(" ", "_");
}

/** Whether something of a kind can have a privilege. */
export function isApplicable(type: Securable["type"], privilege: string): boolean {
    return applicable[type].includes(privilege);
}

/** Whether two names of catalogs, schemas or tables are the same: capitals do not count. */
export function isSameName(one: string, other: string): boolean {
    return one.toLowerCase() === other.toLowerCase();
}

/** The catalog and the schema that hold something, and itself: `a`, `a.b` and `a.b.c`. */
export function pathTo(fullName: string): string[] {
    return fullName.split(".").map((_, index, names) => names.slice(0, index + 1).join("."));
}

/**
 * What keeps a principal from reading a table: each read needs USE CATALOG, USE SCHEMA and SELECT, each of them on the thing
 * itself or on what holds it. An owner has them all on what is theirs, and not on what holds it.
 *
 * @returns the missing privilege as Databricks words it; undefined when it may read
 */
export function whyNotSelect(sandbox: Sandbox, principal: string, table: string): string | undefined {
    const [catalog, schema] = pathTo(table);
    const needed = [
        ["USE_CATALOG", "Catalog", catalog],
        ["USE_SCHEMA", "Schema", schema],
        ["SELECT", "Table", table],
    ] as const;
    const missing = needed.find(([privilege, , name]) => !hasPrivilege(sandbox, principal, privilege, name));
    return missing && `User does not have ${missing[0].replace("_", " ")} on ${missing[1]} '${missing[2]}'.`;
}

function hasPrivilege(sandbox: Sandbox, principal: string, privilege: string, fullName: string): boolean {
    const holders = holdersFor(sandbox, principal);
    const path = pathTo(fullName);
    return sandbox.world.databricks.securables
        .filter((securable) => path.some((name) => isSameName(name, securable.fullName)))
        .some(
            ({ fullName: grantedOn, owner, grants }) =>
                holders.includes(owner) ||
                grants.some(
                    (grant) =>
                        holders.includes(grant.principal) &&
                        [privilege, "ALL_PRIVILEGES"].some((name) => grant.privileges.includes(name)) &&
                        !isTooEarly(sandbox, grantedOn, grant.principal),
                ),
        );
}

/** A grant that is not in force yet, where the world doubts that they are at once. */
function isTooEarly(sandbox: Sandbox, fullName: string, principal: string): boolean {
    return (
        sandbox.world.doubts.grantInForce === "laterForQueries" &&
        sandbox.notYet.isTooEarly(grantKey(sandbox, fullName, principal))
    );
}

/** What a new grant is called while it is not in force. */
export function grantKey(sandbox: Sandbox, fullName: string, principal: string): string {
    return `${sandbox.world.databricks.workspaceId} grant ${fullName.toLowerCase()} ${principal}`;
}
