import * as databricks from "@pulumi/databricks";
import * as pulumi from "@pulumi/pulumi";
import { WorkspaceAddress } from "../clients/services";
import { WarehousePermission } from "../dynamic-providers/warehouse-permission";

/** What may be read: a whole catalog, a schema of it, or a table of that. */
export interface GrantArgs {
    readonly catalog: string;
    readonly schema?: string;
    readonly table?: string;
}

/** Arguments of `WarehouseAccess`. */
export interface WarehouseAccessArgs {
    /** The Databricks workspace. */
    readonly databricks: WorkspaceAddress;
    /** The ids of the SQL warehouses that queries run on. */
    readonly warehouseIds: string[];
    /** The application id of the service principal that runs them. */
    readonly applicationId: pulumi.Input<string>;
    /** The data that it may read. */
    readonly grants: GrantArgs[];
}

/**
 * What a service principal needs for its queries: CAN USE on the warehouse, and SELECT on the data with the USE
 * privileges on what holds it. Nobody else's permission, privilege or ownership changes.
 */
export class WarehouseAccess extends pulumi.ComponentResource {
    /** The first warehouse's id, known once everything is in place. */
    readonly warehouseId: pulumi.Output<string>;

    /**
     * @param name The _unique_ name of the resource.
     * @param args The arguments to use.
     * @param opts A bag of options that control this resource's behavior.
     */
    constructor(name: string, args: WarehouseAccessArgs, opts?: pulumi.ComponentResourceOptions) {
        super("powerbi-databricks:index:WarehouseAccess", name, {}, opts);
        const parent = { parent: this };
        const { databricks: workspace, warehouseIds, applicationId } = args;

        const permissions = warehouseIds.map(
            (warehouseId) =>
                new WarehousePermission(
                    `${name}-${warehouseId}`,
                    { databricks: workspace, warehouseId, applicationId },
                    parent,
                ),
        );
        const grants = planGrants(args.grants).map(
            ({ securable, fullName, privileges }) =>
                new databricks.Grant(
                    `${name}-${fullName}`,
                    { [securable]: fullName, principal: applicationId, privileges },
                    parent,
                ),
        );

        const allowed = permissions.map((permission) => permission.warehouseId);
        this.warehouseId = pulumi.all([...allowed, ...grants.map((grant) => grant.id)]).apply(([first]) => first);
        this.registerOutputs({ warehouseId: this.warehouseId });
    }
}

/** All privileges of one principal on one securable; a `databricks.Grant` sets exactly those. */
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
export function planGrants(grants: GrantArgs[]): PlannedGrant[] {
    const planned = new Map<string, PlannedGrant>();
    const add = (securable: PlannedGrant["securable"], fullName: string, ...privileges: string[]) => {
        const known = planned.get(fullName) ?? { securable, fullName, privileges: [] };
        planned.set(fullName, { ...known, privileges: [...new Set([...known.privileges, ...privileges])].sort() });
    };
    const lower = (grant: GrantArgs) => [grant.catalog, grant.schema, grant.table].map((part) => part?.toLowerCase());
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
