import { BoundGatewayKind } from "../../clients/gateway-kinds";
import { WorkspaceAddress } from "../../clients/services";
import { CredentialOutputs, StackOutputs } from "../../outputs";
import { nameOf, StateResource } from "../state-resource";

/** A datasource that was written, with the secret that it was given. */
export interface BoundKey {
    urn: string;
    gatewayId: string;
    datasourceId: string;
    /** Names and kind, which the cloud's have not. */
    gateway?: { name: string; kind: BoundGatewayKind; datasource: string; warehouse: string };
    api: "powerbi" | "fabric";
    secretId: string;
    rotationKey: string;
}

/** A credential as the state has it. */
export interface CredentialState {
    name: string;
    applicationId: string;
    servicePrincipalId: string;
    /** Absent before the first up. */
    databricks?: WorkspaceAddress;
    /** The secret in use, and its key; empty before the first up. */
    secretId: string;
    rotationKey: string;
    /** When it ends, as Databricks said in the last run; empty when it did not. */
    expiresAt: string;
    /** The stack's own secrets. */
    secrets: { id: string; key: string }[];
    bound: BoundKey[];
    /** SCOPE/KEY. */
    scopeEntries: string[];
    keyVaultSecrets: string[];
    /** WORKSPACE / DATASET. */
    refreshes: string[];
    hooks: number;
    /** What the last up that succeeded told. */
    outputs?: CredentialOutputs;
}

/** A stack's state, by what this program declares. */
export interface StackState {
    credentials: CredentialState[];
    /** The credential that a resource belongs to, if it does to one. */
    credentialOf: (urn: string) => string | undefined;
}

const component = "powerbi-databricks:index:PowerBiCredential";
const types = {
    slots: "pulumi-nodejs:dynamic/databricks:SecretSlots",
    verified: "pulumi-nodejs:dynamic/databricks:VerifiedSecret",
    secret: "databricks:index/servicePrincipalSecret:ServicePrincipalSecret",
    cloud: "pulumi-nodejs:dynamic/power-bi:DatasourceCredential",
    gateway: "pulumi-nodejs:dynamic/power-bi:GatewayCredential",
    refresh: "pulumi-nodejs:dynamic/power-bi:DatasetRefresh",
    scopeEntry: "databricks:index/secret:Secret",
    keyVaultSecret: "azure-native:keyvault:Secret",
    hook: "command:local:Command",
};

/** Tells what a stack's resources hold of credentials. */
export function readState(resources: StateResource[]): StackState {
    const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
    const credentialOf = (urn: string): string | undefined => {
        const resource = byUrn.get(urn);
        return resource?.type === component ? nameOf(urn) : resource?.parent && credentialOf(resource.parent);
    };
    const root = resources.find(({ type }) => type === "pulumi:pulumi:Stack");
    const outputs = (root?.outputs?.credentials ?? {}) as StackOutputs["credentials"];
    const names = resources.filter(({ type }) => type === component).map(({ urn }) => nameOf(urn));
    return {
        credentials: names.map((name) => {
            const own = resources.filter(({ urn }) => credentialOf(urn) === name);
            return { ...readCredential(name, own), outputs: outputs[name] };
        }),
        credentialOf,
    };
}

function readCredential(name: string, own: StateResource[]): CredentialState {
    const all = (type: string) => own.filter((resource) => resource.type === type);
    // A replaced resource stays until its run ends well: what is in use is its successor.
    const alive = (type: string) => all(type).filter((resource) => !resource.delete);
    const text = (resource: StateResource | undefined, key: string) => String(resource?.inputs?.[key] ?? "");
    const [slots] = alive(types.slots);
    const [verified] = alive(types.verified);
    return {
        name,
        applicationId: text(verified, "applicationId"),
        servicePrincipalId: text(slots, "servicePrincipalId"),
        databricks: slots?.inputs?.databricks as WorkspaceAddress | undefined,
        secretId: text(verified, "secretId"),
        rotationKey: text(verified, "rotationKey"),
        expiresAt: String(verified?.outputs?.expiresAt ?? ""),
        secrets: all(types.secret).map((secret) => ({ id: secret.id ?? "", key: text(secret, "timeRotating") })),
        bound: [...alive(types.cloud).flatMap(cloudKeys), ...alive(types.gateway).map(gatewayKey)],
        scopeEntries: alive(types.scopeEntry).map((entry) => `${text(entry, "scope")}/${text(entry, "key")}`),
        keyVaultSecrets: alive(types.keyVaultSecret).map((secret) => text(secret, "secretName")),
        refreshes: alive(types.refresh).map(
            (refresh) => `${text(refresh, "workspaceName")} / ${text(refresh, "datasetName")}`,
        ),
        hooks: alive(types.hook).length,
    };
}

function cloudKeys({ urn, inputs }: StateResource): BoundKey[] {
    const { datasources, secretId, rotationKey } = inputs as unknown as BoundKey & {
        datasources: Pick<BoundKey, "gatewayId" | "datasourceId">[];
    };
    return datasources.map((key) => ({ urn, ...key, api: "powerbi", secretId, rotationKey }));
}

function gatewayKey({ urn, inputs }: StateResource): BoundKey {
    const given = inputs as unknown as BoundKey & {
        gatewayName: string;
        gatewayKind: BoundGatewayKind;
        datasourceName: string;
        target: { host: string; httpPath: string };
    };
    const { gatewayId, datasourceId, api, secretId, rotationKey, target } = given;
    const warehouse = target.host + target.httpPath;
    const gateway = { name: given.gatewayName, kind: given.gatewayKind, datasource: given.datasourceName, warehouse };
    return { urn, gatewayId, datasourceId, gateway, api, secretId, rotationKey };
}
