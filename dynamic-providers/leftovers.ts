import * as pulumi from "@pulumi/pulumi";
import { SecretInfo } from "../clients/databricks";
import { WorkspaceAddress } from "../clients/services";
import { Diagnostic, notice, Subject } from "../diagnostics/diagnostic";
import { mayBeBound } from "./bound-secrets";
import { Driftable, hasUnknown, Provider, Reading, report, say } from "./provider";
import { maxSecrets, takenSlots } from "./secret-slots";
import { DynamicResource } from "./stub";

interface Inputs extends Driftable {
    databricks: WorkspaceAddress;
    servicePrincipalId: string;
    servicePrincipalName: string;
    isCreated: boolean;
    secretIds: string[];
    cleanUp: boolean;
    /** The unknown secrets that this run is to delete; `check` fills it in. */
    toDelete: string[];
}

/** Arguments of `Leftovers`. */
export interface LeftoversArgs {
    /** The Databricks workspace. */
    readonly databricks: pulumi.Input<WorkspaceAddress>;
    /** The id of the service principal in Databricks (SCIM). */
    readonly servicePrincipalId: pulumi.Input<string>;
    /** Its display name; the application id of one that was adopted. */
    readonly servicePrincipalName: pulumi.Input<string>;
    /** Whether the stack made it: then no other should have its name. */
    readonly isCreated: pulumi.Input<boolean>;
    /** The ids of the secrets that the stack keeps: the one in use and the retained ones. */
    readonly secretIds: pulumi.Input<pulumi.Input<string>[]>;
    /** Whether secrets that are in no state are deleted. */
    readonly cleanUp: pulumi.Input<boolean>;
}

/**
 * What runs that were interrupted left in Databricks and what is in no state: secrets of a service principal, or a second
 * service principal of its name. It may as well be somebody else's: previews tell it, and secrets are deleted only when
 * that is asked for. Declare it after the bindings: nothing may be deleted before everything holds the secret in use.
 */
export class Leftovers extends DynamicResource {
    constructor(name: string, args: LeftoversArgs, opts?: pulumi.CustomResourceOptions) {
        super("databricks", "Leftovers", name, { ...args, drift: [], toDelete: [] }, opts);
    }
}

export class LeftoversProvider extends Provider<Inputs, object> {
    protected readonly title = "leftovers";
    protected readonly inputNames = [
        "databricks",
        "servicePrincipalId",
        "servicePrincipalName",
        "isCreated",
        "secretIds",
        "cleanUp",
        "toDelete",
        "drift",
    ] as const;
    protected readonly replaceOn = ["servicePrincipalId"] as const;
    protected readonly updateOn = ["secretIds", "toDelete"] as const;

    /** Looks in previews too, also while a new secret's id is not known yet: what is left over is there already. */
    async check(olds: Inputs | undefined, news: Inputs): Promise<pulumi.dynamic.CheckResult> {
        if (hasUnknown([news.databricks, news.servicePrincipalId])) {
            return { inputs: news, failures: [] };
        }
        return this.run(async () => {
            const { secrets, unknown, deletable } = await this.look(news, olds?.secretIds ?? []);
            unknown.forEach((secret) => say(explainUnknown(news, secret, deletable.includes(secret))));
            if (takenSlots(secrets).length >= maxSecrets) {
                const count = takenSlots(secrets).length;
                const reason = `${news.servicePrincipalName} has ${count} secrets: there is no room for another`;
                say(notice("secrets-full", this.subjectOf(news), reason, "delete those that nobody uses"));
            }
            if (news.isCreated) {
                await this.tellNamesakes(news);
            }
            return { inputs: { ...news, toDelete: news.cleanUp ? deletable.map(({ id }) => id) : [] }, failures: [] };
        });
    }

    protected async make(inputs: Inputs): Promise<{ id: string; outputs: object }> {
        return { id: inputs.servicePrincipalId, outputs: await this.cleanUp(inputs, []) };
    }

    protected async change(olds: Inputs, news: Inputs): Promise<object> {
        return this.cleanUp(news, olds.secretIds);
    }

