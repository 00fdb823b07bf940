import * as pulumi from "@pulumi/pulumi";
import { WorkspaceAddress } from "../clients/services";
import { Driftable, Failure, Reading, Provider, report } from "./provider";
import { DynamicResource } from "./stub";

interface Inputs extends Driftable {
    databricks: WorkspaceAddress;
    displayName: string;
}

/** Arguments of `UnusedName`. */
export interface UnusedNameArgs {
    /** The Databricks workspace. */
    readonly databricks: pulumi.Input<WorkspaceAddress>;
    /** The display name of the service principal to create. */
    readonly displayName: pulumi.Input<string>;
}

/**
 * A display name that no service principal has when the stack takes it. Display names need not be unique in Databricks:
 * without this, a second one would silently be made beside one that exists.
 */
export class UnusedName extends DynamicResource {
    constructor(name: string, args: UnusedNameArgs, opts?: pulumi.CustomResourceOptions) {
        super("databricks", "UnusedName", name, { ...args, drift: [] }, opts);
    }
}

export class UnusedNameProvider extends Provider<Inputs, object> {
    protected readonly title = "unused name";
    protected readonly inputNames = ["databricks", "displayName", "drift"] as const;
    protected readonly replaceOn = ["displayName"] as const;
    protected readonly updateOn = [] as const;

    protected async validate(inputs: Inputs, olds?: Inputs): Promise<Failure[]> {
        const reason = olds?.displayName === inputs.displayName ? undefined : await this.objection(inputs);
        return reason === undefined ? [] : [{ property: "displayName", reason }];
    }

    protected async make(inputs: Inputs): Promise<{ id: string; outputs: object }> {
        const reason = await this.objection(inputs);
        if (reason !== undefined) {
            throw new Error(reason);
        }
        return { id: inputs.displayName, outputs: {} };
    }

    protected async change(): Promise<object> {
        return {};
    }

    protected async observe(): Promise<Reading<object>> {
        return { outputs: {}, drift: [] };
    }

    /**
     * Looks whether the service principal is gone: this resource is deleted after it. The databricks provider takes any
     * answer with 200 for Databricks' word, also a proxy's page, and after a destroy no preview would tell what is left.
     */
    override async delete(_id: string, { databricks, displayName }: Inputs): Promise<void> {
        try {
            const found = await this.clients.databricks(databricks).findServicePrincipals("displayName", displayName);
            found.forEach((principal) => report(`warning: ${describeLeft(displayName, principal)}`));
        } catch (error) {
            report(
                `warning: whether the service principal "${displayName}" is gone could not be looked up: ` +
                    (error as Error).message,
            );
        }
    }

    private async objection({ databricks, displayName }: Inputs): Promise<string | undefined> {
        return objectionTo(
            displayName,
            await this.clients.databricks(databricks).findServicePrincipals("displayName", displayName),
        );
    }
}

/** Says that a service principal is there whose deletion was asked for, or another of its name. */
function describeLeft(displayName: string, { id, applicationId }: { id: string; applicationId: string }): string {
    return (
        `there is still a service principal called "${displayName}": ${applicationId}. Databricks did not delete the ` +
        `stack's, or somebody made another. If nobody uses it: databricks service-principals delete ${id}.`
    );
}

/** Why a name cannot be taken, with what to do; undefined when it is free. */
export function objectionTo(displayName: string, found: { applicationId: string }[]): string | undefined {
    if (found.length === 0) {
        return undefined;
    }
    const ids = found.map(({ applicationId }) => applicationId).join(" or ");
    const there = found.length === 1 ? "is a service principal" : `are ${found.length} service principals`;
    return (
        `there ${there} called "${displayName}" already. To adopt one, write applicationId: ${ids} instead of ` +
        "servicePrincipal; or choose another name"
    );
}
