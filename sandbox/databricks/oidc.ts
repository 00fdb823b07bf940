import { type FastifyInstance, type FastifyRequest } from "fastify";
import { signToken, verifyToken } from "../http/access-token";
import { isOfConnector } from "../http/connector-agent";
import { HttpError } from "../http/service-server";
import { type Sandbox } from "../sandbox";
import { type ServicePrincipal, type ServicePrincipalSecret } from "../world/databricks-world";

interface PresentedSecret {
    principal: ServicePrincipal;
    secret: ServicePrincipalSecret;
}

/** Discovery and token endpoint of a workspace. */
export function registerOidc(server: FastifyInstance, sandbox: Sandbox): void {
    server.get("/.well-known/databricks-config", async () => {
        const { accountId, workspaceId, cloud } = sandbox.world.databricks;
        return {
            oidc_endpoint: `${sandbox.urls.databricks}/oidc`,
            account_id: accountId,
            workspace_id: workspaceId,
            cloud,
            host_type: "workspace",
            // databricks-sdk-go, config/host_metadata.go: what clients ask a pipeline's token for.
            token_federation_default_oidc_audiences: [`${sandbox.urls.databricks}/oidc/v1/token`],
        };
    });

    server.get("/oidc/.well-known/oauth-authorization-server", async () => ({
        issuer: `${sandbox.urls.databricks}/oidc`,
        authorization_endpoint: `${sandbox.urls.databricks}/oidc/v1/authorize`,
        token_endpoint: `${sandbox.urls.databricks}/oidc/v1/token`,
    }));

    server.post("/oidc/v1/token", async (request) => {
        const form = (request.body ?? {}) as Record<string, string>;
        if (!["client_credentials", tokenExchange].includes(form.grant_type)) {
            throw oauthError(400, "unsupported_grant_type", `${form.grant_type} is not supported`);
        }
        const presented = form.grant_type === tokenExchange ? undefined : findPresented(sandbox, request);
        if (presented && sandbox.notYet.isTooEarly(`secret ${presented.secret.id}`)) {
            throw notInForce(sandbox);
        }
        const principal = presented
            ? findBySecret(sandbox, request, presented)
            : form.grant_type === tokenExchange && findFederated(sandbox, form);
        if (!principal || !principal.active) {
            throw oauthError(401, "invalid_client", "Client authentication failed");
        }
        const lifetimeInSeconds = 3600;
        const issuedAt = Math.floor(sandbox.now().getTime() / 1000);
        const { workspaceId: workspace } = sandbox.world.databricks;
        const claims = { aud: "databricks", workspace, sub: principal.applicationId, secret: presented?.secret.id };
        return {
            access_token: sandbox.issued.note(
                signToken({ ...claims, iat: issuedAt, exp: issuedAt + lifetimeInSeconds }),
            ),
            token_type: "Bearer",
            expires_in: lifetimeInSeconds,
            scope: form.scope ?? "all-apis",
        };
    });
}

/** The secret that a token request presents, whatever its state. */
export function findPresented(sandbox: Sandbox, request: FastifyRequest): PresentedSecret | undefined {
    const form = (request.body ?? {}) as Record<string, string>;
    const basic = /^Basic\s+(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
    const decoded = basic === undefined ? "" : Buffer.from(basic, "base64").toString();
    const [clientId, clientSecret] =
        basic === undefined
            ? [form.client_id, form.client_secret]
            : [decoded.slice(0, decoded.indexOf(":")), decoded.slice(decoded.indexOf(":") + 1)].map(decodeURIComponent);
    for (const principal of sandbox.world.databricks.servicePrincipals) {
        const secret = principal.secrets.find((candidate) => candidate.secret === clientSecret);
        if (secret && principal.applicationId === clientId) {
            return { principal, secret };
        }
    }
    return undefined;
}

const tokenExchange = "urn:ietf:params:oauth:grant-type:token-exchange";

function findBySecret(
    sandbox: Sandbox,
    request: FastifyRequest,
    presented: PresentedSecret,
): ServicePrincipal | undefined {
    if (!isAccepted(sandbox, presented)) {
        return undefined;
    }
    // A login of Power BI's connector is no test that somebody made beforehand.
    presented.secret.verifiedLogins += isOfConnector(request) ? 0 : 1;
    return presented.principal;
}

/**
 * The service principal whose federation policy trusts a foreign token. One that names no audience expects the account's
 * id.
 *
 * @see https://docs.databricks.com/aws/en/dev-tools/auth/oauth-federation-policy
 */
function findFederated(sandbox: Sandbox, form: Record<string, string>): ServicePrincipal | undefined {
    const claims = verifyToken(form.subject_token ?? "");
    if (!claims || claims.exp * 1000 <= sandbox.now().getTime()) {
        return undefined;
    }
    const { accountId, servicePrincipals } = sandbox.world.databricks;
    return servicePrincipals.find(
        ({ applicationId, federationPolicies }) =>
            applicationId === form.client_id &&
            federationPolicies.some(
                ({ issuer, subject, audiences }) =>
                    issuer === claims.iss &&
                    subject === claims.sub &&
                    (audiences.length > 0 ? audiences : [accountId]).includes(String(claims.aud)),
            ),
    );
}

function isAccepted(sandbox: Sandbox, { principal, secret }: PresentedSecret): boolean {
    secret.tokenRequests += 1;
    return (
        principal.active &&
        secret.status === "ACTIVE" &&
        !sandbox.isPast(secret.expireTime) &&
        secret.tokenRequests > secret.activationDelay
    );
}

/** The answer to a secret that is not in force yet, as the world chose it. */
function notInForce(sandbox: Sandbox): HttpError {
    switch (sandbox.world.doubts.secretInForce) {
        case "invalidRequest400":
            return oauthError(400, "invalid_request", "Temporarily throttled");
        case "unavailable503":
            return new HttpError(503, "upstream connect error", { "content-type": "text/plain" });
        default:
            return oauthError(401, "invalid_client", "Client authentication failed");
    }
}

function oauthError(status: number, error: string, description: string): HttpError {
    return new HttpError(status, { error, error_description: description });
}
