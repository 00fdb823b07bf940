import * as pulumi from "@pulumi/pulumi";
import { DatabricksTarget, sameTarget, showTarget } from "../clients/connection-details";
import { encryptForGateway, serializeBasicCredential } from "../clients/gateway-encryption";
import { BasicCredential } from "../clients/power-bi-gateways";
import { hasStatus } from "../clients/service-error";
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
}

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
 * where the datasource points to, and whether it is there.
 */
export class GatewayCredential extends DynamicResource {
    /** The id of the secret that is stored. */
    declare readonly secretId: pulumi.Output<string>;

    constructor(name: string, args: GatewayCredentialArgs, opts?: pulumi.CustomResourceOptions) {
        const props = { ...args, drift: [], boundAt: undefined, unfinished: undefined };
        const secrets = { additionalSecretOutputs: ["clientSecret"] };
        super("power-bi", "GatewayCredential", name, props, pulumi.mergeOptions(opts, secrets));
    }
}

/** What can be seen of a datasource, whichever API tells it. */
interface Sight {
    credentialType: string;
    target?: DatabricksTarget;
    /** Stores the credential, and leaves everything else as it is. */
    store(inputs: Inputs): Promise<void>;
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
        const { boundAt, unfinished = false } = props;
        const outputs = { boundAt, unfinished };
        const name = showDatasource(props);
        try {
            const { credentialType, target } = await this.look(props);
            const drift = [];
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
        try {
            const sight = await this.look(inputs);
            if (!sight.target || !sameTarget(sight.target, inputs.target)) {
                throw new Error(
                    `${name} points to ${shown(sight.target)}, not to ${showTarget(inputs.target)}: nothing was written. ` +
                        "Run `pulumi preview` again; it looks at the datasources as they are now",
                );
            }
            hasBegun = true;
            await sight.store(inputs);
        } catch (error) {
            const hint = hasStatus(error, 401, 403, 404) ? " SP2 has to be an admin of the gateway." : "";
            const message =
                `${name} was not switched to secret ${inputs.secretId} and keeps the one that it had, which stays alive: ` +
                `${(error as Error).message}${hint} Run \`pulumi up\` again when the cause is gone.`;
            // An answer that was lost, say, leaves open what the datasource holds.
            throw hasBegun
                ? new UnfinishedChange<Outputs>(message, idOf(inputs), { boundAt: "", unfinished: true })
                : new Error(message);
        }
        return { boundAt: new Date().toISOString(), unfinished: false };
    }

    private look(inputs: Inputs): Promise<Sight> {
        return inputs.api === "fabric" ? this.lookViaFabric(inputs) : this.lookViaPowerBi(inputs);
    }

    private async lookViaPowerBi({ gatewayId, datasourceId, gatewayKind }: Inputs): Promise<Sight> {
        const { gateways } = this.clients.powerBi;
        const found = await gateways.getDatasource({ gatewayId, datasourceId });
        const { credentialType, target, useEndUserOAuth2Credentials } = found;
        const store = async ({ applicationId: username, clientSecret: password, privacyLevel }: Inputs) => {
            // The key is read each time: it changes when a gateway is recovered or its machine replaced.
            const key = gatewayKind === "Onpremises" ? (await gateways.get(gatewayId)).publicKey : undefined;
            const datasource = { gatewayId, datasourceId, useEndUserOAuth2Credentials };
            await gateways.updateCredential(datasource, { username, password, privacyLevel }, key);
        };
        return { credentialType, target, store };
    }

    private async lookViaFabric({ gatewayId, datasourceId, gatewayKind }: Inputs): Promise<Sight> {
        const { fabric } = this.clients;
        const connection = await fabric.getConnection(datasourceId);
        const { target, credentialDetails } = connection;
        const store = async ({ applicationId: username, clientSecret: password, privacyLevel }: Inputs) => {
            if (gatewayKind === "VNET") {
                const plain = { credentialType: "Basic", username, password } as const;
                await fabric.updateCredentials(connection, plain, privacyLevel, [password]);
            } else {
                const serialized = serializeBasicCredential(username, password);
                const values = (await fabric.listMembers(gatewayId)).map(({ id, publicKey }) => ({
                    gatewayId: id,
                    encryptedCredentials: encryptForGateway(serialized, publicKey),
                }));
                await fabric.updateCredentials(connection, { credentialType: "Basic", values }, privacyLevel, [
                    password,
                ]);
            }
            const errors = await fabric.testConnection(datasourceId);
            if (errors.length > 0) {
                throw new Error(`the credential is stored, but the connection's test failed: ${errors.join("; ")}.`);
            }
        };
        return { credentialType: credentialDetails?.credentialType ?? "NotSpecified", target, store };
    }
}

function idOf({ gatewayId, datasourceId, secretId }: Inputs): string {
    return `${gatewayId}/${datasourceId}/${secretId}`;
}

function showDatasource({ datasourceName, datasourceId, gatewayName }: Inputs): string {
    return `datasource "${datasourceName || datasourceId}" of gateway "${gatewayName}"`;
}

function shown(target: DatabricksTarget | undefined): string {
    return target ? showTarget(target) : "something that is not Databricks";
}
