import { Diagnostic } from "../diagnostics/diagnostic";
import { ConfigReader, invalid } from "./config-reader";
import { DirectAzureLogin } from "./azure-login";
import { IdTokenSource } from "./id-tokens";

/** A login at Databricks, in the kinds that the databricks provider has too. */
export type DatabricksLogin =
    | { kind: "token"; token: string }
    | { kind: "oauth-m2m"; clientId: string; clientSecret: string }
    | { kind: "oidc"; clientId?: string; audience?: string; source: IdTokenSource }
    | { kind: "azure"; login: DirectAzureLogin };

/** The values of these logins that are secrets, by the databricks provider's names of them. */
export const databricksSecrets = ["token", "clientSecret", "azureClientSecret"] as const;

/** Reads a value by the provider's name of it, from the configuration or the provider's environment variable. */
type Lookup = (name: string, variable?: string) => string | undefined;

/** The values that a login lacks. */
interface Missing {
    missing: string;
}

/** Each `authType` of the databricks provider that is supported, and what it needs. */
const readers: Record<string, (get: Lookup) => DatabricksLogin | Missing> = {
    pat: (get) => {
        const token = get("token", "DATABRICKS_TOKEN");
        return token ? { kind: "token", token } : missing("token");
    },
    "oauth-m2m": (get) => {
        const clientId = get("clientId", "DATABRICKS_CLIENT_ID");
        const clientSecret = get("clientSecret", "DATABRICKS_CLIENT_SECRET");
        return clientId && clientSecret
            ? { kind: "oauth-m2m", clientId, clientSecret }
            : missing("clientId and clientSecret");
    },
    "github-oidc": (get) => oidc(get, { from: "github" }),
    "azure-devops-oidc": (get) => oidc(get, { from: "azureDevOps" }),
    "env-oidc": (get) =>
        oidc(get, {
            from: "environment",
            variable: get("oidcTokenEnv", "DATABRICKS_OIDC_TOKEN_ENV") ?? "DATABRICKS_OIDC_TOKEN",
        }),
    "file-oidc": (get) => {
        const path = get("databricksIdTokenFilepath", "DATABRICKS_OIDC_TOKEN_FILEPATH");
        return path ? oidc(get, { from: "file", path }) : missing("databricksIdTokenFilepath");
    },
    "azure-client-secret": (get) => {
        const tenantId = get("azureTenantId", "ARM_TENANT_ID");
        const clientId = get("azureClientId", "ARM_CLIENT_ID");
        const clientSecret = get("azureClientSecret", "ARM_CLIENT_SECRET");
        return tenantId && clientId && clientSecret
            ? { kind: "azure", login: { login: "clientSecret", tenantId, clientId, clientSecret } }
            : missing("azureTenantId, azureClientId and azureClientSecret");
    },
    "azure-msi": (get) => ({
        kind: "azure",
        login: { login: "managedIdentity", clientId: get("azureClientId", "ARM_CLIENT_ID") },
    }),
    "azure-cli": (get) => ({
        kind: "azure",
        login: { login: "azureCli", tenantId: get("azureTenantId", "ARM_TENANT_ID") },
    }),
};

/**
 * Reads the login from where the databricks provider reads it, so that there is one place for it.
 *
 * @param where the key that the values stand below, `databricks` or `databricksWorkspaces.NAME`.
 * @returns the login, or what is wrong.
 */
export function readDatabricksLogin(
    where: string,
    read: ConfigReader,
    environment: NodeJS.ProcessEnv,
): DatabricksLogin | Diagnostic {
    const get: Lookup = (name, variable) => read(name) || (variable && environment[variable]) || undefined;
    const authType = get("authType", "DATABRICKS_AUTH_TYPE") ?? guess(get);
    const reader = authType !== undefined && Object.hasOwn(readers, authType) ? readers[authType] : undefined;
    const key = `${where}${where.includes(".") ? "." : ":"}authType`;
    if (!reader) {
        const given =
            authType === undefined ? "no login for Databricks" : `${JSON.stringify(authType)} is not supported`;
        const kinds = Object.keys(readers).join(", ");
        return invalid(key, given, `set it to one of ${kinds}, with the values that it needs`);
    }
    const login = reader(get);
    return "missing" in login
        ? invalid(key, `${authType} needs ${login.missing}`, "give them as secrets, or in the environment")
        : login;
}

function guess(get: Lookup): string | undefined {
    if (get("clientSecret", "DATABRICKS_CLIENT_SECRET")) {
        return "oauth-m2m";
    }
    if (get("token", "DATABRICKS_TOKEN")) {
        return "pat";
    }
    return get("azureClientSecret", "ARM_CLIENT_SECRET") ? "azure-client-secret" : undefined;
}

function oidc(get: Lookup, source: IdTokenSource): DatabricksLogin {
    const clientId = get("clientId", "DATABRICKS_CLIENT_ID");
    return { kind: "oidc", clientId, audience: get("audience", "DATABRICKS_TOKEN_AUDIENCE"), source };
}

function missing(names: string): Missing {
    return { missing: names };
}
