import { DatabricksLogin } from "./databricks-login";
import { readPages } from "./databricks-pages";
import { DatabricksTokens } from "./databricks-tokens";
import { HttpClient } from "./http";
import { segment } from "./path";
import { oneLine, redact } from "./redaction";
import { hasStatus, ServiceError } from "./service-error";
import { UnityCatalog } from "./unity-catalog";
import { waitUntil } from "./wait";

/** A SQL warehouse. */
export interface Warehouse {
    id: string;
    name: string;
    state: string;
}

/** A secret of a service principal, without its value, which Databricks gives once only. */
export interface SecretInfo {
    id: string;
    status: string;
    create_time?: string;
    expire_time?: string;
}

/** A service principal. */
export interface ServicePrincipalInfo {
    /** The id in Databricks (SCIM). */
    id: string;
    applicationId: string;
    displayName: string;
    active: boolean;
    entitlements: string[];
}

/** Whoever a login is. */
export interface CurrentUser {
    /** The user's name; of a service principal the application id. */
    userName: string;
    /** The groups it is a direct member of; `admins` are the workspace's admins. */
    groups: string[];
}

/** One entry of an access control list. */
export interface AclEntry {
    service_principal_name?: string;
    user_name?: string;
    group_name?: string;
    all_permissions?: { permission_level: string; inherited?: boolean }[];
}

/** The state of a statement; `SUCCEEDED` and `FAILED` are both answered with HTTP 200. */
interface StatementAnswer {
    statement_id: string;
    status: { state: string; error?: { error_code?: string; message?: string } };
}

/** The Databricks REST API, as far as no provider of Pulumi's covers it. */
export class DatabricksClient {
    readonly unityCatalog: UnityCatalog;
    private readonly http: HttpClient;
    private readonly anonymous: HttpClient;
    private readonly tokens: DatabricksTokens;

    /**
     * @param loginKey the config key that chooses the login, for the error when it is refused.
     * @param azureToken gives Entra's tokens, for a workspace that is logged in to with an identity of Azure's.
     * @param timeoutInMs how long an answer may take. Default 60 000.
     */
    constructor(
        private readonly host: string,
        login: DatabricksLogin,
        loginKey: string,
        azureToken: (scope: string) => Promise<string>,
        timeoutInMs?: number,
    ) {
        const options = { service: "Databricks", baseUrl: host, timeoutInMs };
        this.anonymous = new HttpClient(options);
        this.tokens = new DatabricksTokens(this.anonymous, host, login, loginKey, azureToken);
        this.http = new HttpClient({ ...options, authorization: () => this.tokens.authorization() });
        this.unityCatalog = new UnityCatalog(this.http);
    }

    /** The workspace's host name, with the port where it has one. */
    get hostName(): string {
        return new URL(this.host).host;
    }

    /** Whoever the login is. */
    async currentUser(): Promise<CurrentUser> {
        const path = "/api/2.0/preview/scim/v2/Me";
        const answer = await this.http.request<{ userName: string; groups?: { display?: string }[] }>({
            method: "GET",
            path,
        });
        return {
            userName: answer.userName,
            groups: (answer.groups ?? []).flatMap(({ display }) => display ?? []),
        };
    }

    /** All warehouses that the caller sees. */
    async listWarehouses(): Promise<Warehouse[]> {
        const pages = await readPages<{ warehouses?: Warehouse[] }>(this.http, "/api/2.0/sql/warehouses");
        return pages.flatMap((page) => page.warehouses ?? []);
    }

    /** The access control list of a warehouse. */
    async getWarehouseAcl(warehouseId: string): Promise<AclEntry[]> {
        const path = `/api/2.0/permissions/warehouses/${segment(warehouseId)}`;
        const answer = await this.http.request<{ access_control_list?: AclEntry[] }>({ method: "GET", path });
        return answer.access_control_list ?? [];
    }

    /**
     * Adds a permission for a service principal and leaves every other entry as it is: PATCH adds, PUT would replace the
     * whole list (databricks-sdk-go, service/sql: UpdatePermissions and SetPermissions).
     */
    async addWarehousePermission(warehouseId: string, applicationId: string, level: string): Promise<void> {
        await this.http.request({
            method: "PATCH",
            path: `/api/2.0/permissions/warehouses/${segment(warehouseId)}`,
            body: { access_control_list: [{ service_principal_name: applicationId, permission_level: level }] },
        });
    }

