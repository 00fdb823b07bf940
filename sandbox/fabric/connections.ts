import { randomUUID } from "node:crypto";
import { type FastifyInstance, type FastifyRequest } from "fastify";
import { canBeStored, gatewayOf } from "../power-bi/credential-details";
import { query } from "../power-bi/connector";
import { queryStored } from "../power-bi/stored-credential";
import { type Sandbox } from "../sandbox";
import { type Datasource } from "../world/power-bi-world";
import { demandCaller, fabricError } from "./access";
import { demand, readCredentials, updateRequest } from "./connection-credentials";

interface ById {
    Params: { connection: string };
}

/** A long-running operation: its result is there at the second look. */
interface Operation {
    looks: number;
    result: Promise<unknown>;
}

/** Connections of gateways: what Power BI calls datasources. */
export function registerConnections(server: FastifyInstance, sandbox: Sandbox): void {
    const operations = new Map<string, Operation>();

    server.get<{ Querystring: { continuationToken?: string } }>("/connections", async (request) => {
        const caller = demandCaller(sandbox, request);
        const { datasources, fabricPageSize } = sandbox.world.powerBi;
        const visible = datasources.filter((item) => gatewayOf(sandbox, item)?.admins.includes(caller));
        const start = Number(request.query.continuationToken ?? 0);
        const next = start + fabricPageSize;
        const value = visible.slice(start, next).map((item) => render(sandbox, item));
        const more = next < visible.length;
        const continuationUri = more ? `${sandbox.urls.fabric}/v1/connections?continuationToken=${next}` : null;
        return { value, continuationToken: more ? String(next) : null, continuationUri };
    });
    server.get<ById>("/connections/:connection", async (request) =>
        render(sandbox, demandConnection(sandbox, request)),
    );
    server.patch<ById>("/connections/:connection", async (request) => {
        const datasource = demandConnection(sandbox, request);
        const update = demand(updateRequest, request.body);
        if (update.connectivityType !== connectivityOf(sandbox, datasource)) {
            throw fabricError(400, "InvalidConnectivityType", `The connection is not ${update.connectivityType}`);
        }
        const { credentials, singleSignOnType, connectionEncryption, skipTestConnection } = update.credentialDetails;
        const { ciphertexts, ...received } = readCredentials(credentials, gatewayOf(sandbox, datasource));
        const credential = {
            ...received,
            credentialType: "Basic" as const,
            encryptedConnection:
                connectionEncryption === "NotEncrypted" ? ("NotEncrypted" as const) : ("Encrypted" as const),
            encryptionAlgorithm: ciphertexts.length > 0 ? ("RSA-OAEP" as const) : ("None" as const),
            privacyLevel: update.privacyLevel ?? datasource.credential?.privacyLevel ?? "Organizational",
            useEndUserOAuth2Credentials: singleSignOnType !== "None",
        };
        if (!canBeStored(sandbox, credential)) {
            throw fabricError(400, "InvalidCredentialDetails", "Basic credentials cannot be used with single sign-on");
        }
        const result = skipTestConnection ? { ok: true as const } : await query(sandbox, datasource, credential);
        if (!result.ok) {
            throw fabricError(400, "IncorrectCredentials", `${result.error.code}: ${result.error.message}`);
        }
        // The test took a while: the world may be another one by now.
        const stored = demandConnection(sandbox, request);
        Object.assign(stored, { credential, ciphertexts, singleSignOnType });
        return render(sandbox, stored);
    });

    server.post<ById>("/connections/:connection/testConnection", async (request, reply) => {
        const datasource = demandConnection(sandbox, request);
        const id = randomUUID();
        const result = queryStored(sandbox, datasource).then((outcome) =>
            outcome.ok
                ? { status: "Online", errors: [] }
                : { status: "Offline", errors: [{ errorCode: outcome.error.code, message: outcome.error.message }] },
        );
        if (sandbox.world.doubts.testConnection === "atOnce") {
            return reply.code(200).send(await result);
        }
        operations.set(id, { looks: 0, result });
        return reply
            .code(202)
            .headers({
                Location: `${sandbox.urls.fabric}/v1/operations/${id}`,
                "x-ms-operation-id": id,
                "Retry-After": "1",
            })
            .send();
    });
    server.get<{ Params: { id: string } }>("/operations/:id", async (request) => {
        demandCaller(sandbox, request);
        const operation = demandOperation(operations, request.params.id);
        operation.looks += 1;
        const isDone = operation.looks > 1;
        return { status: isDone ? "Succeeded" : "Running", percentComplete: isDone ? 100 : 50, error: null };
    });
    server.get<{ Params: { id: string } }>("/operations/:id/result", async (request) => {
        demandCaller(sandbox, request);
        return demandOperation(operations, request.params.id).result;
    });
}

function demandOperation(operations: Map<string, Operation>, id: string): Operation {
    const operation = operations.get(id);
    if (!operation) {
        throw fabricError(404, "OperationNotFound", "The requested operation could not be found");
    }
    return operation;
}

function demandConnection(sandbox: Sandbox, request: FastifyRequest<ById>): Datasource {
    const caller = demandCaller(sandbox, request);
    const found = sandbox.world.powerBi.datasources.find(
        ({ datasourceId }) => datasourceId === request.params.connection,
    );
    if (!found || !gatewayOf(sandbox, found)?.admins.includes(caller)) {
        throw fabricError(404, "ConnectionNotFound", "The requested connection could not be found");
    }
    return found;
}

function connectivityOf(sandbox: Sandbox, datasource: Datasource): string {
    return gatewayOf(sandbox, datasource)?.type === "OnPremises" ? "OnPremisesGateway" : "VirtualNetworkGateway";
}

function render(sandbox: Sandbox, datasource: Datasource) {
    const { credential } = datasource;
    return {
        id: datasource.datasourceId,
        displayName: datasource.name,
        gatewayId: datasource.gatewayId,
        connectivityType: connectivityOf(sandbox, datasource),
        connectionDetails: { type: datasource.kind, path: `${datasource.host};${datasource.httpPath}` },
        privacyLevel: credential?.privacyLevel ?? "Organizational",
        credentialDetails: {
            credentialType: credential?.credentialType ?? "Anonymous",
            singleSignOnType: datasource.singleSignOnType,
            connectionEncryption: credential?.encryptedConnection ?? "NotEncrypted",
            skipTestConnection: false,
        },
    };
}
