import { ResourceValidationPolicy, UnknownValueError } from "@pulumi/policy";

/**
 * Judges a resource that sets all permissions of a warehouse and so takes away everybody else's.
 *
 * @param warehouseId undefined while it is not known.
 * @param declared the ids of the warehouses whose whole list may be set.
 * @returns what is wrong and what to do; undefined when nothing is.
 */
export function undeclaredList(warehouseId: string | undefined, declared: string[]): string | undefined {
    if (warehouseId !== undefined && declared.includes(warehouseId)) {
        return undefined;
    }
    const which = warehouseId === undefined ? "a warehouse that is not known yet" : `warehouse ${warehouseId}`;
    return (
        `It replaces the whole list of permissions of ${which}, other people's included. Leave it out: the program adds ` +
        "CAN USE and touches no other entry. Where this stack is to own the list, declare that: add the warehouse's id " +
        "to `warehouses` in policy/config.json."
    );
}

/** The rule about warehouses' permissions. */
export const warehousePermissions: ResourceValidationPolicy = {
    name: "warehouse-permissions",
    description: "No stack sets the whole list of a warehouse's permissions unless that is declared.",
    configSchema: {
        properties: {
            warehouses: {
                type: "array",
                items: { type: "string" },
                description: "The ids of warehouses whose whole list of permissions belongs to this stack.",
            },
        },
        required: ["warehouses"],
    },
    validateResource: (args, reportViolation) => {
        if (args.type === "databricks:index/permissions:Permissions" && "sqlEndpointId" in args.props) {
            const { warehouses } = args.getConfig<{ warehouses: string[] }>();
            const problem = undeclaredList(
                known(() => args.props.sqlEndpointId),
                warehouses,
            );
            if (problem) {
                reportViolation(problem);
            }
        }
    },
};

/** A property's value, or undefined while it is not known: in a preview, of what another resource is yet to give. */
function known(read: () => string): string | undefined {
    try {
        return read();
    } catch (error) {
        if (error instanceof UnknownValueError) {
            return undefined;
        }
        throw error;
    }
}
