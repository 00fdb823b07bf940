import { BoundGatewayKind } from "../clients/gateway-kinds";
import * as pulumi from "@pulumi/pulumi";
import { DatabricksTarget, isSameWarehouse, showTarget } from "../clients/connection-details";
import {
    encryptForGateway,
    fingerprintOf,
    GatewayPublicKey,
    serializeBasicCredential,
} from "../clients/gateway-encryption";
import { describeUnreadable } from "../clients/answered-list";
import { FabricCredentials, GatewayMember, singleSignOnOf } from "../clients/fabric";
import { BasicCredential, readersOAuth2 } from "../clients/power-bi-gateways";
import { means } from "../clients/service-codes";
import { hasStatus, wasRefused } from "../clients/service-error";
import { isDefect } from "../clients/user-error";
import { Subject } from "../diagnostics/diagnostic";
import { noteBoundSecret } from "./bound-secrets";
import { Driftable, notLookedAt, Provider, Reading, say, UnfinishedChange } from "./provider";
import { NothingSent, takesPlainText } from "./plain-text";
import { SingleSignOn, singleSignOnIsOn } from "./single-sign-on";
import { DynamicResource } from "./stub";

interface Inputs extends Driftable {
    gatewayId: string;
    gatewayName: string;
    gatewayKind: BoundGatewayKind;
    datasourceId: string;
    datasourceName: string;
    api: "powerbi" | "fabric";
    target: DatabricksTarget;
    /** Absent where there are none, and in a state from before there was this. */
    furtherHosts?: string[];
    applicationId: string;
    secretId: string;
    rotationKey: string;
    clientSecret: string;
    privacyLevel: BasicCredential["privacyLevel"];
    /** Absent in a state from before there was this. */
    switchOffSingleSignOn?: boolean;
}

interface Outputs {
    boundAt: string;
    /** Whether the datasource may hold another secret: a run began to write to it and failed. */
    unfinished: boolean;
    /** The keys that the credential was encrypted with, by the ids of the gateway or of its members; none for a VNET gateway. */
    keyFingerprints: KeyFingerprints;
}

type KeyFingerprints = Record<string, string>;

/** Arguments of `GatewayCredential`. */
export interface GatewayCredentialArgs {
    readonly gatewayId: pulumi.Input<string>;
    /** For reading only. */
    readonly gatewayName: pulumi.Input<string>;
    readonly gatewayKind: pulumi.Input<Inputs["gatewayKind"]>;
    readonly datasourceId: pulumi.Input<string>;
    /** For reading only. */
    readonly datasourceName: pulumi.Input<string>;
    /**
     * Which API stores the credential. For an on-premises gateway, `powerbi` encrypts with the gateway's key and `fabric`
     * once for each member of the cluster. For a VNET gateway, `fabric` is the documented way; `powerbi` works
     * undocumented.
     */
    readonly api: pulumi.Input<Inputs["api"]>;
    /** The warehouse that the datasource points to. It is compared before anything is written. */
    readonly target: pulumi.Input<DatabricksTarget>;
    /** Further hosts at which it may be read: custom URLs of the workspace. Default none. */
    readonly furtherHosts?: pulumi.Input<string[]>;
    /** The application id of the Databricks service principal: the user name of the credential. */
    readonly applicationId: pulumi.Input<string>;
    /** The id of the secret. A new one replaces the binding. */
    readonly secretId: pulumi.Input<string>;
    /** The key of the generation that the secret belongs to. */
    readonly rotationKey: pulumi.Input<string>;
    /** The secret's value: the password of the credential. Take it from a `VerifiedSecret`. */
    readonly clientSecret: pulumi.Input<string>;
    /** The privacy level of the datasource. */
    readonly privacyLevel: pulumi.Input<BasicCredential["privacyLevel"]>;
    /** Whether single sign-on may be switched off. By default a datasource that uses it is refused. */
    readonly switchOffSingleSignOn?: pulumi.Input<boolean>;
}

