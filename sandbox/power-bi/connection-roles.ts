import { type Sandbox } from "../sandbox";
import { type ConnectionRole, type Datasource } from "../world/power-bi-world";
import { connectivityOf } from "./connectivity";
import { gatewayOf } from "./credential-details";

/** The roles from the least to the most. */
const ranks: ConnectionRole[] = ["User", "UserWithReshare", "Owner"];

/** The role that somebody has on a connection; a personal one has its owner and nobody else. */
export function roleOf(sandbox: Sandbox, datasource: Datasource, caller: string): ConnectionRole | undefined {
    return rolesOf(sandbox, datasource).find(({ principal }) => principal === caller)?.role;
}

/** Everybody with a role on a connection. */
export function rolesOf(sandbox: Sandbox, datasource: Datasource): Datasource["roles"] {
    return isPersonal(sandbox, datasource) ? [{ principal: datasource.owner, role: "Owner" }] : datasource.roles;
}

/** Whether a connection is somebody's own and cannot be shared. */
export function isPersonal(sandbox: Sandbox, datasource: Datasource): boolean {
    return ["PersonalCloud", "OnPremisesGatewayPersonal"].includes(connectivityOf(sandbox, datasource));
}

/** Whether a role is at least another one. */
export function reaches(role: ConnectionRole | undefined, least: ConnectionRole): boolean {
    return role !== undefined && ranks.indexOf(role) >= ranks.indexOf(least);
}

/** Whether somebody administers the gateway that a connection goes through. */
export function administers(sandbox: Sandbox, datasource: Datasource, caller: string): boolean {
    return gatewayOf(sandbox, datasource)?.admins.includes(caller) ?? false;
}
