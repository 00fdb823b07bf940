import { type FastifyInstance } from "fastify";
import { createServiceServer } from "../http/service-server";
import { type Sandbox, type ServiceName } from "../sandbox";
import { databricksError, findCaller } from "./access";
import { findPresented, registerOidc } from "./oidc";
import { registerPrincipalSecrets } from "./principal-secrets";
import { registerSecretScopes } from "./secret-scopes";
import { registerServicePrincipals } from "./service-principals";
import { registerStatements } from "./statements";
import { registerUnityCatalog } from "./unity-catalog";
import { registerWarehouses } from "./warehouses";

/** A Databricks workspace. */
export function createDatabricks(sandbox: Sandbox, service: ServiceName = "databricks"): FastifyInstance {
    const server = createServiceServer({
        sandbox,
        service,
        identify: (request) => {
            const presented = request.url.startsWith("/oidc/v1/token") ? findPresented(sandbox, request) : undefined;
            request.presentedSecretId = presented?.secret.id;
            request.caller = presented?.principal.applicationId ?? findCaller(sandbox, request)?.name ?? "anonymous";
        },
        notFound: (request) =>
            databricksError(
                404,
                "ENDPOINT_NOT_FOUND",
                `No API found for '${request.method} ${request.url.split("?")[0]}'`,
            ),
        failure: (status, message) =>
            databricksError(status, status === 400 ? "MALFORMED_REQUEST" : "INTERNAL_ERROR", message),
    });
    registerOidc(server, sandbox);
    registerServicePrincipals(server, sandbox);
    registerPrincipalSecrets(server, sandbox);
    registerWarehouses(server, sandbox);
    registerUnityCatalog(server, sandbox);
    registerSecretScopes(server, sandbox);
    registerStatements(server, sandbox);
    return server;
}