/**
 * The credential of a Databricks service principal, stored in one datasource of a gateway, however many datasets use it.
 * For an on-premises gateway it is encrypted so that only the gateway can read it.
 *
 * Power BI never gives a credential back, and a ciphertext differs each time: what can be seen is the credential's type,
 * where the datasource points to, whether it is there, and whether the gateway still has the key that it was encrypted for.
 */
export class GatewayCredential extends DynamicResource {
    /** The id of the secret that is stored. */
    declare readonly secretId: pulumi.Output<string>;

    constructor(name: string, args: GatewayCredentialArgs, opts?: pulumi.CustomResourceOptions) {
        const props = { ...args, drift: [], boundAt: undefined, unfinished: undefined, keyFingerprints: undefined };
        const secrets = { additionalSecretOutputs: ["clientSecret"] };
        super("power-bi", "GatewayCredential", name, props, pulumi.mergeOptions(opts, secrets));
    }
}

/** What can be seen of a datasource, whichever API tells it. */
interface Sight {
    /** Absent where it is not told: that is no drift. */
    credentialType?: string;
    target?: DatabricksTarget;
    /** How reports query with their reader's own identity; absent where they query with the credential. */
    singleSignOn?: string;
    /** The keys that the gateway has, by the ids of itself or of its members; none where nothing is encrypted. */
    keys(): Promise<KeyFingerprints>;
    /** Stores the credential, and leaves everything else as it is. Answers the keys that it was encrypted with. */
    store(inputs: Inputs): Promise<KeyFingerprints>;
}

export class GatewayCredentialProvider extends Provider<Inputs, Outputs> {
    protected readonly title = "gateway credential";
    protected readonly inputNames = [
        "gatewayId",
        "gatewayName",
        "gatewayKind",
        "datasourceId",
        "datasourceName",
        "api",
        "target",
        "furtherHosts",
        "applicationId",
        "secretId",
        "rotationKey",
        "clientSecret",
        "privacyLevel",
        "switchOffSingleSignOn",
        "drift",
    ] as const;
    protected readonly replaceOn = ["gatewayId", "datasourceId", "applicationId", "secretId"] as const;
    protected readonly updateOn = ["api", "privacyLevel", "target"] as const;

    protected async make(inputs: Inputs): Promise<{ id: string; outputs: Outputs }> {
        return { id: idOf(inputs), outputs: await this.bind(inputs) };
    }

    protected async change(_olds: Inputs & Outputs, news: Inputs): Promise<Outputs> {
        return this.bind(news);
    }

    protected subjectOf({ gatewayId, datasourceId }: Inputs): Subject {
        return { gatewayId, datasourceId };
    }

    protected async observe(props: Inputs & Outputs): Promise<Reading<Outputs>> {
        noteBoundSecret(props.secretId);
        const { boundAt, unfinished = false, keyFingerprints = {} } = props;
        const outputs = { boundAt, unfinished, keyFingerprints };
        const name = showDatasource(props);
        try {
            const { credentialType, target, singleSignOn, keys } = await this.look(props);
            const reasons = replacedKeys(props, keyFingerprints, await keys());
            if (unfinished) {
                reasons.push(`a run failed before it was certain that ${name} holds ${props.secretId}`);
            }
            if (credentialType !== undefined && credentialType !== "Basic") {
                reasons.push(`the credential of ${name} is of type ${credentialType}, not Basic`);
            }
            if (singleSignOn !== undefined) {
                reasons.push(singleSignOnIsOn(name));
            }
            if (!isMeant(target, props)) {
                reasons.push(`${name} now points to ${shown(target)}, not ${showTarget(props.target)}`);
            }
            return { outputs, drift: reasons.map((reason) => this.differs(props, reason)) };
        } catch (error) {
            if (means(error, "notFound")) {
                const reason = `${name} is gone, or SP2 no longer administers the gateway`;
                return { outputs, drift: [this.differs(props, reason)] };
            }
            if (hasStatus(error, 401, 403)) {
                return { outputs, drift: [this.differs(props, `SP2 may no longer change ${name}`)] };
            }
            if (hasStatus(error, 404)) {
                say(notLookedAt(this.subjectOf(props), name, (error as Error).message));
                return { outputs, drift: [] };
            }
            throw error;
        }
    }

