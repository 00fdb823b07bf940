import { z } from "zod";
import { mainWorkspace } from "../clients/connection";
import { scopeName } from "../clients/secret-scope-name";
import { binding } from "./binding";
import { release } from "./release";
import { flag, name, shown, text } from "./values";

/**
 * The name of a catalog, a schema or a table (docs.databricks.com, SQL names: no dots, spaces, slashes and control
 * characters, 255 at most). Backticks quote names in SQL and are no part of them.
 */
const securableName = name.refine((value) => /^[^./`\s]{1,255}$/.test(value), {
    error: (issue) =>
        `${shown(issue.input)} cannot be a name in Unity Catalog; expected one part, without dots, spaces, slashes and ` +
        "backticks: write { catalog, schema, table } apart",
});

/** An entry of `credentials[].grants`: what may be read. */
export const grant = z
    .strictObject({
        catalog: securableName,
        schema: securableName.optional(),
        table: securableName.optional(),
    })
    .refine((value) => value.schema !== undefined || value.table === undefined, {
        error: "a table needs its schema; write { catalog, schema, table }",
    });

const secretScope = z.strictObject({
    name: scopeName,
    /** Whether the stack makes the scope. */
    create: flag.default(true),
    /** Users (by e-mail), groups (by name) or service principals (by application id) that may read the entries. */
    readers: z.array(name, { error: "expected a list of names" }).default([]),
});

/** An Azure Key Vault that exists (learn.microsoft.com, Naming rules and restrictions for Azure resources). */
export const keyVault = z.strictObject({
    resourceGroup: name.regex(/^[\p{L}\p{N}_.()-]{0,89}[\p{L}\p{N}_()-]$/u, {
        error: "expected the name of a resource group: letters, digits, _ . ( ) and -, 90 at most, no dot at the end",
    }),
    name: name.regex(/^[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]$/, {
        error: "expected the name of a key vault: 3 to 24 letters, digits and -, with a letter at the beginning",
    }),
});

const maxLifetimeInDays = 730;

/** An entry of `credentials`. */
export const credential = z
    .strictObject({
        /** The display name of the Databricks service principal to create. */
        servicePrincipal: name.optional(),
        /** The application id of one that exists, to adopt. */
        applicationId: z.guid({ error: "expected the application id (a GUID) of a service principal" }).optional(),
        /** The Databricks workspace: a name below `databricksWorkspaces`; default that of `databricks:host`. */
        databricks: name.default(mainWorkspace),
        /** The warehouse's name or id, its HTTP path, or the browser's address of its page. */
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
        keyVault: keyVault.optional(),
        /** Whether secrets of the service principal that are in no state are deleted; else previews only tell them. */
        cleanUpUnknownSecrets: flag.default(false),
        /** A command that runs after each rotation, with ids in its environment. */
        afterRotation: text.optional(),
        /** What earlier runs bound, is not found any more and is let go on purpose. */
        release: z
            .array(release, { error: "expected a list of { workspace, dataset } or { gateway, datasource }" })
            .default([]),
        bindings: z.array(binding, { error: "expected a list of { workspace, dataset }" }).default([]),
    })
    .refine((value) => (value.servicePrincipal === undefined) !== (value.applicationId === undefined), {
        error: "name either servicePrincipal (to create one) or applicationId (to adopt one that exists)",
    });

/** One service principal of Databricks with all that hangs on it. */
export type CredentialSettings = z.output<typeof credential> & {
    /** How the entry is called in resource names: the service principal's name, or the application id. */
    name: string;
};

function lifetimeError(issue: { input?: unknown }): string {
    return `${String(issue.input)} days cannot be; Databricks accepts secrets that live 1 to ${maxLifetimeInDays} days`;
}
