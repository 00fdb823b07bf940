import * as pulumi from "@pulumi/pulumi";
import { demandAll } from "../clients/answered-list";
import { AclEntry } from "../clients/databricks";
import { means } from "../clients/service-codes";
import { WorkspaceAddress } from "../clients/services";
import { Subject } from "../diagnostics/diagnostic";
import { Driftable, Failure, Provider, Reading } from "./provider";
import { DynamicResource } from "./stub";

interface Inputs extends Driftable {
    databricks: WorkspaceAddress;
    warehouseId: string;
    applicationId: string;
}

interface Outputs {
    /** The permission that the service principal has. */
    permissionLevel: string;
}

/** Arguments of `WarehousePermission`. */
export interface WarehousePermissionArgs {
    /** The Databricks workspace. */
    readonly databricks: pulumi.Input<WorkspaceAddress>;
    /** The id of the SQL warehouse. */
    readonly warehouseId: pulumi.Input<string>;
    /** The application id of the service principal that may use it. */
    readonly applicationId: pulumi.Input<string>;
}

/**
 * CAN USE on a SQL warehouse for one service principal. `databricks.Permissions` replaces the whole list and moves the
 * ownership to the deployer; this adds one entry and leaves all others, and the owner, as they are.
 *
 * Deleting it leaves the entry: the API cannot take away a single one. It goes with the service principal.
 */
export class WarehousePermission extends DynamicResource {
    declare readonly warehouseId: pulumi.Output<string>;
    declare readonly permissionLevel: pulumi.Output<string>;

    constructor(name: string, args: WarehousePermissionArgs, opts?: pulumi.CustomResourceOptions) {
        const props = { ...args, drift: [], permissionLevel: undefined };
        super("databricks", "WarehousePermission", name, props, opts);
    }
}

/** The levels that allow to run queries, from the lowest up (databricks-sdk-go, service/sql: WarehousePermissionLevel). */
const usingLevels = ["CAN_USE", "CAN_MONITOR", "CAN_MANAGE", "IS_OWNER"];

export class WarehousePermissionProvider extends Provider<Inputs, Outputs> {
    protected readonly title = "warehouse permission";
    protected readonly inputNames = ["databricks", "warehouseId", "applicationId", "drift"] as const;
    protected readonly replaceOn = ["warehouseId", "applicationId"] as const;
    protected readonly updateOn = [] as const;

    protected async validate(inputs: Inputs): Promise<Failure[]> {
        const wellFormed = /^[\w-]+$/.test(inputs.warehouseId);
        const reason = `${JSON.stringify(inputs.warehouseId)} is not the id of a warehouse`;
        return wellFormed ? [] : [{ property: "warehouseId", reason }];
    }

    protected async make(inputs: Inputs): Promise<{ id: string; outputs: Outputs }> {
        const outputs = await this.ensure(inputs);
        return { id: `${inputs.warehouseId}/${inputs.applicationId}`, outputs };
    }

    protected async change(_olds: Inputs & Outputs, news: Inputs): Promise<Outputs> {
        return this.ensure(news);
    }

    protected subjectOf({ applicationId }: Inputs): Subject {
        return { applicationId };
    }

    protected async observe(props: Inputs & Outputs): Promise<Reading<Outputs>> {
        try {
            const permissionLevel = await this.level(props);
            const drift = permissionLevel
                ? []
                : [
                      this.differs(
                          props,
                          `${props.applicationId} no longer has CAN USE on warehouse ${props.warehouseId}`,
                      ),
                  ];
            return { outputs: { permissionLevel: permissionLevel ?? "" }, drift };
        } catch (error) {
            if (means(error, "notFound", "notYetVisible")) {
                return "gone";
            }
            throw error;
        }
    }

    private async ensure(inputs: Inputs): Promise<Outputs> {
        const present = await this.level(inputs);
        if (present) {
            return { permissionLevel: present };
        }
        const databricks = this.clients.databricks(inputs.databricks);
        await databricks.addWarehousePermission(inputs.warehouseId, inputs.applicationId, "CAN_USE");
        const added = await this.level(inputs);
        if (!added) {
            throw new Error(
                `Databricks accepted CAN USE for ${inputs.applicationId} on warehouse ${inputs.warehouseId}, but its ` +
                    "access control list does not show it. Is the service principal assigned to this workspace?",
            );
        }
        return { permissionLevel: added };
    }

    private async level(inputs: Inputs): Promise<string | undefined> {
        const acl = await this.clients.databricks(inputs.databricks).getWarehouseAcl(inputs.warehouseId);
        const level = usingLevelOf(acl.items, inputs.applicationId);
        if (!level) {
            // An entry that cannot be read may be its.
            demandAll(acl, `the permissions of warehouse ${inputs.warehouseId}`);
        }
        return level;
    }
}

/** The highest level that lets a service principal run queries by an entry of its own, if it has one. */
export function usingLevelOf(acl: AclEntry[], applicationId: string): string | undefined {
    const levels = acl
        .filter((entry) => entry.service_principal_name?.toLowerCase() === applicationId.toLowerCase())
        .flatMap((entry) => entry.all_permissions ?? [])
        .map((permission) => permission.permission_level);
    return usingLevels.findLast((level) => levels.includes(level));
}
