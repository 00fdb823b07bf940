import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { ConfigReader, ConfigurationError, invalid, Problems } from "../clients/config-reader";
import { Connection, isProduction, readConnection, readWorkspaces, WorkspaceValues } from "../clients/connection";
import { scopeKey, vaultName } from "../clients/entry-names";
import { Diagnostic, problem } from "../diagnostics/diagnostic";
import { credential, CredentialSettings } from "./credential";
import { plainSecrets } from "./plain-secrets";
import { sharedResourceNames } from "./resource-names";
import { PowerBiServicePrincipalSettings, powerBiServicePrincipal, rotationKey } from "./service-principal";
import { stop } from "./stop";
import { shown } from "./values";

/** The validated configuration of the stack. */
export interface Settings {
    /** The generations to keep alive; everything uses the first. */
    rotationKeys: string[];
    /** How many days before a secret's end previews begin to say so. */
    expiryWarningDays: number;
    credentials: CredentialSettings[];
    /** Whether the service principals that the stack makes are protected from deletion. */
    protect: boolean;
    /** SP2, where the stack makes it. */
    powerBiServicePrincipal?: PowerBiServicePrincipalSettings;
    connection: Connection;
    /** The values of the databricks providers of further workspaces. */
    workspaces: WorkspaceValues;
    read: ConfigReader;
}

/** The configuration keys of this project, as Pulumi.yaml declares them. */
const knownKeys = [
    "rotationKey",
    "retainedRotationKeys",
    "rotationIntervalDays",
    "expiryWarningDays",
    "protect",
    "verificationTimeoutInSeconds",
    "requestTimeoutInSeconds",
    "requestsPerMinute",
    "cloud",
    "hosts",
    "powerBi",
    "databricksWorkspaces",
    "endpoints",
    "powerBiServicePrincipal",
    "credentials",
];

/** Whether service principals are protected; `auto`: in production. */
const protect = z.enum(["true", "false", "auto"], { error: "expected true, false or auto" }).default("auto");

/** Days by which a secret has to outlive the start of its successor: time to notice that a rotation failed, and to repair. */
export const rotationMarginInDays = 3;

const days = z.coerce.number().pipe(z.int({ error: "expected a whole number of days" }).min(1).max(730));

/**
 * Reads the configuration of the stack that is running.
 *
 * @throws pulumi.RunError that lists all mistakes: where, what was given, what is accepted, what to do.
 */
export function readSettings(): Settings {
    const project = pulumi.getProject();
    const values = pulumi.runtime.allConfig();
    const full = (key: string) => (key.includes(":") ? key : `${project}:${key}`);
    const read: ConfigReader = (key) => values[full(key)];
    const own = Object.keys(values).flatMap((key) =>
        key.startsWith(`${project}:`) ? [key.slice(project.length + 1)] : [],
    );
    const secretKeys: string[] = JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]");
    const isSecret = (key: string) => secretKeys.includes(full(key));
    try {
        return parseSettings(own, read, isSecret);
    } catch (error) {
        return stop(error as Error, `The configuration of stack ${pulumi.getStack()} cannot be used:\n`);
    }
}

/**
 * Validates the configuration.
 *
 * @param keys the configured keys of the project's own namespace.
 * @param isSecret whether a key is stored encrypted; like the reader's, one of another namespace is `namespace:key`.
 * @throws ConfigurationError
 */
export function parseSettings(keys: string[], read: ConfigReader, isSecret: (key: string) => boolean): Settings {
    const problems = new Problems();
    problems.add(
        ...keys
            .filter((key) => !knownKeys.includes(key))
            .map((key) =>
                problem(
                    "unknown-key",
                    { where: /^\w+$/.test(key) ? key : shown(key) },
                    `unknown key. The keys are ${knownKeys.join(", ")}`,
                    "correct it, or take it out",
                ),
            ),
    );
    const current = problems.parse("rotationKey", rotationKey, read("rotationKey"));
    const retained =
        problems.parse(
            "retainedRotationKeys",
            z.array(rotationKey, { error: "expected a list of rotation keys" }),
            problems.structure("retainedRotationKeys", read) ?? [],
        ) ?? [];
    const principal = problems.parse(
        "powerBiServicePrincipal",
        powerBiServicePrincipal.optional(),
        problems.optionalStructure("powerBiServicePrincipal", read),
    );
    const credentials = readCredentials(read, problems, principal !== undefined);
    const expiryWarningDays = problems.parse("expiryWarningDays", days.default(14), read("expiryWarningDays")) ?? 14;
    const protection = problems.parse("protect", protect, read("protect"));
    const interval = problems.parse(
        "rotationIntervalDays",
        days.or(z.literal("0")).optional(),
        read("rotationIntervalDays"),
    );
    problems.add(
        ...sharedResourceNames(credentials, [current ?? "", ...retained]),
        ...duplicates("retainedRotationKeys", [current ?? "", ...retained]),
        ...(typeof interval === "number" ? tooShortLived(credentials, interval) : []),
    );
    const connection = attempt(() => readConnection(read), problems);
    const workspaces = connection ? readWorkspaces(read) : {};
    if (connection) {
        problems.add(
            ...mistakesOfConnection(connection, credentials),
            ...plainSecrets(connection, workspaces, read, isSecret),
        );
    }
    problems.demandNone();
    return {
        rotationKeys: [current!, ...retained],
        expiryWarningDays,
        protect: protection === "auto" ? isProduction(connection!) : protection === "true",
        credentials,
        powerBiServicePrincipal: principal,
        connection: connection!,
        workspaces,
        read,
    };
}

