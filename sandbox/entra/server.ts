import { randomUUID } from "node:crypto";
import { type FastifyInstance } from "fastify";
import { azureDatabricks } from "../databricks/access";
import { signToken } from "../http/access-token";
import { createServiceServer, HttpError } from "../http/service-server";
import { type Sandbox } from "../sandbox";
import { type EntraApplication } from "../world/entra-world";
import { judgeAssertion } from "./client-assertions";

interface ByTenant {
    Params: { tenant: string };
    Body: Record<string, string> | undefined;
}

/** The resources that tokens are issued for, by scope. */
const audiences: Record<string, string> = {
    "https://analysis.windows.net/powerbi/api/.default": "https://analysis.windows.net/powerbi/api",
    "https://api.fabric.microsoft.com/.default": "https://api.fabric.microsoft.com",
    [`${azureDatabricks}/.default`]: azureDatabricks,
};

/** Entra's token endpoint with what MSAL asks before it. */
export function createEntra(sandbox: Sandbox): FastifyInstance {
    const server = createServiceServer({
        sandbox,
        service: "entra",
        identify: (request) => {
            const form = request.body as Record<string, string> | undefined;
            request.caller = form?.client_id ?? "anonymous";
        },
        notFound: () => new HttpError(404, { error: "invalid_request", error_description: "AADSTS900144: Not found." }),
        failure: (status, message) => new HttpError(status, { error: "invalid_request", error_description: message }),
    });

    server.get<ByTenant>("/:tenant/v2.0/.well-known/openid-configuration", async (request) => {
        const base = `${sandbox.urls.entra}/${request.params.tenant}`;
        return {
            token_endpoint: `${base}/oauth2/v2.0/token`,
            authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
            jwks_uri: `${base}/discovery/v2.0/keys`,
            // Libraries accept issuers on Microsoft's own hosts only.
            issuer: `https://login.microsoftonline.com/${request.params.tenant}/v2.0`,
        };
    });

    server.get("/common/discovery/instance", async () => ({
        tenant_discovery_endpoint: `${sandbox.urls.entra}/common/v2.0/.well-known/openid-configuration`,
        "api-version": "1.1",
        metadata: [],
    }));

    server.post<ByTenant>("/:tenant/oauth2/v2.0/token", async (request) => {
        const form = request.body ?? {};
        const tenant = sandbox.world.entra.tenants.find((candidate) => candidate.id === request.params.tenant);
        if (!tenant) {
            const message = `Tenant '${request.params.tenant}' not found. Check to make sure you have the correct tenant ID.`;
            throw entraError(sandbox, 400, "invalid_request", 90002, message);
        }
        const application = tenant.applications.find((candidate) => candidate.clientId === form.client_id);
        if (!application) {
            const message = `Application with identifier '${form.client_id}' was not found in the directory '${tenant.id}'.`;
            throw entraError(sandbox, 400, "unauthorized_client", 700016, message);
        }
        demandProof(sandbox, form, application, tenant.id);
        const scope = (form.scope ?? "").split(" ").find((candidate) => candidate in audiences);
        if (form.grant_type !== "client_credentials" || scope === undefined) {
            const message = `The provided value for scope ${form.scope} is not valid.`;
            throw entraError(sandbox, 400, "invalid_scope", 70011, message);
        }
        return issueToken(sandbox, tenant.id, application, audiences[scope]);
    });

    // App Service's endpoint for managed identities (learn.microsoft.com, How to use managed identities for App Service).
    server.get<{ Querystring: Record<string, string> }>("/msi/token", async (request) => {
        const { entra } = sandbox.world;
        const tenant = entra.tenants.find(({ applications }) => applications.some(isManagedIdentity));
        const application = tenant?.applications.find(isManagedIdentity);
        const { resource = "", client_id: wanted } = request.query;
        if (request.headers["x-identity-header"] !== entra.identityHeader) {
            throw new HttpError(401, { statusCode: 401, message: "The identity header is missing or wrong" });
        }
        if (!tenant || !application || (wanted !== undefined && wanted !== application.clientId)) {
            throw new HttpError(400, {
                statusCode: 400,
                message: "No User Assigned or Delegated Managed Identity found",
            });
        }
        const audience = audiences[`${resource.replace(/\/+$/, "")}/.default`] ?? resource;
        const { access_token, expires_in } = issueToken(sandbox, tenant.id, application, audience);
        const expires_on = String(Math.floor(sandbox.now().getTime() / 1000) + expires_in);
        return { access_token, expires_on, resource, token_type: "Bearer", client_id: application.clientId };

        function isManagedIdentity(candidate: EntraApplication): boolean {
            return candidate.clientId === entra.managedIdentity;
        }
    });
    return server;
}

/** @throws HttpError when neither secret nor assertion proves that the caller is the application */
function demandProof(
    sandbox: Sandbox,
    form: Record<string, string>,
    application: EntraApplication,
    tenantId: string,
): void {
    const { clientId } = application;
    const refuse = (code: number, message: string) => entraError(sandbox, 401, "invalid_client", code, message);
    const now = sandbox.now().getTime() / 1000;
    switch (judgeAssertion(form, application, tenantId, now)) {
        case "accepted":
            return;
        case "badSignature":
            throw refuse(
                700027,
                "The certificate with identifier used to sign the client assertion is not registered.",
            );
        case "noMatchingCredential":
            throw refuse(70021, "No matching federated identity record found for presented assertion.");
    }
    const secret = application.secrets.find((candidate) => candidate.value === form.client_secret);
    if (!secret) {
        throw refuse(
            7000215,
            `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
        );
    }
    if (sandbox.isPast(secret.expires)) {
        throw refuse(7000222, `The provided client secret keys for app '${clientId}' are expired.`);
    }
}

function issueToken(sandbox: Sandbox, tenantId: string, application: EntraApplication, audience: string) {
    const issuedAt = Math.floor(sandbox.now().getTime() / 1000);
    const lifetimeInSeconds = 3599;
    const access_token = sandbox.issued.note(
        signToken({
            aud: audience,
            iss: `https://sts.windows.net/${tenantId}/`,
            appid: application.clientId,
            oid: application.objectId,
            tid: tenantId,
            ver: "1.0",
            iat: issuedAt,
            exp: issuedAt + lifetimeInSeconds,
        }),
    );
    return { token_type: "Bearer", expires_in: lifetimeInSeconds, ext_expires_in: lifetimeInSeconds, access_token };
}

function entraError(sandbox: Sandbox, status: number, error: string, code: number, message: string): HttpError {
    const [trace, correlation] = [randomUUID(), randomUUID()];
    const timestamp = sandbox.now().toISOString().replace("T", " ").replace(/\..*/, "Z");
    return new HttpError(status, {
        error,
        error_description: `AADSTS${code}: ${message} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`,
        error_codes: [code],
        timestamp,
        trace_id: trace,
        correlation_id: correlation,
    });
}
