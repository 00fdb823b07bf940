import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import {
    ConfigReader,
    ConfigurationError,
    Connection,
    describeIssues,
    parseObject,
    readConnection,
} from "./clients/connection";
import { isLoopback } from "./clients/endpoints";

/** A rotation key names a generation of secrets; it becomes part of resource names. */
const rotationKey = z
    .string({ error: 'expected a text that names the generation, like "2026-12"' })
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, {
        error: (issue) =>
            `${shown(issue.input)} is no rotation key; accepted are letters, digits, ".", "_" and "-", at most 64`,
    });

const name = z.string({ error: "expected a name or an id" }).trim().min(1, { error: "must not be empty" });

const grant = z
    .strictObject({
        catalog: name,
        schema: name.optional(),
        table: name.optional(),
    })
    .refine((value) => value.schema !== undefined || value.table === undefined, {
        error: "a table needs its schema; write { catalog, schema, table }",
    });

const datasetBinding = z.strictObject({
    /** The workspace's name or id. */
    workspace: name,
    /** The dataset's name or id. */
    dataset: name,
    /** Whether the dataset is refreshed after each change of its credential, and whether that is waited for. */
    refresh: z.union([z.boolean(), z.literal("wait")], { error: 'expected true, false or "wait"' }).default(false),
    /** Whether a take-over may drop the former owner's credentials of the dataset's other cloud sources. */
    allowCredentialLoss: z.boolean({ error: "expected true or false" }).default(false),
});

const secretScope = z.strictObject({
    name,
    /** Whether the stack makes the scope. */
    create: z.boolean({ error: "expected true or false" }).default(true),
    /** Users (by e-mail), groups (by name) or service principals (by application id) that may read the entries. */
    readers: z.array(name, { error: "expected a list of names" }).default([]),
});

const maxLifetimeInDays = 730;

const credential = z
    .strictObject({
        /** The display name of the Databricks service principal to create. */
        servicePrincipal: name.optional(),
        /** The application id of one that exists, to adopt. */
        applicationId: z.guid({ error: "expected the application id (a GUID) of a service principal" }).optional(),
        /** The warehouse's name or id. */
        warehouse: name,
        lifetimeDays: z
            .int({ error: `expected a whole number of days from 1 to ${maxLifetimeInDays}` })
            .min(1, { error: lifetimeError })
            .max(maxLifetimeInDays, { error: lifetimeError })
            .default(90),
        /** `query` runs SELECT 1 on the warehouse with a new secret before it is bound; `token` only logs in. */
        verification: z.enum(["query", "token"], { error: 'expected "query" or "token"' }).default("query"),
        privacyLevel: z
            .enum(["None", "Public", "Organizational", "Private"], {
                error: "expected None, Public, Organizational or Private",
            })
            .default("Organizational"),
        grants: z.array(grant, { error: "expected a list of { catalog, schema, table }" }).default([]),
        secretScope: secretScope.optional(),
        bindings: z.array(datasetBinding, { error: "expected a list of { workspace, dataset }" }).default([]),
    })
    .refine((value) => (value.servicePrincipal === undefined) !== (value.applicationId === undefined), {
        error: "name either servicePrincipal (to create one) or applicationId (to adopt one that exists)",
    });

const credentials = z.array(credential, { error: "expected a list with one entry per service principal" }).min(1, {
    error: "is empty; name at least one service principal with its warehouse and bindings",
});

/** One service principal of Databricks with all that hangs on it. */
export type CredentialSettings = z.output<typeof credential> & {
    /** How the entry is called in resource names: the service principal's name, or the application id. */
    name: string;
};

/** One dataset to bind. */
export type DatasetBinding = z.output<typeof datasetBinding>;

/** What may be read of which data. */
export type GrantSettings = z.output<typeof grant>;

/** Where credentials are stored for others. */
export type SecretScopeSettings = z.output<typeof secretScope>;