function readCredentials(read: ConfigReader, problems: Problems, mayBeEmpty: boolean): CredentialSettings[] {
    const list = z.array(credential, { error: "expected a list with one entry per service principal" });
    const needed = list.min(1, {
        error: "is empty; name at least one service principal with its warehouse and bindings",
    });
    const given = problems.structure("credentials", read);
    const entries = problems.parse("credentials", mayBeEmpty ? list.default([]) : needed, given) ?? [];
    const named = entries.map((entry) => ({
        ...entry,
        // Databricks writes ids in lower case, and it is them that answers are compared with.
        applicationId: entry.applicationId?.toLowerCase(),
        // As it is written: resources that there are already have it in their names.
        name: entry.servicePrincipal ?? entry.applicationId!,
    }));
    problems.add(
        ...duplicates(
            "credentials",
            named.map((entry) => entry.applicationId ?? entry.name),
        ),
        ...storedTwice(named),
    );
    return named;
}

/** Credentials whose entries in a scope or vault would have the same names: scopes and vaults ignore case. */
function storedTwice(credentials: CredentialSettings[]): Diagnostic[] {
    const owners = new Map<string, { index: number; name: string }>();
    const claim = (index: number, name: string, key: string, ...place: string[]) => {
        const entry = JSON.stringify(place).toLowerCase();
        const owner = owners.get(entry);
        owners.set(entry, owner ?? { index, name });
        const isClash = owner !== undefined && owner.name !== name;
        return isClash
            ? [
                  problem(
                      "name-clash",
                      { where: `credentials[${index}].${key}` },
                      `its entries would be those of credentials[${owner.index}], as ${shown(name)} and ` +
                          `${shown(owner.name)} differ in case only`,
                      "choose another place or name",
                  ),
              ]
            : [];
    };
    return credentials.flatMap(({ name, databricks, secretScope, keyVault }, index) => [
        ...(secretScope
            ? claim(index, name, "secretScope", "scope", databricks, secretScope.name, scopeKey(name, ""))
            : []),
        ...(keyVault ? claim(index, name, "keyVault", "vault", keyVault.name, vaultName(name, "")) : []),
    ]);
}

/** A secret has to live longer than it takes until the next one comes (DESIGN, I7). */
function tooShortLived(credentials: CredentialSettings[], intervalInDays: number): Diagnostic[] {
    const least = intervalInDays + rotationMarginInDays;
    return credentials.flatMap(({ lifetimeDays }, index) =>
        lifetimeDays >= least
            ? []
            : [
                  problem(
                      "lifetime-too-short",
                      { where: `credentials[${index}].lifetimeDays` },
                      `${lifetimeDays} days are too short for a rotation every ${intervalInDays} days`,
                      `give at least ${least}, or rotate more often (rotationIntervalDays)`,
                  ),
              ],
    );
}

function mistakesOfConnection(connection: Connection, credentials: CredentialSettings[]): Diagnostic[] {
    const { powerBi, databricks } = connection;
    const needsPowerBi = credentials.some((entry) => entry.bindings.length > 0) && powerBi === undefined;
    const unknownWorkspaces = credentials.flatMap(({ databricks: name }, index) =>
        Object.hasOwn(databricks, name)
            ? []
            : [
                  invalid(
                      `credentials[${index}].databricks`,
                      `there is no workspace ${shown(name)}. There are: ${Object.keys(databricks).map(shown).join(", ") || "none"}`,
                      "correct the name, or declare it below databricksWorkspaces",
                  ),
              ],
    );
    return [
        ...(needsPowerBi
            ? [invalid("powerBi", "expected the login of SP2, with which bindings are made", "see the README's table")]
            : []),
        ...unknownWorkspaces,
    ];
}

function attempt<T>(work: () => T, problems: Problems): T | undefined {
    try {
        return work();
    } catch (error) {
        if (error instanceof ConfigurationError) {
            problems.add(...error.problems);
            return undefined;
        }
        throw error;
    }
}

function duplicates(where: string, names: string[]): Diagnostic[] {
    const repeated = names.filter((value, index) => names.indexOf(value) !== index);
    return [...new Set(repeated)].map((value) =>
        problem("name-clash", { where }, `${shown(value)} is named twice`, "name it once"),
    );
}
