import * as databricks from "@pulumi/databricks";
import * as pulumi from "@pulumi/pulumi";
import { WorkspaceAddress } from "../clients/services";
import { WarehousePermission } from "../dynamic-providers/warehouse-permission";

/** All privileges of the service principal on one securable: a `databricks.Grant` sets exactly those. */
export interface GrantArgs {
    readonly securable: "catalog" | "schema" | "table";
    readonly fullName: string;
    readonly privileges: string[];
}

/** Arguments of `WarehouseAccess`. */
export interface WarehouseAccessArgs {
    /** The Databricks workspace. */
    readonly databricks: WorkspaceAddress;
    /** The ids of the SQL warehouses that queries run on. */
    readonly warehouseIds: string[];
    /** The application id of the service principal that runs them. */
    readonly applicationId: pulumi.Input<string>;
    /** What it needs for the data that it may read, and what it has there besides. */
    readonly grants: GrantArgs[];
    /** Whether the privileges stay when the stack lets go of them: those of a service principal that was adopted do. */
    readonly keepGrants: boolean;
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
        const grants = args.grants.map(
            ({ securable, fullName, privileges }) =>
                new databricks.Grant(
                    `${name}-${fullName}`,
                    { [securable]: fullName, principal: applicationId, privileges },
                    { ...parent, retainOnDelete: args.keepGrants },
                ),
        );

        const allowed = permissions.map((permission) => permission.warehouseId);
        this.warehouseId = pulumi.all([...allowed, ...grants.map((grant) => grant.id)]).apply(([first]) => first);
        this.registerOutputs({ warehouseId: this.warehouseId });
    }
}