/** The validated configuration of the stack. */
export interface Settings {
    /** The generations to keep alive; everything uses the first. */
    rotationKeys: string[];
    credentials: CredentialSettings[];
    connection: Connection;
    read: ConfigReader;
}

/** The configuration keys of this project, as Pulumi.yaml declares them. */
const knownKeys = [
    "rotationKey",
    "retainedRotationKeys",
    "verificationTimeoutInSeconds",
    "powerBi",
    "endpoints",
    "credentials",
];

/**
 * Reads the configuration of the stack that is running.
 *
 * @throws pulumi.RunError that lists all mistakes: where, what was given, what is accepted, what to do.
 */
export function readSettings(): Settings {
    const project = pulumi.getProject();
    const values = pulumi.runtime.allConfig();
    const read: ConfigReader = (key) => values[key.includes(":") ? key : `${project}:${key}`];
    const own = Object.keys(values).flatMap((key) =>
        key.startsWith(`${project}:`) ? [key.slice(project.length + 1)] : [],
    );
    const secretKeys: string[] = JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]");
    const isSecret = (key: string) => secretKeys.includes(`${project}:${key}`);
    try {
        return parseSettings(own, read, isSecret);
    } catch (error) {
        if (error instanceof ConfigurationError) {
            throw new pulumi.RunError(
                `The configuration of stack ${pulumi.getStack()} cannot be used:\n${error.message}`,
            );
        }
        throw error;
    }
}

/**
 * Validates the configuration.
 *
 * @param keys the configured keys of the project's own namespace.
 * @param isSecret whether a key of it is stored encrypted.
 * @throws ConfigurationError
 */
export function parseSettings(keys: string[], read: ConfigReader, isSecret: (key: string) => boolean): Settings {
    const problems = keys
        .filter((key) => !knownKeys.includes(key))
        .map((key) => `${key}: unknown key. The keys are ${knownKeys.join(", ")}.`);
    const parse = <T>(key: string, schema: z.ZodType<T>, value: unknown): T | undefined => {
        const result = schema.safeParse(value);
        problems.push(...(result.success ? [] : describeIssues(key, result.error)));
        return result.data;
    };
    const current = parse("rotationKey", rotationKey, read("rotationKey"));
    const retained = parse(
        "retainedRotationKeys",
        z.array(rotationKey, { error: "expected a list of rotation keys" }),
        parseObject("retainedRotationKeys", read, problems) ?? [],
    );
    const entries = parse("credentials", credentials, parseObject("credentials", read, problems));
    const named = (entries ?? []).map((entry) => ({ ...entry, name: entry.servicePrincipal ?? entry.applicationId! }));
    problems.push(
        ...duplicates(
            "credentials",
            named.map((entry) => entry.name),
        ),
    );
    problems.push(...duplicates("retainedRotationKeys", [current ?? "", ...(retained ?? [])]));
    const connection = attempt(() => readConnection(read), problems);
    if (connection && !isSecret("powerBi") && !isLoopback(connection.endpoints.entra)) {
        problems.push(
            "powerBi.clientSecret: is stored as plain text. Store it encrypted: " +
                "pulumi config set --secret --path powerBi.clientSecret",
        );
    }
    if (problems.length > 0) {
        throw new ConfigurationError(problems);
    }
    return { rotationKeys: [current!, ...retained!], credentials: named, connection: connection!, read };
}

function attempt<T>(work: () => T, problems: string[]): T | undefined {
    try {
        return work();
    } catch (error) {
        if (error instanceof ConfigurationError) {
            problems.push(...error.problems);
            return undefined;
        }
        throw error;
    }
}

function duplicates(where: string, names: string[]): string[] {
    const repeated = names.filter((value, index) => names.indexOf(value) !== index);
    return [...new Set(repeated)].map((value) => `${where}: ${shown(value)} is named twice; name it once.`);
}

function lifetimeError(issue: { input?: unknown }): string {
    return `${String(issue.input)} days cannot be; Databricks accepts secrets that live 1 to ${maxLifetimeInDays} days`;
}

function shown(value: unknown): string {
    return JSON.stringify(value);
}
