import { type Sandbox } from "../sandbox";
import { type AclEntry, type DatabricksWorld } from "../world/databricks-world";

/** What is named by a right: a user by e-mail address, a group by its name, a service principal by its application id. */
export type PrincipalKind = "user" | "group" | "servicePrincipal";

/** The groups that each workspace has: everybody is in `users`, and admins are in `admins` as well. */
const ownGroups = ["users", "admins"];
/** The group of everybody in the account. It is no group of the workspace: rights on data name it, and only those. */
const accountGroup = "account users";

/** Whether the workspace has a principal: rights on warehouses and secret scopes can name no others. */
export function isInWorkspace(sandbox: Sandbox, kind: PrincipalKind, name: string): boolean {
    const { groups, servicePrincipals } = sandbox.world.databricks;
    switch (kind) {
        case "user":
            return usersOf(sandbox.world.databricks).has(name.toLowerCase());
        case "group":
            return ownGroups.includes(name) || groups.some(({ displayName }) => displayName === name);
        case "servicePrincipal":
            return servicePrincipals.some(({ applicationId }) => sameId(applicationId, name));
    }
}

/**
 * Whether Unity Catalog can grant something to a principal: those of the account, where the workspace's own groups are
 * unknown.
 *
 * @see https://github.com/databricks/terraform-provider-databricks/issues/5413
 */
export function isInAccount(sandbox: Sandbox, name: string): boolean {
    const isKnown = isNamed(sandbox, name) && !ownGroups.includes(name);
    return isKnown || name === accountGroup;
}

/** Whether a name is that of some principal of the workspace, of whichever kind. */
export function isNamed(sandbox: Sandbox, name: string): boolean {
    return (["user", "group", "servicePrincipal"] as const).some((kind) => isInWorkspace(sandbox, kind, name));
}

/** The groups that a principal is a member of. */
export function groupsOf(sandbox: Sandbox, name: string): string[] {
    const named = sandbox.world.databricks.groups.filter(({ members }) => members.includes(name));
    return [...named.map(({ displayName }) => displayName), "users"];
}

/** The names by which a principal may hold a privilege on data: its own and those of its groups. */
export function holdersFor(sandbox: Sandbox, name: string): string[] {
    return [name, ...groupsOf(sandbox, name), accountGroup];
}

/** The principal that an entry of an access control list names. */
export function principalOf(entry: AclEntry): { kind: PrincipalKind; name: string } {
    const { userName, groupName, servicePrincipalName } = entry;
    if (userName !== undefined) {
        return { kind: "user", name: userName };
    }
    return groupName !== undefined
        ? { kind: "group", name: groupName }
        : { kind: "servicePrincipal", name: servicePrincipalName ?? "" };
}

/** Ids are the same in capitals and small letters. */
function sameId(one: string, other: string): boolean {
    return one.toLowerCase() === other.toLowerCase();
}

/** A world need not list its users: whoever has a token, owns or may do something, or is in a group, is one. */
function usersOf({ users, tokens, groups, warehouses, securables, scopes }: DatabricksWorld): Set<string> {
    const named = [
        ...users,
        ...tokens.map(({ user }) => user),
        ...groups.flatMap(({ members }) => members),
        ...warehouses.flatMap(({ creatorName, acl }) => [creatorName, ...acl.map(({ userName }) => userName)]),
        ...securables.flatMap(({ owner, grants }) => [owner, ...grants.map(({ principal }) => principal)]),
        ...scopes.flatMap(({ acls }) => acls.map(({ principal }) => principal)),
    ];
    return new Set(named.flatMap((name) => (name?.includes("@") ? [name.toLowerCase()] : [])));
}
