import { createHash, randomBytes, randomUUID } from "node:crypto";
import { type FastifyInstance } from "fastify";
import { type ChosenDoubts } from "../doubts";
import { type Sandbox } from "../sandbox";
import { type ServicePrincipal, type ServicePrincipalSecret } from "../world/databricks-world";
import { databricksError, demandAdmin } from "./access";
import { demandKnownPrincipal } from "./new-principals";

const path = "/api/2.0/accounts/servicePrincipals/:principalId/credentials/secrets";
const maxLifetimeInSeconds = 63_072_000;
const pageSize = 100;

interface Params {
    principalId: string;
    secretId: string;
}

/** OAuth secrets of service principals, through the workspace's proxy of the account API. */
export function registerPrincipalSecrets(server: FastifyInstance, sandbox: Sandbox): void {
    const find = (id: string): ServicePrincipal => {
        const found = sandbox.world.databricks.servicePrincipals.find((principal) => principal.id === id);
        const message = `Service principal ${id} does not exist.`;
        if (!found) {
            throw databricksError(404, "RESOURCE_DOES_NOT_EXIST", message);
        }
        demandKnownPrincipal(sandbox, "secrets", found.applicationId, message);
        return found;
    };

    server.post<{ Params: Params; Body: { lifetime?: string } }>(path, async (request) => {
        demandAdmin(sandbox, request);
        const principal = find(request.params.principalId);
        const lifetime = lifetimeOf(request.body?.lifetime);
        const limit = sandbox.world.databricks.secretsPerServicePrincipal;
        if (principal.secrets.length >= limit) {
            const message = `Service principal ${principal.id} has reached the maximum of ${limit} secrets.`;
            const [status, code] = limitErrors[sandbox.world.doubts.secretLimit];
            throw databricksError(status, code, message);
        }
        const now = sandbox.now();
        const secret: ServicePrincipalSecret = {
            id: randomUUID(),
            secret: sandbox.issued.note(`dose${randomBytes(16).toString("hex")}`),
            status: "ACTIVE",
            createTime: now.toISOString(),
            updateTime: now.toISOString(),
            expireTime: new Date(now.getTime() + lifetime * 1000).toISOString(),
            tokenRequests: 0,
            verifiedLogins: 0,
            activationDelay: sandbox.world.databricks.activationDelay,
        };
        principal.secrets.push(secret);
        if (sandbox.world.doubts.secretInForce !== "atOnce") {
            sandbox.notYet.begin(`secret ${secret.id}`);
        }
        return { ...render(secret), secret: secret.secret };
    });

    server.get<{ Params: Params; Querystring: { page_token?: string } }>(path, async (request) => {
        demandAdmin(sandbox, request);
        const { secrets } = find(request.params.principalId);
        const start = Number(request.query.page_token ?? 0);
        const page = secrets.slice(start, start + pageSize);
        const next = start + pageSize < secrets.length ? { next_page_token: String(start + pageSize) } : {};
        return page.length === 0 ? {} : { secrets: page.map((secret) => listed(sandbox, secret)), ...next };
    });

    server.delete<{ Params: Params }>(`${path}/:secretId`, async (request) => {
        demandAdmin(sandbox, request);
        const principal = find(request.params.principalId);
        const { secretId } = request.params;
        if (!principal.secrets.some((secret) => secret.id === secretId)) {
            throw databricksError(404, "RESOURCE_DOES_NOT_EXIST", `Secret ${secretId} does not exist.`);
        }
        principal.secrets = principal.secrets.filter((secret) => secret.id !== secretId);
        return {};
    });
}

function lifetimeOf(text: string | undefined): number {
    const seconds = Number(/^(\d+)s$/.exec(text ?? `${maxLifetimeInSeconds}s`)?.[1]);
    if (!(seconds > 0 && seconds <= maxLifetimeInSeconds)) {
        throw databricksError(
            400,
            "INVALID_PARAMETER_VALUE",
            `lifetime must be between 1s and ${maxLifetimeInSeconds}s.`,
        );
    }
    return seconds;
}

const limitErrors = {
    badRequest400: [400, "INVALID_PARAMETER_VALUE"],
    exhausted429: [429, "RESOURCE_EXHAUSTED"],
    quota403: [403, "QUOTA_EXCEEDED"],
} as const satisfies Record<ChosenDoubts["secretLimit"], readonly [number, string]>;

/** A secret in the list, which may show less of it than the answer that made it. */
function listed(sandbox: Sandbox, secret: ServicePrincipalSecret) {
    const { expire_time, status, ...rest } = render(secret);
    switch (sandbox.world.doubts.secretListing) {
        case "noExpiry":
            return { ...rest, status };
        case "noStatus":
            return { ...rest, expire_time };
        case "idsOnly":
            return { id: secret.id };
        default:
            return { ...rest, status, expire_time };
    }
}

function render(secret: ServicePrincipalSecret) {
    return {
        id: secret.id,
        secret_hash: createHash("sha256").update(secret.secret).digest("hex"),
        status: secret.status,
        create_time: secret.createTime,
        update_time: secret.updateTime,
        expire_time: secret.expireTime,
    };
}
