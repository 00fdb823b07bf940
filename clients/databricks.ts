import { z } from "zod";
import { AnsweredList, mapList, readItems } from "./answered-list";
import { DatabricksLogin } from "./databricks-login";
import { readPages } from "./databricks-pages";
import { DatabricksTokens } from "./databricks-tokens";
import { elements, filled, flag, listOf, nothing, optional, structure, text } from "./fields";
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
    /** An open enum. Absent: Databricks does not say it. */
    state?: string;
}

/** A secret of a service principal, without its value, which Databricks gives once only. */
export interface SecretInfo {
    id: string;
    /** An open enum: `ACTIVE` and others. Absent: Databricks does not say it. */
    status?: string;
    /** Absent: nobody knows how old it is. */
    create_time?: string;
    /** Absent: Databricks does not say when it ends. */
    expire_time?: string;
}

/** A service principal. */
export interface ServicePrincipalInfo {
    /** The id in Databricks (SCIM). */
    id: string;
    applicationId: string;
    /** Absent: it has none. */
    displayName?: string;
    /** Absent: Databricks does not say that it was deactivated. */
    active?: boolean;
    /** Those of its own. SCIM leaves an empty list out (RFC 7643, 2.5). */
    entitlements: string[];
}

/** Whoever a login is. */
export interface CurrentUser {
    /** The user's name; of a service principal the application id. */
    userName: string;
    /** The groups it is a direct member of; `admins` are the workspace's admins. */
    groups: string[];
}

