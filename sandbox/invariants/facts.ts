import { type DatabricksWorld, type ServicePrincipalSecret } from "../world/databricks-world";
import { type Datasource } from "../world/power-bi-world";
import { type World } from "../world/world";

/** A secret, and whether its service principal may log in at all. */
export type KnownSecret = ServicePrincipalSecret & { principalIsActive: boolean };

/** All secrets of both Databricks workspaces. */
export function secretsOf(world: World): KnownSecret[] {
    return workspacesOf(world).flatMap(([, databricks]) =>
        databricks.servicePrincipals.flatMap(({ active, secrets }) =>
            secrets.map((secret) => ({ ...secret, principalIsActive: active })),
        ),
    );
}

/** The secret that a datasource's credential is, if it is one of Databricks'. */
export function secretOf(world: World, { credential }: Datasource): KnownSecret | undefined {
    for (const [, databricks] of workspacesOf(world)) {
        const principal = databricks.servicePrincipals.find(
            ({ applicationId }) => applicationId === credential?.username,
        );
        const secret = principal?.secrets.find((candidate) => candidate.secret === credential?.password);
        if (principal && secret) {
            return { ...secret, principalIsActive: principal.active };
        }
    }
    return undefined;
}

/**
 * What everybody holds who is no service principal made since: permissions and owners of warehouses, privileges and
 * owners of securables, readers and foreign entries of secret scopes.
 *
 * @param principals the service principals that were there at the start.
 */
export function holdingsOf(world: World, principals: Set<string>): Map<string, string> {
    const held = new Map<string, string>();
    for (const [name, databricks] of workspacesOf(world)) {
        const made = new Set(
            databricks.servicePrincipals
                .map(({ applicationId }) => applicationId)
                .filter((applicationId) => !principals.has(applicationId)),
        );
        for (const { id, creatorName, acl } of databricks.warehouses) {
            held.set(`the creator of warehouse ${name}/${id}`, creatorName);
            for (const { userName, groupName, servicePrincipalName, permissionLevel } of acl) {
                const who = userName ?? groupName ?? servicePrincipalName ?? "";
                if (!made.has(who)) {
                    held.set(`the permission of ${who} on warehouse ${name}/${id}`, permissionLevel);
                }
            }
        }
        for (const { type, fullName, owner, grants } of databricks.securables) {
            held.set(`the owner of ${type} ${name}/${fullName}`, owner);
            for (const { principal, privileges } of grants.filter((grant) => !made.has(grant.principal))) {
                const granted = [...privileges].sort().join();
                if (granted !== "") {
                    held.set(`the privileges of ${principal} on ${type} ${name}/${fullName}`, granted);
                }
            }
        }
    }
    return withoutDeletedPrincipals(held, world, principals);
}

/** A service principal that is deleted takes its own holdings with it: those were nobody else's. */
function withoutDeletedPrincipals(
    held: Map<string, string>,
    world: World,
    principals: Set<string>,
): Map<string, string> {
    const known = new Set(
        workspacesOf(world).flatMap(([, { servicePrincipals }]) =>
            servicePrincipals.map(({ applicationId }) => applicationId),
        ),
    );
    const isApplication = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;
    return new Map(
        [...held].filter(([key]) => {
            const id = isApplication.exec(key)?.[0];
            return id === undefined || known.has(id) || principals.has(id);
        }),
    );
}

function workspacesOf(world: World): [string, DatabricksWorld][] {
    return [
        ["databricks", world.databricks],
        ["databricks2", world.databricks2],
    ];
}
