import * as pulumi from "@pulumi/pulumi";
import { describeUnreadable } from "../clients/answered-list";
import { hasStatus } from "../clients/service-error";
import { WorkspaceAddress } from "../clients/services";
import { waitUntil } from "../clients/wait";
import { Driftable, notLookedAt, Provider, Reading, say } from "./provider";
import { DynamicResource } from "./stub";
import { isDefect } from "../clients/user-error";
import { Diagnostic, notice, Subject } from "../diagnostics/diagnostic";

/** How much of a new secret is tried before anything is switched to it. */
export type VerificationLevel = "token" | "query";

interface Inputs extends Driftable {
    databricks: WorkspaceAddress;
    servicePrincipalId: string;
    applicationId: string;
    rotationKey: string;
    secretId: string;
    clientSecret: string;
    warehouseId: string;
    level: VerificationLevel;
}

interface Outputs {
    verifiedAt: string;
    expiresAt: string;
}

/** Arguments of `VerifiedSecret`. */
export interface VerifiedSecretArgs {
    /** The Databricks workspace. */
    readonly databricks: pulumi.Input<WorkspaceAddress>;
    /** The id of the service principal in Databricks (the SCIM id, not the application id). */
    readonly servicePrincipalId: pulumi.Input<string>;
    /** The application id, which is the client id of the login. */
    readonly applicationId: pulumi.Input<string>;
    /** The key of the generation that the secret belongs to. */
    readonly rotationKey: pulumi.Input<string>;
    /** The id of the secret. A new one is tried anew. */
    readonly secretId: pulumi.Input<string>;
    /** The secret's value. */
    readonly clientSecret: pulumi.Input<string>;
    /** The id of the warehouse that the query runs on. */
    readonly warehouseId: pulumi.Input<string>;
    /** `token`: the secret logs in. `query`: and `SELECT 1` runs on the warehouse, which starts it. */
    readonly level: pulumi.Input<VerificationLevel>;
}

/**
 * A secret that was tried: it logs in, and a query runs with it. What uses a secret takes it from here, so that nothing
 * is ever switched to one that does not work.
 */
export class VerifiedSecret extends DynamicResource {
    declare readonly applicationId: pulumi.Output<string>;
    declare readonly secretId: pulumi.Output<string>;
    declare readonly clientSecret: pulumi.Output<string>;
    declare readonly rotationKey: pulumi.Output<string>;
    /** When the secret expires, in ISO 8601; empty when Databricks does not say. */
    declare readonly expiresAt: pulumi.Output<string>;

    constructor(name: string, args: VerifiedSecretArgs, opts?: pulumi.CustomResourceOptions) {
        const props = { ...args, drift: [], verifiedAt: undefined, expiresAt: undefined };
        const secrets = { additionalSecretOutputs: ["clientSecret"] };
        super("databricks", "VerifiedSecret", name, props, pulumi.mergeOptions(opts, secrets));
    }
}

/** A fresh secret may need time until every server accepts it; no document says how long. */
const activationTimeoutInMs = 60_000;
/** A sleeping warehouse needs some minutes to start (learn.microsoft.com, SQL warehouse types). */
const queryTimeoutInMs = 10 * 60_000;

export class VerifiedSecretProvider extends Provider<Inputs, Outputs> {
    protected readonly title = "verified secret";
    protected readonly inputNames = [
        "databricks",
        "servicePrincipalId",
        "applicationId",
        "rotationKey",
        "secretId",
        "clientSecret",
        "warehouseId",
        "level",
        "drift",
    ] as const;
    protected readonly replaceOn = ["secretId"] as const;
    protected readonly updateOn = ["warehouseId"] as const;

    protected async make(inputs: Inputs): Promise<{ id: string; outputs: Outputs }> {
        return { id: inputs.secretId, outputs: await this.verify(inputs) };
    }

    protected async change(_olds: Inputs & Outputs, news: Inputs): Promise<Outputs> {
        return this.verify(news);
    }

    protected subjectOf({ applicationId, secretId }: Inputs): Subject {
        return { applicationId, secretId };
    }

    protected async observe(props: Inputs & Outputs): Promise<Reading<Outputs>> {
        const principal = await this.findPrincipal(props);
        const { secret, unreadable } = principal ? await this.find(props) : { secret: undefined, unreadable: [] };
        const name = `secret ${props.secretId} (rotation key ${props.rotationKey}) of ${props.applicationId}`;
        const reasons: string[] = [];
        if (principal?.active === false) {
            reasons.push(`the service principal ${props.applicationId} is not active: none of its secrets logs in`);
        }
        if (!principal) {
            reasons.push(
                `the service principal ${props.applicationId} was deleted in Databricks, and its secrets with it`,
            );
        } else if (!secret && unreadable.length > 0) {
            const cause = `it was not found, and one cannot be read: ${unreadable.map(describeUnreadable).join("; ")}`;
            say(notLookedAt(this.subjectOf(props), name, cause));
        } else if (!secret) {
            reasons.push(`${name} was deleted in Databricks`);
        } else if (secret.status !== undefined && secret.status !== "ACTIVE") {
            reasons.push(`${name} is ${secret.status} in Databricks, not ACTIVE`);
        } else if (secret.expire_time && Date.parse(secret.expire_time) < Date.now()) {
            reasons.push(`${name} expired on ${secret.expire_time}`);
        }
        const drift = reasons.map((reason) => this.differs(props, reason));
        return { outputs: { verifiedAt: props.verifiedAt, expiresAt: secret?.expire_time ?? props.expiresAt }, drift };
    }

