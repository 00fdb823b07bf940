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
        const principal =
            form.grant_type === tokenExchange ? findFederated(sandbox, form) : findBySecret(sandbox, request);
        if (!principal?.active) {
            throw oauthError(401, "invalid_client", "Client authentication failed");
        }
        const lifetimeInSeconds = 3600;
        const issuedAt = Math.floor(sandbox.now().getTime() / 1000);
        const { workspaceId: workspace } = sandbox.world.databricks;
        const claims = { aud: "databricks", workspace, sub: principal.applicationId };
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

function findBySecret(sandbox: Sandbox, request: FastifyRequest): ServicePrincipal | undefined {
    const presented = findPresented(sandbox, request);
    if (!presented || !isAccepted(sandbox, presented)) {
        return undefined;
    }
    // A login of Power BI's connector is no test that somebody made beforehand.
    presented.secret.verifiedLogins += isOfConnector(request) ? 0 : 1;
    return presented.principal;
}

/** The service principal whose federation policy trusts a foreign token (docs.databricks.com, OAuth token federation). */
function findFederated(sandbox: Sandbox, form: Record<string, string>): ServicePrincipal | undefined {
    const claims = verifyToken(form.subject_token ?? "");
    if (!claims || claims.exp * 1000 <= sandbox.now().getTime()) {
        return undefined;
    }
    return sandbox.world.databricks.servicePrincipals.find(
        ({ applicationId, federationPolicies }) =>
            applicationId === form.client_id &&
            federationPolicies.some(
                ({ issuer, subject, audience }) =>
                    issuer === claims.iss &&
                    subject === claims.sub &&
                    (audience === undefined || audience === claims.aud),
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

function oauthError(status: number, error: string, description: string): HttpError {
    return new HttpError(status, { error, error_description: description });
}