    protected subjectOf({ servicePrincipalName }: Inputs): Subject {
        return { credential: servicePrincipalName };
    }

    protected async observe(): Promise<Reading<object>> {
        return { outputs: {}, drift: [] };
    }

    /** A generation that is given up in this run is the engine's to delete, when everything else is done. */
    private async cleanUp(inputs: Inputs, keptBefore: string[]): Promise<object> {
        const { deletable } = inputs.cleanUp ? await this.look(inputs, keptBefore) : { deletable: [] };
        for (const secret of deletable) {
            report(`deleting secret ${secret.id} of ${inputs.servicePrincipalName}, which is in no state`);
            await this.clients.databricks(inputs.databricks).deleteSecret(inputs.servicePrincipalId, secret.id);
        }
        return { toDelete: [] };
    }

    private async look(inputs: Inputs, keptBefore: string[]) {
        const secrets = await this.clients.databricks(inputs.databricks).listSecrets(inputs.servicePrincipalId);
        const { items } = secrets;
        const unknown = unknownOf(items, [...keptBefore, ...inputs.secretIds]);
        const [inUse] = [...inputs.secretIds, ...keptBefore].filter((id) => items.some((secret) => secret.id === id));
        return { secrets, unknown, deletable: deletableOf(unknown, items, inUse) };
    }

    private async tellNamesakes({ databricks, servicePrincipalId, servicePrincipalName }: Inputs): Promise<void> {
        const found = await this.clients
            .databricks(databricks)
            .findServicePrincipals("displayName", servicePrincipalName);
        for (const { id, applicationId } of found.filter((principal) => principal.id !== servicePrincipalId)) {
            say(
                notice(
                    "namesake",
                    { applicationId },
                    `there is another service principal called "${servicePrincipalName}": ${applicationId}. An ` +
                        "interrupted run may have left it, or somebody made it",
                    `if nobody uses it: databricks service-principals delete ${id}`,
                ),
            );
        }
    }
}

/** The secrets that the stack does not keep and that no datasource of it may hold. */
export function unknownOf(secrets: SecretInfo[], kept: string[]): SecretInfo[] {
    return secrets.filter(({ id }) => !kept.includes(id) && !mayBeBound(id));
}

/**
 * The unknown secrets that may be deleted: those that were made before the one in use. An interrupted run's is, for the run
 * after it made another. A later one may be what datasources really hold, where the state is an old backup.
 */
export function deletableOf(unknown: SecretInfo[], secrets: SecretInfo[], inUse: string | undefined): SecretInfo[] {
    const since = Date.parse(secrets.find(({ id }) => id === inUse)?.create_time ?? "");
    return unknown.filter(({ create_time: made }) => Date.parse(made ?? "") < since);
}

/** Says that a secret is in no state, and what to do about it. */
function explainUnknown(
    inputs: Inputs,
    { id, create_time: made, expire_time: ends }: SecretInfo,
    isDeletable: boolean,
): Diagnostic {
    const when = [made && `made ${made}`, ends && `until ${ends}`].filter(Boolean).join(", ");
    const what = `${inputs.servicePrincipalName} has a secret that this stack does not know: ${id}${when ? ` (${when})` : ""}.`;
    const tell = (reason: string, remedy: string) =>
        notice(
            "secret-unknown",
            { credential: inputs.servicePrincipalName, secretId: id },
            `${what} ${reason}`,
            remedy,
        );
    if (!isDeletable) {
        return tell(
            "It is younger than the secret in use: the state may be older than what is bound, and datasources may hold it",
            "rotate first; after that it can be cleaned up",
        );
    }
    return inputs.cleanUp
        ? tell("The next up deletes it (cleanUpUnknownSecrets)", "take cleanUpUnknownSecrets out, if it is in use")
        : tell(
              "An interrupted run may have left it, or somebody else uses it",
              "if nobody does, set cleanUpUnknownSecrets: true on the credential, or delete it: " +
                  `databricks service-principal-secrets-proxy delete ${inputs.servicePrincipalId} ${id}`,
          );
}
