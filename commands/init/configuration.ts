import { databricksAddress } from "../../clients/endpoints";
import { parseSettings } from "../../settings";
import { grantsOf } from "./grants";
import { Answers } from "./questions";

/** A value that is stored encrypted, and that no file and no command line ever holds in clear. */
export interface SecretValue {
    /** Its key, below the project's namespace where it names none: `powerBi.clientSecret`. */
    key: string;
    /** Whether the key leads into a structure. */
    isPath: boolean;
    /** What it is. */
    what: string;
}

/** What is written for a stack: full keys and values, and what is to be set beside them. */
export interface NewConfiguration {
    values: Record<string, unknown>;
    secrets: SecretValue[];
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The configuration that the answers describe. */
export function configurationOf(answers: Answers, project: string): NewConfiguration {
    const own = (values: Record<string, unknown>) => prefixed(project, values);
    const login = answers["power-bi-login"];
    const values = {
        ...prefixed("databricks", {
            // The provider gets it as it is written.
            host: databricksAddress.safeParse(answers["databricks-host"]).data ?? answers["databricks-host"],
            authType: answers["databricks-auth"],
            clientId: answers["databricks-client-id"],
            databricksIdTokenFilepath: answers["id-token-file"],
            azureTenantId: answers["azure-tenant-id"],
            azureClientId: answers["azure-client-id"],
            // Without it the provider waits for ever when Databricks does not answer.
            retryTimeoutSeconds: 300,
        }),
        ...own({
            rotationKey: answers["rotation-key"],
            powerBi: {
                ...(login === "clientSecret" || login === "secretScope" ? {} : { login }),
                ...given({
                    tenantId: answers["tenant-id"],
                    clientId: answers["client-id"],
                    secretScope: answers["secret-scope"],
                    serviceConnectionId: answers["service-connection-id"],
                    tokenFile: answers["token-file"],
                }),
            },
            credentials: [credentialOf(answers)],
        }),
    };
    return { values, secrets: secretsOf(answers) };
}

/** A word on a service principal that will be able to read nothing; undefined where it may be able to. */
export function wordsOnGrants({ grant = "", "service-principal": principal = "" }: Answers): string | undefined {
    // One that is there has its rights already.
    return guid.test(principal) || grantsOf(grant).length > 0
        ? undefined
        : `${principal} is granted nothing: reports fail with a permission error, unless a group gives it the right to ` +
              "read. If none does, name what it may read in the file, below credentials[0].grants.";
}

/**
 * Validates what is to be written, as the program will when the secrets are set.
 *
 * @throws ConfigurationError
 */
export function validate({ values, secrets }: NewConfiguration, project: string): void {
    const complete = structuredClone(values);
    const placeholder = "-----BEGIN CERTIFICATE----- -----BEGIN PRIVATE KEY-----";
    for (const { key, isPath } of secrets) {
        if (isPath) {
            const [structure, field] = key.split(".");
            (complete[`${project}:${structure}`] as Record<string, string>)[field] = placeholder;
        } else {
            complete[key] = placeholder;
        }
    }
    const read = (key: string) => {
        const value = complete[key.includes(":") ? key : `${project}:${key}`];
        return value === undefined || typeof value === "string" ? value : JSON.stringify(value);
    };
    const prefix = `${project}:`;
    const keys = Object.keys(complete).flatMap((key) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : []));
    parseSettings(keys, read, () => true);
}

function credentialOf(answers: Answers): object {
    const { bind, workspace, dataset, warehouse, "service-principal": principal = "" } = answers;
    const grants = grantsOf(answers.grant ?? "");
    const mayTakeOver = answers["take-over"] === "yes";
    return {
        ...(guid.test(principal) ? { applicationId: principal } : { servicePrincipal: principal }),
        warehouse,
        ...(grants.length > 0 ? { grants } : {}),
        bindings: [
            bind === "dataset"
                ? { workspace, dataset, ...(mayTakeOver ? { gatewayType: "NoGateway" } : {}) }
                : { discover: bind, ...(mayTakeOver ? { takeOver: true } : {}) },
        ],
    };
}

function secretsOf(answers: Answers): SecretValue[] {
    const ofDatabricks: Record<string, SecretValue> = {
        pat: { key: "databricks:token", isPath: false, what: "the personal access token for Databricks" },
        "oauth-m2m": {
            key: "databricks:clientSecret",
            isPath: false,
            what: "the client secret of the service principal that logs in to Databricks",
        },
        "azure-client-secret": {
            key: "databricks:azureClientSecret",
            isPath: false,
            what: "the client secret of the service principal that logs in to Databricks",
        },
    };
    const ofPowerBi: Record<string, SecretValue> = {
        clientSecret: { key: "powerBi.clientSecret", isPath: true, what: "SP2's client secret" },
        certificate: { key: "powerBi.certificate", isPath: true, what: "SP2's certificate with its private key (PEM)" },
    };
    return [ofDatabricks[answers["databricks-auth"] ?? ""], ofPowerBi[answers["power-bi-login"] ?? ""]].filter(
        (secret) => secret !== undefined,
    );
}

function prefixed(namespace: string, values: Record<string, unknown>): Record<string, unknown> {
    return Object.fromEntries(Object.entries(given(values)).map(([key, value]) => [`${namespace}:${key}`, value]));
}

function given(values: Record<string, unknown>): Record<string, unknown> {
    return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
