import * as pulumi from "@pulumi/pulumi";
import { AnsweredList } from "../clients/answered-list";
import { SecretInfo } from "../clients/databricks";
import { WorkspaceAddress } from "../clients/services";
import { Subject } from "../diagnostics/diagnostic";
import { Driftable, Failure, Provider, Reading } from "./provider";
import { unfinishedRotation } from "./rotation-order";
import { DynamicResource } from "./stub";

interface Inputs extends Driftable {
    databricks: WorkspaceAddress;
    servicePrincipalId: string;
    servicePrincipalName: string;
    rotationKeys: string[];
    finishedKey: string;
}

/** Arguments of `SecretSlots`. */
export interface SecretSlotsArgs {
    /** The Databricks workspace. */
    readonly databricks: pulumi.Input<WorkspaceAddress>;
    /** The id of the service principal in Databricks (SCIM). */
    readonly servicePrincipalId: pulumi.Input<string>;
    /** The service principal as the user reads it. */
    readonly servicePrincipalName: pulumi.Input<string>;
    /** The generations to keep alive. One that was not there in the last run needs a place. */
    readonly rotationKeys: pulumi.Input<string[]>;
    /** The key of the last run that came to its end; empty when none did. While another is under way, no secret is made. */
    readonly finishedKey: pulumi.Input<string>;
}

/**
 * A place for each secret that is to be made. Databricks keeps five secrets of a service principal; with none free, the
 * run fails here, before anything is changed, and says which secrets there are. It fails here too while the last rotation
 * has not come to its end.
 */
export class SecretSlots extends DynamicResource {
    constructor(name: string, args: SecretSlotsArgs, opts?: pulumi.CustomResourceOptions) {
        super("databricks", "SecretSlots", name, { ...args, drift: [] }, opts);
    }
}

/** How many secrets a service principal may have (docs.databricks.com, OAuth M2M). */
export const maxSecrets = 5;

export class SecretSlotsProvider extends Provider<Inputs, object> {
    protected readonly title = "secret slots";
    protected readonly inputNames = [
        "databricks",
        "servicePrincipalId",
        "servicePrincipalName",
        "rotationKeys",
        "finishedKey",
        "drift",
    ] as const;
    protected readonly replaceOn = ["servicePrincipalId"] as const;
    protected readonly updateOn = ["rotationKeys"] as const;

    protected async validate(inputs: Inputs, olds?: Inputs): Promise<Failure[]> {
        const reason = await this.objection(inputs, olds?.rotationKeys);
        return reason === undefined ? [] : [{ property: "rotationKeys", reason }];
    }

    protected async make(inputs: Inputs): Promise<{ id: string; outputs: object }> {
        await this.demandRoom(inputs);
        return { id: inputs.servicePrincipalId, outputs: {} };
    }

    protected async change(olds: Inputs, news: Inputs): Promise<object> {
        await this.demandRoom(news, olds.rotationKeys);
        return {};
    }

    protected subjectOf({ servicePrincipalName }: Inputs): Subject {
        return { credential: servicePrincipalName };
    }

    protected async observe(): Promise<Reading<object>> {
        return { outputs: {}, drift: [] };
    }

    private async demandRoom(inputs: Inputs, oldKeys?: string[]): Promise<void> {
        const reason = await this.objection(inputs, oldKeys);
        if (reason !== undefined) {
            throw new Error(reason);
        }
    }

    private async objection(inputs: Inputs, lastKeys?: string[]): Promise<string | undefined> {
        const { servicePrincipalName, finishedKey, rotationKeys: keys } = inputs;
        return (
            unfinishedRotation({ servicePrincipalName, lastKeys, finishedKey, keys }) ??
            (await this.shortage(inputs, lastKeys))
        );
    }

    private async shortage(inputs: Inputs, oldKeys: string[] = []): Promise<string | undefined> {
        // The secret of the key that everything holds is there, also while a run is given up that had left it.
        const newKeys = inputs.rotationKeys.filter((key) => !oldKeys.includes(key) && key !== inputs.finishedKey);
        if (newKeys.length === 0) {
            return undefined;
        }
        const databricks = this.clients.databricks(inputs.databricks);
        const secrets = await databricks.listSecrets(inputs.servicePrincipalId);
        const taken = takenSlots(secrets);
        return shortageOf(inputs.servicePrincipalName, inputs.servicePrincipalId, taken, newKeys, new Date());
    }
}

/** The secrets that take a place: one that cannot be read takes one too. */
export function takenSlots({ items, unreadable }: AnsweredList<SecretInfo>): SecretInfo[] {
    return [...items, ...unreadable.map(({ id = "one without an id", reason }) => ({ id, status: reason }))];
}

/** Why there is no room for new secrets, with ids, ages and what to do; undefined when there is. */
export function shortageOf(
    name: string,
    servicePrincipalId: string,
    secrets: SecretInfo[],
    newKeys: string[],
    now: Date,
): string | undefined {
    if (secrets.length + newKeys.length <= maxSecrets) {
        return undefined;
    }
    const day = 24 * 60 * 60 * 1000;
    const list = secrets.map(({ id, status, create_time: created, expire_time: expires }) => {
        const age = created ? `, ${Math.floor((now.getTime() - Date.parse(created)) / day)} days old` : "";
        return `  ${id} (${status ?? "of no status that is told"}${age}${expires ? `, until ${expires}` : ""})`;
    });
    return (
        `${name} has ${secrets.length} secrets, and ${maxSecrets} is Databricks' limit: there is no room for ` +
        `${newKeys.length} more (rotation key ${newKeys.join(", ")}). Nothing was changed. It has:\n${list.join("\n")}\n` +
        "Delete those that nobody uses, in the workspace's settings or with: " +
        `databricks service-principal-secrets-proxy delete ${servicePrincipalId} SECRET-ID; or retain fewer keys ` +
        "(retainedRotationKeys)"
    );
}