    /**
     * The service principals with a display name, which need not be unique, or the one with an application id.
     *
     * @param by the attribute; quotes in the value are escaped, as SCIM's filters want it (RFC 7644, 3.4.2.2).
     */
    async findServicePrincipals(by: "displayName" | "applicationId", value: string): Promise<ServicePrincipalInfo[]> {
        const answer = await this.http.request<{ Resources?: ScimPrincipal[] }>({
            method: "GET",
            path: "/api/2.0/preview/scim/v2/ServicePrincipals",
            query: { filter: `${by} eq ${JSON.stringify(value)}` },
        });
        return (answer.Resources ?? []).map(({ id, applicationId, displayName, active, entitlements }) => ({
            id,
            applicationId,
            displayName: displayName ?? "",
            active: active ?? true,
            entitlements: (entitlements ?? []).map((entitlement) => entitlement.value),
        }));
    }

    /** The names of the secret scopes that the caller sees. */
    async listSecretScopes(): Promise<string[]> {
        const path = "/api/2.0/secrets/scopes/list";
        const answer = await this.http.request<{ scopes?: { name: string }[] }>({ method: "GET", path });
        return (answer.scopes ?? []).map(({ name }) => name);
    }

    /** The keys of the entries of a secret scope. */
    async listSecretKeys(scope: string): Promise<string[]> {
        const path = "/api/2.0/secrets/list";
        const answer = await this.http.request<{ secrets?: { key: string }[] }>({
            method: "GET",
            path,
            query: { scope },
        });
        return (answer.secrets ?? []).map(({ key }) => key);
    }

    /** The value of an entry of a secret scope. */
    async getSecretValue(scope: string, key: string): Promise<string> {
        const query = { scope, key };
        const path = "/api/2.0/secrets/get";
        const answer = await this.http.request<{ value?: unknown } | null>({ method: "GET", path, query });
        if (typeof answer?.value !== "string") {
            // Whatever came instead may be the secret in another shape.
            const reason = "the answer holds no value";
            throw new ServiceError({ service: "Databricks", method: "GET", path, status: 200, reason });
        }
        return Buffer.from(answer.value, "base64").toString("utf8");
    }

    /** All secrets of a service principal. */
    async listSecrets(servicePrincipalId: string): Promise<SecretInfo[]> {
        const id = segment(servicePrincipalId);
        const path = `/api/2.0/accounts/servicePrincipals/${id}/credentials/secrets`;
        const pages = await readPages<{ secrets?: SecretInfo[] }>(this.http, path);
        return pages.flatMap((page) => page.secrets ?? []);
    }

    /** Deletes a secret of a service principal; one that is gone already is no error. */
    async deleteSecret(servicePrincipalId: string, secretId: string): Promise<void> {
        const [principal, secret] = [servicePrincipalId, secretId].map(segment);
        const path = `/api/2.0/accounts/servicePrincipals/${principal}/credentials/secrets/${secret}`;
        try {
            await this.http.request({ method: "DELETE", path });
        } catch (error) {
            if (!hasStatus(error, 404)) {
                throw error;
            }
        }
    }

    /**
     * Gets a token with a service principal's secret, as Power BI's connector does.
     *
     * @throws ServiceError 401 `invalid_client` when the pair is not accepted.
     */
    async requestToken(clientId: string, clientSecret: string): Promise<string> {
        return (await this.tokens.request(clientId, clientSecret)).access_token;
    }

    /**
     * Runs a statement on a warehouse with a token, waiting for the warehouse to start when it sleeps.
     *
     * @throws Error with the statement's error, or when it has not ended within the time.
     */
    async runStatement(token: string, warehouseId: string, statement: string, timeoutInMs: number): Promise<void> {
        const headers = { Authorization: `Bearer ${token}` };
        const path = "/api/2.0/sql/statements";
        let answer = await this.anonymous.request<StatementAnswer>({
            method: "POST",
            path,
            headers,
            body: { warehouse_id: warehouseId, statement, wait_timeout: "30s", on_wait_timeout: "CONTINUE" },
            repeatable: true,
            patience: 2,
            sensitive: [token],
        });
        await waitUntil({ timeoutInMs, what: `"${statement}" on warehouse ${warehouseId}` }, async () => {
            if (["PENDING", "RUNNING"].includes(answer.status.state)) {
                const id = segment(answer.statement_id);
                answer = await this.anonymous.request({ method: "GET", path: `${path}/${id}`, headers });
            }
            return !["PENDING", "RUNNING"].includes(answer.status.state);
        });
        if (answer.status.state !== "SUCCEEDED") {
            const { error_code: code, message } = answer.status.error ?? {};
            throw new ServiceError({
                service: "Databricks",
                method: "POST",
                path,
                status: 200,
                code: code ?? answer.status.state,
                reason: oneLine(
                    redact(
                        `"${statement}" on warehouse ${warehouseId} ended as ${answer.status.state}: ${message ?? ""}`,
                        [token],
                    ),
                ),
            });
        }
    }
}

interface ScimPrincipal {
    id: string;
    applicationId: string;
    displayName?: string;
    active?: boolean;
    entitlements?: { value: string }[];
}