    private async bind(inputs: Inputs): Promise<Outputs> {
        const name = showDatasource(inputs);
        let hasBegun = false;
        let keyFingerprints: KeyFingerprints;
        try {
            const sight = await this.look(inputs);
            if (!isMeant(sight.target, inputs)) {
                throw new Error(
                    `${name} points to ${shown(sight.target)}, not to ${showTarget(inputs.target)}: nothing was written. ` +
                        "Run `pulumi preview` again; it looks at the datasources as they are now",
                );
            }
            if (sight.singleSignOn !== undefined && !inputs.switchOffSingleSignOn) {
                throw new SingleSignOn(name, sight.singleSignOn);
            }
            hasBegun = true;
            keyFingerprints = await sight.store(inputs);
        } catch (error) {
            const hint = hasStatus(error, 401, 403, 404) ? " SP2 has to be an admin of the gateway." : "";
            // An answer that was lost, say, leaves open what the datasource holds.
            const isOpen = hasBegun && !wasRefused(error) && !(error instanceof NothingSent);
            if (isDefect(error) && !isOpen) {
                throw error;
            }
            const what = isOpen
                ? `may hold secret ${inputs.secretId} or the one that it had before; both stay alive`
                : `was not switched to secret ${inputs.secretId} and keeps the one that it had, which stays alive`;
            const message = `${name} ${what}: ${(error as Error).message}${hint} Run \`pulumi up\` again when the cause is gone.`;
            const outputs = { boundAt: "", unfinished: true, keyFingerprints: {} };
            throw isOpen ? new UnfinishedChange<Outputs>(message, idOf(inputs), outputs, error) : new Error(message);
        }
        return { boundAt: new Date().toISOString(), unfinished: false, keyFingerprints };
    }

    private look(inputs: Inputs): Promise<Sight> {
        return inputs.api === "fabric" ? this.lookViaFabric(inputs) : this.lookViaPowerBi(inputs);
    }

    private async lookViaPowerBi(inputs: Inputs): Promise<Sight> {
        const { gatewayId, datasourceId, gatewayKind } = inputs;
        const { gateways } = this.clients.powerBi;
        const found = await gateways.getDatasource({ gatewayId, datasourceId });
        const { credentialType, target, useEndUserOAuth2Credentials } = found;
        const fingerprints = (key: GatewayPublicKey | undefined): KeyFingerprints =>
            key ? { [gatewayId]: fingerprintOf(key) } : {};
        const keys = async () =>
            fingerprints(takesPlainText(gatewayKind) ? undefined : await gateways.publicKey(gatewayId));
        const store = async ({ applicationId: username, clientSecret: password, privacyLevel }: Inputs) => {
            // The key is read each time: it changes when a gateway is recovered or its machine replaced.
            gateways.forgetKeys();
            const protection = takesPlainText(gatewayKind) ? "plainText" : await this.keyOf(inputs);
            await gateways.updateCredential(
                { gatewayId, datasourceId },
                { username, password, privacyLevel },
                protection,
            );
            return protection === "plainText" ? {} : fingerprints(protection);
        };
        const singleSignOn = useEndUserOAuth2Credentials ? readersOAuth2 : undefined;
        return { credentialType, target, singleSignOn, keys, store };
    }

    /** @throws NothingSent when Power BI does not tell the key: whatever the reason, the secret is not sent without it. */
    private async keyOf({ gatewayId, gatewayName }: Inputs): Promise<GatewayPublicKey> {
        const { publicKey } = await this.clients.powerBi.gateways.get(gatewayId);
        if (!publicKey) {
            throw new NothingSent(
                `on-premises gateway "${gatewayName}": the answer has no publicKey; the secret is not sent in plain text; ` +
                    "look whether the gateway is online and SP2 is an admin of it, or set api: fabric on the binding.",
            );
        }
        return publicKey;
    }

