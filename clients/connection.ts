import { z } from "zod";
import { Endpoints, endpointsOf, endpointsSchema, serviceAddress } from "./endpoints";

/** Reads one configuration value by its key, `host` of namespace `databricks` as `databricks:host`. */
export type ConfigReader = (key: string) => string | undefined;

/** How the Databricks workspace is reached and as whom. */
export type DatabricksConnection = { host: string } & (
    { kind: "token"; token: string } | { kind: "oauth-m2m"; clientId: string; clientSecret: string }
);

/** SP2: the Entra service principal that may change Power BI. */
export interface PowerBiIdentity {
    tenantId: string;
    clientId: string;
    clientSecret: string;
}

/** Everything that is needed to speak to the services. Secrets in it never leave the process. */
export interface Connection {
    databricks: DatabricksConnection;
    powerBi: PowerBiIdentity;
    endpoints: Endpoints;
}

/** A mistake in the configuration: where, what was given, what is accepted, what to do. */
export class ConfigurationError extends Error {
    constructor(readonly problems: string[]) {
        super(problems.length === 1 ? problems[0] : problems.map((problem) => `- ${problem}`).join("\n"));
        this.name = "ConfigurationError";
    }
}

const powerBiSchema = z.strictObject({
    tenantId: z.string({ error: "expected the tenant's id" }).min(1),
    clientId: z.string({ error: "expected the client id of the Entra service principal" }).min(1),
    clientSecret: z
        .string({
            error: "expected its client secret. Set it with: pulumi config set --secret --path powerBi.clientSecret",
        })
        .min(1),
});

/**
 * Reads how to reach the services, from the stack's configuration and, where the databricks provider does so too, from
 * the environment.
 *
 * @throws ConfigurationError with all that is wrong.
 */
export function readConnection(read: ConfigReader, environment: NodeJS.ProcessEnv = process.env): Connection {
    const problems: string[] = [];
    const collect = <T>(key: string, schema: z.ZodType<T>, value: unknown): T | undefined => {
        const result = schema.safeParse(value);
        problems.push(...(result.success ? [] : describeIssues(key, result.error)));
        return result.data;
    };
    const host = collect("databricks:host", serviceAddress, read("databricks:host") || environment.DATABRICKS_HOST);
    const powerBi = collect("powerBi", powerBiSchema, parseObject("powerBi", read, problems));
    const endpoints = collect("endpoints", endpointsSchema, parseObject("endpoints", read, problems) ?? {});
    const login = readDatabricksLogin(read, environment);
    if (typeof login === "string") {
        problems.push(login);
    }
    if (problems.length > 0) {
        throw new ConfigurationError(problems);
    }
    return {
        databricks: { host: host!, ...(login as Exclude<typeof login, string>) },
        powerBi: powerBi!,
        endpoints: endpointsOf(endpoints),
    };
}

/** Says of each zod issue where it is and what to do, in the words of the configuration. */
export function describeIssues(root: string, error: z.ZodError): string[] {
    return error.issues.flatMap((issue) => {
        const where = issue.path.reduce<string>(
            (path, step) => (typeof step === "number" ? `${path}[${step}]` : `${path}.${String(step)}`),
            root,
        );
        if (issue.code === "unrecognized_keys") {
            return issue.keys.map(
                (key) => `${where}.${key}: unknown key. See the README's table for the keys there are.`,
            );
        }
        return `${where}: ${issue.message}.`;
    });
}

/** Parses a structured configuration value. */
export function parseObject(key: string, read: ConfigReader, problems: string[]): unknown {
    const text = read(key);
    if (text === undefined) {
        return undefined;
    }
    try {
        return JSON.parse(text);
    } catch {
        problems.push(`${key}: expected a structure (YAML map or list), not a plain text.`);
        return undefined;
    }
}

type DatabricksLogin = { kind: "token"; token: string } | { kind: "oauth-m2m"; clientId: string; clientSecret: string };

function readDatabricksLogin(read: ConfigReader, environment: NodeJS.ProcessEnv): DatabricksLogin | string {
    const token = read("databricks:token") || environment.DATABRICKS_TOKEN;
    const clientId = read("databricks:clientId") || environment.DATABRICKS_CLIENT_ID;
    const clientSecret = read("databricks:clientSecret") || environment.DATABRICKS_CLIENT_SECRET;
    if (clientId && clientSecret) {
        return { kind: "oauth-m2m", clientId, clientSecret };
    }
    if (token) {
        return { kind: "token", token };
    }
    return (
        "databricks:token: no login for Databricks. Set databricks:token, or databricks:clientId and " +
        "databricks:clientSecret (secrets, or DATABRICKS_* in the environment)."
    );
}
