import { type FastifyInstance, type FastifyRequest } from "fastify";
import { signToken } from "../http/access-token";
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
        if (form.grant_type !== "client_credentials") {
            throw oauthError(400, "unsupported_grant_type", "Only client_credentials is supported");
        }
        const presented = findPresented(sandbox, request);
        if (!presented || !isAccepted(sandbox, presented)) {
            throw oauthError(401, "invalid_client", "Client authentication failed");
        }
        const lifetimeInSeconds = 3600;
        const issuedAt = Math.floor(sandbox.now().getTime() / 1000);
        const { applicationId } = presented.principal;
        const claims = { aud: "databricks", sub: applicationId, iat: issuedAt, exp: issuedAt + lifetimeInSeconds };
        return {
            access_token: signToken(claims),
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
