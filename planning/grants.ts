import { DatabricksClient } from "../clients/databricks";
import { hasStatus } from "../clients/service-error";
import { Tell } from "../diagnostics/diagnostic";

/** What may be read: a whole catalog, a schema of it, or a table of that. */
export interface Grant {
    catalog: string;
    schema?: string;
    table?: string;
}

/** All privileges of one principal on one securable. */
export interface PlannedGrant {
    securable: "catalog" | "schema" | "table";
    fullName: string;
    privileges: string[];
}

/**
 * Turns what may be read into one grant for each securable: SELECT where it was asked for, and USE_CATALOG and USE_SCHEMA
 * on the way there (learn.microsoft.com, Unity Catalog privileges). Names are in lower case, as Unity Catalog stores them:
 * a name that is only written in another case is no other resource, whose predecessor's deletion would take the privileges.
 */
export function planGrants(grants: Grant[]): PlannedGrant[] {
    const planned = new Map<string, PlannedGrant>();
    const add = (securable: PlannedGrant["securable"], fullName: string, ...privileges: string[]) => {
        const known = planned.get(fullName) ?? { securable, fullName, privileges: [] };
        planned.set(fullName, { ...known, privileges: [...new Set([...known.privileges, ...privileges])].sort() });
    };
    const lower = (grant: Grant) => [grant.catalog, grant.schema, grant.table].map((part) => part?.toLowerCase());
    for (const [catalog, schema, table] of grants.map(lower)) {
        add("catalog", catalog!, "USE_CATALOG");
        if (schema === undefined) {
            add("catalog", catalog!, "USE_SCHEMA", "SELECT");
            continue;
        }
        add("schema", `${catalog}.${schema}`, "USE_SCHEMA");
        if (table === undefined) {
            add("schema", `${catalog}.${schema}`, "SELECT");
        } else {
            add("table", `${catalog}.${schema}.${table}`, "SELECT");
        }
    }
    return [...planned.values()];
}

/**
 * The grants of a service principal that was adopted: with all that it has already on the same securables. It was given
 * that by others, and what the stack sets is all that the service principal has there.
 *
 * @param where the place of the grants in the configuration.
 * @param tell takes what is not there.
 */
export async function planAdoptedGrants(
    where: string,
    applicationId: string,
    grants: Grant[],
    databricks: DatabricksClient,
    tell: Tell,
): Promise<PlannedGrant[]> {
    return Promise.all(
        planGrants(grants).map(async ({ securable, fullName, privileges }) => {
            try {
                const held = await databricks.unityCatalog.getPrivileges({ type: securable, fullName }, applicationId);
                return { securable, fullName, privileges: [...new Set([...privileges, ...held])].sort() };
            } catch (error) {
                if (!hasStatus(error, 404)) {
                    throw error;
                }
                tell({
                    code: "securable-not-found",
                    severity: "error",
                    subject: { where },
                    reason: `there is no ${securable} "${fullName}" in the workspace ${databricks.hostName}`,
                    remedy: "correct the name",
                });
                return { securable, fullName, privileges };
            }
        }),
    );
}
