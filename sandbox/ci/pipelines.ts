import { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { bearerToken, signToken } from "../http/access-token";
import { type Sandbox } from "../sandbox";

/** Whom tokens of GitHub Actions come from (docs.github.com, OpenID Connect reference). */
export const githubIssuer = "https://token.actions.githubusercontent.com";
/** Whom tokens of an Azure DevOps organization come from. */
export const azureDevOpsIssuer = "https://vstoken.dev.azure.com/00000000-0000-4000-8000-0000000000ad";

/** What a pipeline's job finds in its environment: the issuers of tokens that say which job it is. */
export function registerPipelines(server: FastifyInstance, sandbox: Sandbox): void {
    const issue = (request: FastifyRequest, reply: FastifyReply, claims: { iss: string; sub: string; aud: string }) => {
        if (bearerToken(request.headers.authorization) !== sandbox.world.ci.jobToken) {
            void reply.code(401);
            return undefined;
        }
        const issuedAt = Math.floor(sandbox.now().getTime() / 1000);
        return sandbox.issued.note(signToken({ ...claims, iat: issuedAt, exp: issuedAt + 300 }));
    };
    server.get<{ Querystring: { audience?: string } }>("/ci/github/token", async (request, reply) => {
        const { audience: aud = "https://github.com/example" } = request.query;
        return { value: issue(request, reply, { iss: githubIssuer, sub: sandbox.world.ci.githubSubject, aud }) };
    });
    const azureDevOps = async (request: FastifyRequest, reply: FastifyReply) => {
        const claims = {
            iss: azureDevOpsIssuer,
            sub: sandbox.world.ci.azureDevOpsSubject,
            aud: "api://AzureADTokenExchange",
        };
        return { oidcToken: issue(request, reply, claims) };
    };
    server.post(
        "/ci/azure-devops/:project/_apis/distributedtask/hubs/:hub/plans/:plan/jobs/:job/oidctoken",
        azureDevOps,
    );
    server.post("/ci/azure-devops/oidc", azureDevOps);
}
