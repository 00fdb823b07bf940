import * as pulumi from "@pulumi/pulumi";
import { BasicCredential, DatasourceKey, GatewayDatasource } from "../clients/power-bi-gateways";
import { observe, reasonOf } from "../clients/observation";
import { means } from "../clients/service-codes";
import { hasStatus, wasRefused } from "../clients/service-error";
import { isDefect } from "../clients/user-error";
import { Subject } from "../diagnostics/diagnostic";
import { noteBoundSecret } from "./bound-secrets";
import { Drift, Driftable, Failure, notLookedAt, Provider, Reading, report, say, UnfinishedChange } from "./provider";
import { SingleSignOn, singleSignOnIsOn } from "./single-sign-on";
import { DynamicResource } from "./stub";

interface Inputs extends Driftable {
    credential: string;
    applicationId: string;
    secretId: string;
    rotationKey: string;
    clientSecret: string;
    datasources: DatasourceKey[];
    privacyLevel: BasicCredential["privacyLevel"];
    /** Absent in a state from before there was this. */
    switchOffSingleSignOn?: string[];
}

interface Outputs {
    boundAt: string;
    /** Datasources that may hold another secret: a run began to write to them and failed. */
    unfinished: DatasourceKey[];
    /** The names that Power BI may have for who bound it. */
    boundBy?: string[];
    /** The ids of the datasources that Power BI does not show to their owner in this tenant. Absent where it shows all. */
    unseen?: string[];
}

/** Arguments of `DatasourceCredential`. */
export interface DatasourceCredentialArgs {
    /** The name of the credential in the configuration. */
    readonly credential: pulumi.Input<string>;
    /** The application id of the Databricks service principal: the user name of the credential. */
    readonly applicationId: pulumi.Input<string>;
    /** The id of the secret. A new one replaces the binding. */
    readonly secretId: pulumi.Input<string>;
    /** The key of the generation that the secret belongs to. */
    readonly rotationKey: pulumi.Input<string>;
    /** The secret's value: the password of the credential. Take it from a `VerifiedSecret`. */
    readonly clientSecret: pulumi.Input<string>;
    /** The distinct cloud datasources to store the credential in. */
    readonly datasources: pulumi.Input<DatasourceKey[]>;
    /** The privacy level of the datasources. */
    readonly privacyLevel: pulumi.Input<BasicCredential["privacyLevel"]>;
    /** The ids of the datasources whose single sign-on may be switched off. By default such a datasource is refused. */
    readonly switchOffSingleSignOn?: pulumi.Input<string[]>;
}

/**
 * The credential of a Databricks service principal, stored in every distinct cloud datasource that reads one warehouse.
 * However many datasets use a datasource, it is written once.
 *
 * Power BI never gives a credential back, so what can be seen is its type and whether the datasource is there.
 */
export class DatasourceCredential extends DynamicResource {
    /** The id of the secret that is stored in all datasources. */
    declare readonly secretId: pulumi.Output<string>;
    declare readonly datasources: pulumi.Output<DatasourceKey[]>;

    constructor(name: string, args: DatasourceCredentialArgs, opts?: pulumi.CustomResourceOptions) {
        const outputs = { boundAt: undefined, unfinished: undefined, boundBy: undefined, unseen: undefined };
        const props = { ...args, drift: [], ...outputs };
        const secrets = { additionalSecretOutputs: ["clientSecret"] };
        super("power-bi", "DatasourceCredential", name, props, pulumi.mergeOptions(opts, secrets));
    }
}

export class DatasourceCredentialProvider extends Provider<Inputs, Outputs> {
    protected readonly title = "datasource credential";
    protected readonly inputNames = [
        "credential",
        "applicationId",
        "secretId",
        "rotationKey",
        "clientSecret",
        "datasources",
        "privacyLevel",
        "switchOffSingleSignOn",
        "drift",
    ] as const;
    protected readonly replaceOn = ["applicationId", "secretId"] as const;
    protected readonly updateOn = ["datasources", "privacyLevel"] as const;

    protected async validate(inputs: Inputs): Promise<Failure[]> {
        const empty = inputs.datasources.length === 0;
        return empty ? [{ property: "datasources", reason: `${inputs.credential} has no datasource to bind` }] : [];
    }

    protected async make(inputs: Inputs): Promise<{ id: string; outputs: Outputs }> {
        const id = `${inputs.credential}/${inputs.secretId}`;
        return { id, outputs: await this.bind(id, inputs) };
    }

    /** Binds what is new only, where nothing else differs: the others hold this secret already. */
    protected async change(olds: Inputs & Outputs, news: Inputs): Promise<Outputs> {
        const isFinished = (olds.unfinished ?? []).length === 0;
        const isSettled = isFinished && olds.drift.length === 0 && olds.privacyLevel === news.privacyLevel;
        const known = new Set(isSettled ? olds.datasources.map(({ datasourceId }) => datasourceId) : []);
        const datasources = news.datasources.filter((key) => !known.has(key.datasourceId));
        const bound = await this.bind(`${news.credential}/${news.secretId}`, { ...news, datasources });
        const unseen = [...(olds.unseen ?? []).filter((id) => known.has(id)), ...(bound.unseen ?? [])];
        return unseen.length > 0 ? { ...bound, unseen: unseen.sort() } : bound;
    }

    protected subjectOf({ credential }: Inputs): Subject {
        return { credential };
    }