/** One entry of an access control list: of one of the three kinds of principals. */
export interface AclEntry {
    service_principal_name?: string;
    user_name?: string;
    group_name?: string;
    /** Absent: the entry gives nothing. */
    /** A level that is not told is none. */
    all_permissions?: { permission_level?: string }[];
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
        return this.http.request({ method: "GET", path }, userAnswer);
    }

    /** All warehouses that the caller sees. */
    async listWarehouses(): Promise<AnsweredList<Warehouse>> {
        const place = { path: "/api/2.0/sql/warehouses", member: "warehouses", isNeeded: true };
        return readItems(await readPages(this.http, place), warehouseAnswer);
    }

    /** The access control list of a warehouse. Databricks leaves out lists that have no entries. */
    async getWarehouseAcl(warehouseId: string): Promise<AnsweredList<AclEntry>> {
        const path = `/api/2.0/permissions/warehouses/${segment(warehouseId)}`;
        const schema = structure({ access_control_list: optional(elements) });
        const answer = await this.http.request({ method: "GET", path }, schema);
        return readItems(answer.access_control_list ?? [], aclEntryAnswer);
    }

    /**
     * Adds a permission for a service principal and leaves every other entry as it is: PATCH adds, PUT would replace the
     * whole list (databricks-sdk-go, service/sql: UpdatePermissions and SetPermissions).
     */
    async addWarehousePermission(warehouseId: string, applicationId: string, level: string): Promise<void> {
        const path = `/api/2.0/permissions/warehouses/${segment(warehouseId)}`;
        const entry = { service_principal_name: applicationId, permission_level: level };
        await this.http.request({ method: "PATCH", path, body: { access_control_list: [entry] } }, nothing);
    }

    /**
     * The service principals with a display name, which need not be unique, or the one with an application id.
     *
     * @param by the attribute; quotes in the value are escaped, as SCIM's filters want it (RFC 7644, 3.4.2.2).
     */
    async findServicePrincipals(by: "displayName" | "applicationId", value: string): Promise<ServicePrincipalInfo[]> {
        const path = "/api/2.0/preview/scim/v2/ServicePrincipals";
        const query = { filter: `${by} eq ${JSON.stringify(value)}` };
        const { Resources = [] } = await this.http.request({ method: "GET", path, query }, principalsAnswer(by, value));
        return Resources;
    }

    /** The names of the secret scopes that the caller sees. */
    async listSecretScopes(): Promise<AnsweredList<string>> {
        const values = await readPages(this.http, { path: "/api/2.0/secrets/scopes/list", member: "scopes" });
        return mapList(readItems(values, structure({ name: filled })), (all) => all.map(({ name }) => name));
    }

    /** The keys of the entries of a secret scope. */
    async listSecretKeys(scope: string): Promise<AnsweredList<string>> {
        const values = await readPages(this.http, {
            path: "/api/2.0/secrets/list",
            member: "secrets",
            query: { scope },
        });
        return mapList(readItems(values, structure({ key: filled })), (all) => all.map(({ key }) => key));
    }

    /** The value of an entry of a secret scope. */
    async getSecretValue(scope: string, key: string): Promise<string> {
        const path = "/api/2.0/secrets/get";
        const { value } = await this.http.request({ method: "GET", path, query: { scope, key } }, valueAnswer);
        return Buffer.from(value, "base64").toString("utf8");
    }

    /** All secrets of a service principal. */
    async listSecrets(servicePrincipalId: string): Promise<AnsweredList<SecretInfo>> {
        const path = `/api/2.0/accounts/servicePrincipals/${segment(servicePrincipalId)}/credentials/secrets`;
        return readItems(await readPages(this.http, { path, member: "secrets" }), secretAnswer);
    }

    /** Deletes a secret of a service principal; one that is gone already is no error. */
    async deleteSecret(servicePrincipalId: string, secretId: string): Promise<void> {
        const [principal, secret] = [servicePrincipalId, secretId].map(segment);
        const path = `/api/2.0/accounts/servicePrincipals/${principal}/credentials/secrets/${secret}`;
        try {
            await this.http.request({ method: "DELETE", path }, nothing);
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
        let answer = await this.anonymous.request(
            {
                method: "POST",
                path,
                headers,
                body: { warehouse_id: warehouseId, statement, wait_timeout: "30s", on_wait_timeout: "CONTINUE" },
                repeatable: true,
                patience: 2,
                sensitive: [token],
            },
            statementAnswer,
        );
        await waitUntil({ timeoutInMs, what: `"${statement}" on warehouse ${warehouseId}` }, async () => {
            if (["PENDING", "RUNNING"].includes(answer.status.state)) {
                const id = segment(answer.statement_id);
                const request = { method: "GET", path: `${path}/${id}`, headers } as const;
                answer = await this.anonymous.request(request, statementAnswer);
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

const userAnswer: z.ZodType<CurrentUser> = structure({
    userName: filled,
    groups: optional(listOf(structure({ display: optional(text) }))),
}).transform(({ userName, groups = [] }) => ({
    userName,
    groups: groups.flatMap(({ display }) => display ?? []),
}));

const warehouseAnswer: z.ZodType<Warehouse> = structure({ id: filled, name: text, state: optional(text) });

const aclEntryAnswer: z.ZodType<AclEntry> = structure({
    service_principal_name: optional(text),
    user_name: optional(text),
    group_name: optional(text),
    all_permissions: optional(listOf(structure({ permission_level: optional(text) }))),
});

/** One that was asked for by an attribute has it, also where the answer does not repeat it. */
const principalAnswer = (by: "displayName" | "applicationId", value: string) =>
    structure({
        id: filled,
        applicationId: by === "applicationId" ? filled.default(value) : filled,
        displayName: by === "displayName" ? text.default(value) : optional(text),
        active: optional(flag),
        entitlements: optional(listOf(structure({ value: optional(text) }))),
    }).transform(({ entitlements = [], ...principal }): ServicePrincipalInfo => ({
        ...principal,
        entitlements: entitlements.flatMap(({ value: entitlement }) => entitlement ?? []),
    }));

/**
 * SCIM leaves the list out only where there are no results, and says so (RFC 7644, 3.4.2). A name that is believed to be
 * free because an answer was odd would make a second service principal, so each of them has to be readable. An application
 * id is one's at most: where several come, the filter was not heeded, and none of them is known to be the one.
 */
const principalsAnswer = (by: "displayName" | "applicationId", value: string) =>
    structure({
        Resources: optional(listOf(principalAnswer(by, value))),
        totalResults: optional(z.number({ error: "expected a number" })),
    })
        .refine(({ Resources, totalResults }) => Resources !== undefined || totalResults === 0, {
            path: ["Resources"],
            error: "expected a list",
        })
        .refine(({ Resources = [] }) => by !== "applicationId" || Resources.length <= 1, {
            path: ["Resources"],
            error: "expected one service principal at most",
        });

/** Whatever comes instead may be the secret in another shape: no error repeats it. */
const valueAnswer = structure({ value: text });

const secretAnswer: z.ZodType<SecretInfo> = structure({
    id: filled,
    status: optional(text),
    create_time: optional(text),
    expire_time: optional(text),
});

/** `SUCCEEDED` and `FAILED` are both answered with HTTP 200. */
const statementAnswer = structure({
    statement_id: filled,
    status: structure({
        state: text,
        error: optional(structure({ error_code: optional(text), message: optional(text) })),
    }),
});
