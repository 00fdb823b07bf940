import { type FastifyInstance, type FastifyRequest } from "fastify";
import { z } from "zod";
import { HttpError } from "../http/service-server";
import { type Sandbox } from "../sandbox";
import { type Credential, type Datasource } from "../world/power-bi-world";
import { demandCaller, powerBiError } from "./access";
import { type ConnectorError, query } from "./connector";

interface ByDatasource {
    Params: { gateway: string; datasource: string };
}

const credentialDetails = z.object({
    credentialType: z.enum(["Basic", "Windows", "Anonymous", "OAuth2", "Key", "SAS"]),
    credentials: z.string(),
    encryptedConnection: z.enum(["Encrypted", "NotEncrypted"]),
    encryptionAlgorithm: z.enum(["None", "RSA-OAEP"]),
    privacyLevel: z.enum(["None", "Public", "Organizational", "Private"]),
    useCallerAADIdentity: z.boolean().optional(),
    useEndUserOAuth2Credentials: z.boolean().optional(),
});

const credentialData = z.object({ credentialData: z.array(z.object({ name: z.string(), value: z.string() })) });

/** Gateways and their datasources; the cloud's stand under virtual gateways. */
export function registerGateways(server: FastifyInstance, sandbox: Sandbox): void {
    server.get("/gateways", async (request) => {
        demandCaller(sandbox, request);
        return { value: [] };
    });
    server.get<ByDatasource>("/gateways/:gateway", async (request) => {
        demandCaller(sandbox, request);
        throw powerBiError(404, "PowerBIEntityNotFound");
    });
    server.get<ByDatasource>("/gateways/:gateway/datasources/:datasource", async (request) =>
        render(demandOwned(sandbox, request)),
    );
    server.get<ByDatasource>("/gateways/:gateway/datasources/:datasource/status", async (request, reply) => {
        const datasource = demandOwned(sandbox, request);
        const result = await query(sandbox, datasource, datasource.credential);
        if (!result.ok) {
            throw connectionError(result.error);
        }
        return reply.code(200).send();
    });
    server.patch<ByDatasource & { Body: { credentialDetails?: unknown } }>(
        "/gateways/:gateway/datasources/:datasource",
        async (request, reply) => {
            const { datasourceId } = demandOwned(sandbox, request);
            const credential = readCredential(request.body?.credentialDetails);
            const result = await query(sandbox, demandOwned(sandbox, request), credential);
            if (!result.ok) {
                throw connectionError(result.error);
            }
            // The test took a while: the world may be another one by now.
            const stored = sandbox.world.powerBi.datasources.find((item) => item.datasourceId === datasourceId);
            if (stored) {
                stored.credential = credential;
            }
            return reply.code(200).send();
        },
    );
}

function demandOwned(sandbox: Sandbox, request: FastifyRequest<ByDatasource>): Datasource {
    const caller = demandCaller(sandbox, request);
    const { gateway, datasource: id } = request.params;
    const datasource = sandbox.world.powerBi.datasources.find(
        (candidate) => candidate.datasourceId === id && candidate.gatewayId === gateway,
    );
    if (!datasource) {
        throw powerBiError(404, "PowerBIEntityNotFound");
    }
    if (datasource.owner !== caller) {
        throw powerBiError(401, "PowerBINotAuthorizedException");
    }
    return datasource;
}

function readCredential(details: unknown): Credential {
    const parsed = credentialDetails.safeParse(details);
    if (!parsed.success) {
        const { path, message } = parsed.error.issues[0];
        throw powerBiError(400, "InvalidRequest", `credentialDetails.${path.join(".")}: ${message}`);
    }
    const { credentialType, credentials, ...rest } = parsed.data;
    if (rest.encryptionAlgorithm !== "None") {
        throw powerBiError(400, "InvalidRequest", "A cloud datasource takes encryptionAlgorithm None only");
    }
    const data = credentialData.safeParse(parseJson(credentials));
    if (!data.success) {
        throw powerBiError(400, "DM_GWPipeline_Client_InvalidCredentials", "credentials is not valid");
    }
    const value = (name: string) => data.data.credentialData.find((item) => item.name === name)?.value;
    return {
        credentialType,
        username: value("username"),
        password: value("password"),
        key: value("key"),
        accessToken: value("accessToken"),
        encryptedConnection: rest.encryptedConnection,
        encryptionAlgorithm: rest.encryptionAlgorithm,
        privacyLevel: rest.privacyLevel,
        useEndUserOAuth2Credentials: rest.useEndUserOAuth2Credentials ?? false,
    };
}

function connectionError(error: ConnectorError): HttpError {
    const { code, message: value } = error;
    const details = [
        { code: "DM_ErrorDetailNameCode_UnderlyingErrorMessage", detail: { type: 1, value } },
        { code: "DM_ErrorDetailNameCode_UnderlyingErrorCode", detail: { type: 1, value: "-2147467259" } },
    ];
    return new HttpError(400, { error: { code, "pbi.error": { code, parameters: {}, details, exceptionCulprit: 1 } } });
}

function render(datasource: Datasource) {
    const path = JSON.stringify({ host: datasource.host, httpPath: datasource.httpPath });
    return {
        id: datasource.datasourceId,
        gatewayId: datasource.gatewayId,
        datasourceType: "Extension",
        // Encoded twice, as the service does it for gateways' datasources.
        connectionDetails: JSON.stringify({ extensionDataSourceKind: datasource.kind, extensionDataSourcePath: path }),
        credentialType: datasource.credential?.credentialType ?? "NotSpecified",
        credentialDetails: {
            useEndUserOAuth2Credentials: datasource.credential?.useEndUserOAuth2Credentials ?? false,
        },
    };
}

function parseJson(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}
