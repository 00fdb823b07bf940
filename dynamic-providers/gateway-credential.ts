import * as pulumi from "@pulumi/pulumi";
import { DatabricksTarget, sameTarget, showTarget } from "../clients/connection-details";
import {
    encryptForGateway,
    fingerprintOf,
    GatewayPublicKey,
    serializeBasicCredential,
} from "../clients/gateway-encryption";
import { GatewayMember } from "../clients/fabric";
import { BasicCredential } from "../clients/power-bi-gateways";
import { hasStatus, wasRefused } from "../clients/service-error";
import { noteBoundSecret } from "./bound-secrets";
import { Driftable, Observation, Provider, UnfinishedChange } from "./provider";
import { DynamicResource } from "./stub";

interface Inputs extends Driftable {
    gatewayId: string;
    gatewayName: string;
    gatewayKind: "Onpremises" | "VNET";
    datasourceId: string;
    datasourceName: string;
    api: "powerbi" | "fabric";
    target: DatabricksTarget;
    applicationId: string;
    secretId: string;
    rotationKey: string;
    clientSecret: string;
    privacyLevel: BasicCredential["privacyLevel"];
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
    credentialType: string;
    target?: DatabricksTarget;
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
        "applicationId",
        "secretId",
        "rotationKey",
        "clientSecret",
        "privacyLevel",
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

    protected async observe(props: Inputs & Outputs): Promise<Observation<Outputs>> {
        noteBoundSecret(props.secretId);
        const { boundAt, unfinished = false, keyFingerprints = {} } = props;
        const outputs = { boundAt, unfinished, keyFingerprints };
        const name = showDatasource(props);
        try {
            const { credentialType, target, keys } = await this.look(props);
            const drift = replacedKeys(props, keyFingerprints, await keys());
            if (unfinished) {
                drift.push(`a run failed before it was certain that ${name} holds ${props.secretId}`);
            }
            if (credentialType !== "Basic") {
                drift.push(`the credential of ${name} is of type ${credentialType}, not Basic`);
            }
            if (!target || !sameTarget(target, props.target)) {
                drift.push(`${name} now points to ${shown(target)}, not ${showTarget(props.target)}`);
            }
            return { outputs, drift };
        } catch (error) {
            if (hasStatus(error, 404)) {
                return { outputs, drift: [`${name} is gone, or SP2 no longer administers the gateway`] };
            }
            if (hasStatus(error, 401, 403)) {
                return { outputs, drift: [`SP2 may no longer change ${name}`] };
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
            if (!sight.target || !sameTarget(sight.target, inputs.target)) {
                throw new Error(
                    `${name} points to ${shown(sight.target)}, not to ${showTarget(inputs.target)}: nothing was written. ` +
                        "Run `pulumi preview` again; it looks at the datasources as they are now",
                );
            }
            hasBegun = true;
            keyFingerprints = await sight.store(inputs);
        } catch (error) {
            const hint = hasStatus(error, 401, 403, 404) ? " SP2 has to be an admin of the gateway." : "";
            // An answer that was lost, say, leaves open what the datasource holds.
            const isOpen = hasBegun && !wasRefused(error);
            const what = isOpen
                ? `may hold secret ${inputs.secretId} or the one that it had before; both stay alive`
                : `was not switched to secret ${inputs.secretId} and keeps the one that it had, which stays alive`;
            const message = `${name} ${what}: ${(error as Error).message}${hint} Run \`pulumi up\` again when the cause is gone.`;
            throw isOpen
                ? new UnfinishedChange<Outputs>(message, idOf(inputs), {
                      boundAt: "",
                      unfinished: true,
                      keyFingerprints: {},
                  })
                : new Error(message);
        }
        return { boundAt: new Date().toISOString(), unfinished: false, keyFingerprints };
    }

    private look(inputs: Inputs): Promise<Sight> {
        return inputs.api === "fabric" ? this.lookViaFabric(inputs) : this.lookViaPowerBi(inputs);
    }

    private async lookViaPowerBi({ gatewayId, datasourceId, gatewayKind }: Inputs): Promise<Sight> {
        const { gateways } = this.clients.powerBi;
        const found = await gateways.getDatasource({ gatewayId, datasourceId });
        const { credentialType, target, useEndUserOAuth2Credentials } = found;
        const isEncrypted = gatewayKind === "Onpremises";
        const fingerprints = (key: GatewayPublicKey | undefined): KeyFingerprints =>
            key ? { [gatewayId]: fingerprintOf(key) } : {};
        const keys = async () => fingerprints(isEncrypted ? await gateways.publicKey(gatewayId) : undefined);
        const store = async ({ applicationId: username, clientSecret: password, privacyLevel }: Inputs) => {
            // The key is read each time: it changes when a gateway is recovered or its machine replaced.
            gateways.forgetKeys();
            const key = isEncrypted ? (await gateways.get(gatewayId)).publicKey : undefined;
            const datasource = { gatewayId, datasourceId, useEndUserOAuth2Credentials };
            await gateways.updateCredential(datasource, { username, password, privacyLevel }, key);
            return fingerprints(key);
        };
        return { credentialType, target, keys, store };
    }

    private async lookViaFabric({ gatewayId, datasourceId, gatewayKind }: Inputs): Promise<Sight> {
        const { fabric } = this.clients;
        const connection = await fabric.getConnection(datasourceId);
        const { target, credentialDetails } = connection;
        const members = async () => (gatewayKind === "VNET" ? [] : fabric.listMembers(gatewayId));
        const fingerprints = (all: GatewayMember[]): KeyFingerprints =>
            Object.fromEntries(all.map(({ id, publicKey }) => [id, fingerprintOf(publicKey)]));
        const keys = async () => fingerprints(await members());
        const store = async ({ applicationId: username, clientSecret: password, privacyLevel }: Inputs) => {
            fabric.forgetMembers(gatewayId);
            const receivers = await members();
            if (gatewayKind === "VNET") {
                const plain = { credentialType: "Basic", username, password } as const;
                await fabric.updateCredentials(connection, plain, privacyLevel, [password]);
            } else {
                const serialized = serializeBasicCredential(username, password);
                const values = receivers.map(({ id, publicKey }) => ({
                    gatewayId: id,
                    encryptedCredentials: encryptForGateway(serialized, publicKey),
                }));
                await fabric.updateCredentials(connection, { credentialType: "Basic", values }, privacyLevel, [
                    password,
                ]);
            }
            const errors = await fabric.testConnection(datasourceId).catch((error: Error) => [error.message]);
            if (errors.length > 0) {
                throw new Error(`the credential is stored, but the connection's test failed: ${errors.join("; ")}.`);
            }
            return fingerprints(receivers);
        };
        return { credentialType: credentialDetails?.credentialType ?? "NotSpecified", target, keys, store };
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

function shown(target: DatabricksTarget | undefined): string {
    return target ? showTarget(target) : "something that is not Databricks";
}