    private async lookViaFabric(inputs: Inputs): Promise<Sight> {
        const { gatewayId, datasourceId, gatewayKind } = inputs;
        const { fabric } = this.clients;
        const connection = await fabric.getConnection(datasourceId);
        const { target, credentialDetails } = connection;
        const isPlain = takesPlainText(gatewayKind);
        const fingerprints = (all: GatewayMember[]): KeyFingerprints =>
            Object.fromEntries(all.map(({ id, publicKey }) => [id, fingerprintOf(publicKey)]));
        const keys = async () => fingerprints(isPlain ? [] : (await fabric.listMembers(gatewayId)).items);
        const store = async ({ applicationId: username, clientSecret: password, privacyLevel }: Inputs) => {
            const receivers = isPlain ? [] : await this.membersOf(inputs);
            const serialized = serializeBasicCredential(username, password);
            const values = receivers.map(({ id, publicKey }) => ({
                gatewayId: id,
                encryptedCredentials: encryptForGateway(serialized, publicKey),
            }));
            const credentials: FabricCredentials = isPlain
                ? { credentialType: "Basic", username, password }
                : { credentialType: "Basic", values };
            await fabric.updateCredentials(connection, credentials, privacyLevel, [password]);
            const errors = await fabric.testConnection(datasourceId).catch((error: Error) => {
                if (isDefect(error)) {
                    throw error;
                }
                return [error.message];
            });
            if (errors.length > 0) {
                throw new Error(`the credential is stored, but the connection's test failed: ${errors.join("; ")}.`);
            }
            return fingerprints(receivers);
        };
        const { credentialType } = credentialDetails ?? {};
        return { credentialType, target, singleSignOn: singleSignOnOf(connection), keys, store };
    }

    /** The members of a cluster. Each must be able to read the credential: reports fail on one that cannot. */
    private async membersOf({ gatewayId, gatewayName }: Inputs): Promise<GatewayMember[]> {
        const { fabric } = this.clients;
        fabric.forgetMembers(gatewayId);
        const { items, unreadable } = await fabric.listMembers(gatewayId);
        if (items.length === 0 || unreadable.length > 0) {
            const what = unreadable.map(describeUnreadable).join("; ") || "the answer has no member";
            throw new NothingSent(
                `on-premises gateway "${gatewayName}": its members' public keys cannot be read (${what}); the secret is not ` +
                    "sent in plain text, nor to some of them only; look whether all members are online, or set api: powerbi.",
            );
        }
        return items;
    }
}

function idOf({ gatewayId, datasourceId, secretId }: Inputs): string {
    return `${gatewayId}/${datasourceId}/${secretId}`;
}

/**
 * Keys that the gateway has and that the credential was not encrypted with, in words.
 *
 * @param used the keys it was encrypted with; none in a state from before they were noted.
 */
function replacedKeys(inputs: Inputs, used: KeyFingerprints, present: KeyFingerprints): string[] {
    const unread = Object.keys(present).filter((id) => present[id] !== used[id]);
    if (Object.keys(used).length === 0 || unread.length === 0) {
        return [];
    }
    const isReplaced = unread.some((id) => used[id] !== undefined);
    const what = isReplaced ? "the key of gateway" : "a member joined the cluster of gateway";
    return [
        `${what} "${inputs.gatewayName}"${isReplaced ? " was replaced" : ""}: the credential of datasource ` +
            `"${inputs.datasourceName || inputs.datasourceId}" has to be encrypted anew for it`,
    ];
}

function showDatasource({ datasourceName, datasourceId, gatewayName }: Inputs): string {
    return `datasource "${datasourceName || datasourceId}" of gateway "${gatewayName}"`;
}

function isMeant(found: DatabricksTarget | undefined, { target, furtherHosts = [] }: Inputs): boolean {
    return found !== undefined && isSameWarehouse(found, target, furtherHosts);
}

function shown(target: DatabricksTarget | undefined): string {
    return target ? showTarget(target) : "something that is not Databricks";
}
