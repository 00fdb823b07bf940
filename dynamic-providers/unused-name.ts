import * as pulumi from "@pulumi/pulumi";
import { WorkspaceAddress } from "../clients/services";
import { Diagnostic, notice, Subject } from "../diagnostics/diagnostic";
import { capitalized } from "../diagnostics/render";
import { Driftable, Failure, Provider, Reading, say } from "./provider";
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
        const objection = olds?.displayName === inputs.displayName ? undefined : await this.objection(inputs);
        return objection === undefined ? [] : [{ property: "displayName", reason: inWords(objection) }];
    }

    protected async make(inputs: Inputs): Promise<{ id: string; outputs: object }> {
        const objection = await this.objection(inputs);
        if (objection !== undefined) {
            throw new Error(inWords(objection));
        }
        return { id: inputs.displayName, outputs: {} };
    }

    protected async change(): Promise<object> {
        return {};
    }

    protected subjectOf({ displayName }: Inputs): Subject {
        return { credential: displayName };
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
            found.forEach((principal) => say(explainLeft(displayName, principal)));
        } catch (error) {
            const reason = `whether the service principal "${displayName}" is gone could not be looked up: ${(error as Error).message}`;
            say(notice("not-looked-at", { credential: displayName }, reason, "look for it in Databricks"));
        }
    }

    private async objection({ databricks, displayName }: Inputs): Promise<Objection | undefined> {
        return objectionTo(
            displayName,
            await this.clients.databricks(databricks).findServicePrincipals("displayName", displayName),
        );
    }
}

/** Why something cannot be, and what to do. */
type Objection = Pick<Diagnostic, "reason" | "remedy">;

function inWords({ reason, remedy }: Objection): string {
    return `${reason}. ${capitalized(remedy)}`;
}

/** Says that a service principal is there whose deletion was asked for, or another of its name. */
function explainLeft(displayName: string, { id, applicationId }: { id: string; applicationId: string }): Diagnostic {
    return notice(
        "namesake",
        { applicationId },
        `there is still a service principal called "${displayName}": ${applicationId}. Databricks did not delete the ` +
            "stack's, or somebody made another",
        `if nobody uses it: databricks service-principals delete ${id}`,
    );
}

/** Why a name cannot be taken, with what to do; undefined when it is free. */
export function objectionTo(displayName: string, found: { applicationId: string }[]): Objection | undefined {
    if (found.length === 0) {
        return undefined;
    }
    const ids = found.map(({ applicationId }) => applicationId).join(" or ");
    const there = found.length === 1 ? "is a service principal" : `are ${found.length} service principals`;
    return {
        reason: `there ${there} called "${displayName}" already`,
        remedy: `to adopt one, write applicationId: ${ids} instead of servicePrincipal; or choose another name`,
    };
}