    protected async observe(props: Inputs & Outputs): Promise<Reading<Outputs>> {
        noteBoundSecret(props.secretId);
        const { boundAt, unfinished = [], boundBy, unseen = [] } = props;
        const seen = props.datasources.filter(({ datasourceId }) => !unseen.includes(datasourceId));
        const drift = await Promise.all(
            seen.map(async (key) =>
                (await this.driftOf(key, boundBy)).map((reason): Drift => ({ subject: subjectOfKey(key), reason })),
            ),
        );
        const open = unfinished.map((key) => ({
            subject: subjectOfKey(key),
            reason: `a run failed before it was certain that datasource ${key.datasourceId} holds ${props.secretId}`,
        }));
        const outputs = { boundAt, unfinished, boundBy, ...(unseen.length > 0 ? { unseen } : {}) };
        return { outputs, drift: [...open, ...drift.flat()] };
    }

    /**
     * Stores the credential in all datasources, and tries all of them even when one fails: those that can be switched
     * are, and the secret that the others still use stays alive because the run fails.
     */
    private async bind(id: string, inputs: Inputs): Promise<Outputs> {
        const { applicationId: username, clientSecret: password, privacyLevel } = inputs;
        const unseen: string[] = [];
        const results = await Promise.allSettled(
            inputs.datasources.map(async (key) => {
                const { gateways } = this.clients.powerBi;
                // Power BI documents this look for admins of gateways only; that it is refused says nothing about the write.
                const looked = await observe(() => gateways.getDatasource(key));
                if (looked.outcome !== "found" && hasStatus(reasonOf(looked), 401, 403, 404)) {
                    unseen.push(key.datasourceId);
                }
                const usesSingleSignOn = looked.outcome === "found" && looked.value.useEndUserOAuth2Credentials;
                const mayBeSwitchedOff = (inputs.switchOffSingleSignOn ?? []).includes(key.datasourceId);
                if (usesSingleSignOn && !mayBeSwitchedOff) {
                    throw new SingleSignOn(`datasource ${key.datasourceId}`);
                }
                // The cloud's datasources have no key: the connection to Power BI protects what is sent.
                await gateways.updateCredential(key, { username, password, privacyLevel }, "plainText");
            }),
        );
        const failures = results.flatMap((result) => (result.status === "rejected" ? [explain(result.reason)] : []));
        if (failures.length > 0) {
            const bound = results.length - failures.length;
            const isRefused = (reason: unknown) => reason instanceof SingleSignOn || wasRefused(reason);
            const isKept = results.every((result) => result.status === "fulfilled" || isRefused(result.reason));
            const message =
                `${bound} of ${results.length} datasources of ${inputs.credential} were switched to secret ` +
                `${inputs.secretId}. The others ${isKept ? "keep the secret that they had" : "hold it or the one before"}, ` +
                `which stays alive; run \`pulumi up\` again when the cause is gone.\n${failures.join("\n")}`;
            const cause = results
                .flatMap((result) => (result.status === "rejected" ? [result.reason] : []))
                .find(isDefect);
            if (isKept && bound === 0) {
                throw new Error(message);
            }
            const unfinished = inputs.datasources.filter((_, at) => results[at].status === "rejected");
            throw new UnfinishedChange<Outputs>(message, id, { boundAt: "", unfinished }, cause);
        }
        const boundBy = await this.clients.powerBi.ownNames();
        const known = { boundAt: new Date().toISOString(), unfinished: [], boundBy };
        return unseen.length > 0 ? { ...known, unseen: unseen.sort() } : known;
    }

    /**
     * Whether this run logs in as who bound the datasources, who alone sees them. The identity of a pull request's
     * preview is another one, and what it cannot see is no drift.
     */
    private async isWho(boundBy: string[] | undefined): Promise<boolean> {
        const names = await this.clients.powerBi.ownNames();
        return boundBy === undefined || names.some((name) => boundBy.includes(name));
    }

    private async driftOf(key: DatasourceKey, boundBy: string[] | undefined): Promise<string[]> {
        let datasource: GatewayDatasource;
        try {
            datasource = await this.clients.powerBi.gateways.getDatasource(key);
        } catch (error) {
            // Somebody took the dataset over: its ownership says so in words.
            if (hasStatus(error, 401, 403)) {
                if (await this.isWho(boundBy)) {
                    return [`datasource ${key.datasourceId} is no longer SP2's`];
                }
                report(`datasource ${key.datasourceId} was not looked at: only who bound it sees it`);
                return [];
            }
            if (means(error, "notFound")) {
                return [`datasource ${key.datasourceId} is gone`];
            }
            if (hasStatus(error, 404)) {
                const { message } = error as Error;
                say(notLookedAt(subjectOfKey(key), `datasource ${key.datasourceId}`, message));
                return [];
            }
            throw error;
        }
        const { credentialType, useEndUserOAuth2Credentials } = datasource;
        return [
            ...(credentialType === "Basic"
                ? []
                : [`the credential of datasource ${key.datasourceId} is of type ${credentialType}, not Basic`]),
            ...(useEndUserOAuth2Credentials ? [singleSignOnIsOn(`datasource ${key.datasourceId}`)] : []),
        ];
    }
}

function subjectOfKey({ gatewayId, datasourceId }: DatasourceKey): Subject {
    return { gatewayId, datasourceId };
}

function explain(error: unknown): string {
    const { message } = error as Error;
    if (hasStatus(error, 401, 403)) {
        return `${message} SP2 must own the dataset: only the owner's credentials serve a cloud datasource.`;
    }
    return message;
}