    async diff(id: string, olds: Inputs & Outputs, news: Inputs): Promise<pulumi.dynamic.DiffResult> {
        const result = await super.diff(id, olds, news);
        if (result.replaces?.length === 0) {
            const warning = expiryWarning(olds, this.expiryWarningDays, new Date());
            if (warning !== undefined) {
                say(warning);
            }
        }
        return result;
    }

    private async verify(inputs: Inputs): Promise<Outputs> {
        const token = await this.logIn(inputs);
        if (inputs.level === "query") {
            await this.query(inputs, token);
        }
        const { secret } = await this.find(inputs);
        return { verifiedAt: new Date().toISOString(), expiresAt: secret?.expire_time ?? "" };
    }

    private async query(inputs: Inputs, token: string): Promise<void> {
        try {
            const databricks = this.clients.databricks(inputs.databricks);
            await databricks.runStatement(token, inputs.warehouseId, "SELECT 1", queryTimeoutInMs);
        } catch (error) {
            if (isDefect(error)) {
                throw error;
            }
            const why = (error as Error).message.replace(/\.$/, "");
            throw new Error(`${nameOf(inputs)} logs in, but cannot read: ${why}. ${whatNow}`);
        }
    }

    private async logIn(inputs: Inputs): Promise<string> {
        const what = nameOf(inputs);
        let token = "";
        let refusal = "";
        const timeoutInMs = this.activationTimeout;
        const databricks = this.clients.databricks(inputs.databricks);
        try {
            await waitUntil({ what, timeoutInMs }, async () => {
                try {
                    token = await databricks.requestToken(inputs.applicationId, inputs.clientSecret);
                } catch (error) {
                    if (!hasStatus(error, 400, 401, 403)) {
                        throw error;
                    }
                    refusal = (error as Error).message;
                }
                return token !== "";
            });
        } catch (error) {
            if (isDefect(error)) {
                throw error;
            }
            throw new Error(
                refusal === "" ? (error as Error).message : `${what} does not log in: ${refusal} ${whatNow}`,
            );
        }
        return token;
    }

    private async findPrincipal({ databricks, applicationId }: Inputs) {
        const [principal] = await this.clients
            .databricks(databricks)
            .findServicePrincipals("applicationId", applicationId);
        return principal;
    }

    private async find(inputs: Inputs) {
        const secrets = await this.clients.databricks(inputs.databricks).listSecrets(inputs.servicePrincipalId);
        return { secret: secrets.items.find(({ id }) => id === inputs.secretId), unreadable: secrets.unreadable };
    }

    private get activationTimeout(): number {
        const seconds = Number(this.config("verificationTimeoutInSeconds"));
        return seconds > 0 ? seconds * 1000 : activationTimeoutInMs;
    }

    private get expiryWarningDays(): number {
        return Number(this.config("expiryWarningDays") ?? 14);
    }
}

const whatNow =
    "Nothing was switched to it; the secret in use is untouched. Run `pulumi up` again when the cause is gone: it goes on " +
    "with this secret and makes no new one.";

function nameOf({ secretId, rotationKey, applicationId }: Inputs): string {
    return `the new secret ${secretId} (rotation key ${rotationKey}) of ${applicationId}`;
}

/** Says that a secret in use ends soon; undefined while it does not. */
export function expiryWarning(
    { applicationId, rotationKey, expiresAt }: Pick<Inputs & Outputs, "applicationId" | "rotationKey" | "expiresAt">,
    warningDays: number,
    now: Date,
): Diagnostic | undefined {
    const daysLeft = (Date.parse(expiresAt) - now.getTime()) / (24 * 60 * 60 * 1000);
    if (!(daysLeft < warningDays)) {
        return undefined;
    }
    const when = daysLeft < 0 ? "has expired" : `expires in ${Math.floor(daysLeft)} days`;
    return notice(
        "secret-expires",
        { applicationId },
        `the secret of ${applicationId} (rotation key ${rotationKey}) ${when}, on ${expiresAt}`,
        "rotate it: pulumi config set rotationKey NEXT-KEY, then pulumi up",
    );
}
