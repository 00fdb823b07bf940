import { type ServicePrincipalSecret } from "../world/databricks-world";
import { type Datasource } from "../world/power-bi-world";
import { type World } from "../world/world";
import { workspacesOf } from "./holdings";

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
