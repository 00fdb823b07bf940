import { randomUUID } from "node:crypto";
import { type FastifyInstance } from "fastify";
import { z } from "zod";
import { type Sandbox } from "../sandbox";
import { type Datasource } from "../world/power-bi-world";
import { demandCaller, fabricError } from "./access";
import { credentialDetails, demand, privacyLevel, testedCredentials } from "./connection-credentials";
import { renderConnection } from "./connection-shape";

/** The kinds of Databricks that there are connections for; each has one way to make one. */
const kinds = ["Databricks", "DatabricksMultiCloud"];
const parameters = ["host", "httpPath"];

const createRequest = z.object({
    connectivityType: z.literal("ShareableCloud"),
    displayName: z.string().min(1).max(200),
    connectionDetails: z.object({
        type: z.string(),
        creationMethod: z.string(),
        parameters: z.array(z.object({ dataType: z.string(), name: z.string(), value: z.unknown() })),
    }),
    privacyLevel: privacyLevel.default("Organizational"),
    credentialDetails,
    allowConnectionUsageInGateway: z.boolean().optional(),
    allowUsageInUserControlledCode: z.boolean().optional(),
});

/**
 * Makes shareable cloud connections, and says which kinds there are; connections of gateways are made by people.
 *
 * @see https://learn.microsoft.com/rest/api/fabric/core/connections/create-connection
 */
export function registerConnectionCreation(server: FastifyInstance, sandbox: Sandbox): void {
    server.get("/connections/supportedConnectionTypes", async (request) => {
        demandCaller(sandbox, request);
        return { value: kinds.map(renderKind) };
    });
    server.post("/connections", async (request, reply) => {
        const caller = demandCaller(sandbox, request);
        if (!sandbox.world.powerBi.connectionCreationAllowed) {
            throw fabricError(403, "InsufficientPrivileges", "The tenant lets no service principal create connections");
        }
        const body = demand(createRequest, request.body);
        const { type, ...details } = body.connectionDetails;
        refuseUsedName(sandbox, body.displayName);
        const id = randomUUID();
        const connection: Datasource = {
            datasourceId: id,
            gatewayId: randomUUID(),
            name: body.displayName,
            owner: "",
            roles: [{ principal: caller, role: "Owner" }],
            shareable: true,
            cloud: true,
            kind: type,
            ...readTarget(type, details),
            credential: null,
            ciphertexts: [],
            singleSignOnType: "None",
        };
        const stored = await testedCredentials(
            sandbox,
            connection,
            body.credentialDetails,
            body.privacyLevel,
            "CreateGatewayConnectionFailed",
        );
        // The test took a while: somebody else may have made one of that name.
        refuseUsedName(sandbox, body.displayName);
        sandbox.world.powerBi.datasources.push({ ...connection, ...stored });
        return reply.code(201).send(renderConnection(sandbox, { ...connection, ...stored }));
    });
}

/**
 * Names of connections are unique in the tenant, whoever sees them; personal ones have none.
 *
 * @throws HttpError 409
 */
export function refuseUsedName(sandbox: Sandbox, name: string, except?: Datasource): void {
    const { datasources } = sandbox.world.powerBi;
    if (datasources.some((other) => other.name === name && other.datasourceId !== except?.datasourceId)) {
        throw fabricError(409, "DuplicateConnectionName", "The connection name is already in use");
    }
}

/** @throws HttpError 400 */
function readTarget(
    type: string,
    details: Omit<z.infer<typeof createRequest>["connectionDetails"], "type">,
): Pick<Datasource, "host" | "httpPath"> {
    const refuse = (reason: string) => fabricError(400, "InvalidConnectionDetails", reason);
    if (!kinds.includes(type) || details.creationMethod !== methodOf(type)) {
        throw refuse(`${type} has no creation method ${details.creationMethod}`);
    }
    const [host, httpPath] = parameters.map((name) => {
        const given = details.parameters.find((parameter) => parameter.name === name);
        if (given?.dataType !== "Text" || typeof given.value !== "string" || given.value === "") {
            throw refuse(`the parameter ${name} is a text, and required`);
        }
        return given.value;
    });
    if (details.parameters.length > parameters.length) {
        throw refuse(`the parameters are ${parameters.join(" and ")}`);
    }
    return { host, httpPath };
}

function methodOf(kind: string): string {
    return `${kind}.Catalogs`;
}

function renderKind(kind: string) {
    return {
        type: kind,
        creationMethods: [
            {
                name: methodOf(kind),
                parameters: parameters.map((name) => ({ name, dataType: "Text", required: true })),
            },
        ],
        supportedCredentialTypes: ["OAuth2", "Basic", "Key"],
        supportedConnectionEncryptionTypes: ["NotEncrypted"],
        supportsSkipTestConnection: true,
    };
}
