import { atLeast, exactly, type Fact, text, whole } from "./fact";

const service = "entra";
const discovery = "https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc";

/** Entra's token endpoint, with what Microsoft's libraries ask before and beside it. */
export const entraFacts: Fact[] = [
    {
        service,
        method: "GET",
        path: "/common/discovery/instance",
        source: "https://github.com/AzureAD/microsoft-authentication-library-for-js (instance discovery)",
        query: ["api-version", "authorization_endpoint"],
        answers: { 200: { body: atLeast({ "tenant_discovery_endpoint!": text }) } },
    },
    {
        service,
        method: "GET",
        path: "/{tenant}/v2.0/.well-known/openid-configuration",
        source: discovery,
        anyQuery: true,
        answers: { 200: { body: atLeast({ "token_endpoint!": text, "issuer!": text, jwks_uri: text }) } },
    },
    {
        service,
        method: "POST",
        path: "/{tenant}/oauth2/v2.0/token",
        source: "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow#get-a-token",
        // Microsoft's libraries tell here which of them asks.
        anyQuery: true,
        isForm: true,
        body: exactly({
            "client_id!": text,
            "grant_type!": text,
            "scope!": text,
            client_secret: text,
            client_assertion: text,
            client_assertion_type: text,
            // https://github.com/AzureAD/microsoft-authentication-library-for-js: telemetry and claims of the library.
            claims: text,
            client_info: text,
            "x-client-SKU": text,
            "x-client-VER": text,
            "x-client-OS": text,
            "x-client-CPU": text,
            "x-app-name": text,
            "x-app-ver": text,
            "x-client-current-telemetry": text,
            "x-client-last-telemetry": text,
            "x-ms-lib-capability": text,
            "client-request-id": text,
        }),
        answers: { 200: { body: atLeast({ "access_token!": text, "token_type!": text, "expires_in!": whole }) } },
    },
    {
        service,
        method: "GET",
        path: "/msi/token",
        source: "https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference",
        query: ["resource", "api-version", "client_id", "principal_id", "mi_res_id"],
        answers: { 200: { body: atLeast({ "access_token!": text, "expires_on!": text, resource: text }) } },
    },
];
