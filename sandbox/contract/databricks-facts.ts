import { databricksPermissionFacts } from "./databricks-permission-facts";
import { anything, atLeast, exactly, type Fact, flag, list, oneOf, text, whole } from "./fact";

const service = "databricks";
const docs = "https://docs.databricks.com/api/workspace";
const sdk = "https://github.com/databricks/databricks-sdk-go/blob/main";
const scim = "/api/2.0/preview/scim/v2";
const values = list(exactly({ value: text, display: text, type: text, primary: flag, $ref: text }));
const attributes = ["attributes", "excludedAttributes"];

/** A service principal as SCIM's PUT and POST take it. */
const principal = exactly({
    schemas: list(text),
    id: text,
    displayName: text,
    applicationId: text,
    externalId: text,
    active: flag,
    entitlements: values,
    groups: values,
    roles: values,
});
const answeredPrincipal = atLeast({ "id!": text, "applicationId!": text, displayName: text, active: flag });
const secret = { "id!": text, "status!": text, secret_hash: text, create_time: text, expire_time: text };

const logins: Fact[] = [
    {
        service,
        method: "GET",
        path: "/.well-known/databricks-config",
        source: `${sdk}/config/host_metadata.go`,
        answers: { 200: { body: atLeast({ "oidc_endpoint!": text, account_id: text, workspace_id: text }) } },
    },
    {
        service,
        method: "GET",
        path: "/oidc/.well-known/oauth-authorization-server",
        source: `${sdk}/config/oauth_visitors.go`,
        answers: { 200: { body: atLeast({ "token_endpoint!": text, "authorization_endpoint!": text }) } },
    },
    {
        service,
        method: "POST",
        path: "/oidc/v1/token",
        source: "https://docs.databricks.com/aws/en/dev-tools/auth/oauth-m2m#manually-generate-and-use-access-tokens",
        isForm: true,
        body: exactly({
            "grant_type!": text,
            scope: text,
            client_id: text,
            client_secret: text,
            // https://docs.databricks.com/aws/en/dev-tools/auth/oauth-federation-exchange
            subject_token: text,
            subject_token_type: text,
            authorization_details: text,
        }),
        answers: { 200: { body: atLeast({ "access_token!": text, "token_type!": text, "expires_in!": whole }) } },
    },
];

const principals: Fact[] = [
    {
        service,
        method: "GET",
        path: `${scim}/Me`,
        source: `${docs}/currentuser/me`,
        query: attributes,
        answers: { 200: { body: atLeast({ "userName!": text, groups: list(anything) }) } },
    },
    {
        service,
        method: "GET",
        path: `${scim}/ServicePrincipals`,
        source: `${docs}/serviceprincipals/list`,
        query: [...attributes, "filter", "startIndex", "count", "sortBy", "sortOrder"],
        answers: { 200: { body: atLeast({ "totalResults!": whole, Resources: list(answeredPrincipal) }) } },
    },
    {
        service,
        method: "POST",
        path: `${scim}/ServicePrincipals`,
        source: `${docs}/serviceprincipals/create`,
        body: principal,
        answers: { 201: { body: answeredPrincipal } },
    },
    {
        service,
        method: "GET",
        path: `${scim}/ServicePrincipals/{id}`,
        source: `${docs}/serviceprincipals/get`,
        query: attributes,
        answers: { 200: { body: answeredPrincipal } },
    },
    {
        service,
        method: "PUT",
        path: `${scim}/ServicePrincipals/{id}`,
        source: `${docs}/serviceprincipals/update`,
        body: principal,
        answers: { 200: { body: anything } },
    },
    {
        service,
        method: "PATCH",
        path: `${scim}/ServicePrincipals/{id}`,
        source: `${docs}/serviceprincipals/patch`,
        body: exactly({
            schemas: list(text),
            "Operations!": list(exactly({ "op!": oneOf("add", "remove", "replace"), path: text, value: anything })),
        }),
        answers: { 200: { body: anything }, 204: {} },
    },
    {
        service,
        method: "DELETE",
        path: `${scim}/ServicePrincipals/{id}`,
        source: `${docs}/serviceprincipals/delete`,
        answers: { 204: {} },
    },
    {
        service,
        method: "POST",
        path: "/api/2.0/accounts/servicePrincipals/{principalId}/credentials/secrets",
        source: `${docs}/serviceprincipalsecretsproxy/create`,
        // https://github.com/databricks/databricks-sdk-go/blob/main/service/oauth2/model.go: CreateServicePrincipalSecretRequest
        body: exactly({ lifetime: text }),
        bodyIsOptional: true,
        answers: { 200: { body: atLeast({ ...secret, "secret!": text }) } },
    },
    {
        service,
        method: "GET",
        path: "/api/2.0/accounts/servicePrincipals/{principalId}/credentials/secrets",
        source: `${docs}/serviceprincipalsecretsproxy/list`,
        query: ["page_token", "page_size"],
        answers: { 200: { body: atLeast({ secrets: list(atLeast(secret)), next_page_token: text }) } },
    },
    {
        service,
        method: "DELETE",
        path: "/api/2.0/accounts/servicePrincipals/{principalId}/credentials/secrets/{secretId}",
        source: `${docs}/serviceprincipalsecretsproxy/delete`,
        answers: { 200: { body: anything } },
    },
];

/** Databricks' REST API, as far as the program, the provider and Power BI's connector use it. */
export const databricksFacts: Fact[] = [...logins, ...principals, ...databricksPermissionFacts];
