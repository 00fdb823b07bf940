import { z } from "zod";
import { scopeName } from "../clients/secret-scope-name";
import { keyVault } from "./credential";
import { name, shown, text } from "./values";

/** A rotation key names a generation of secrets; it becomes part of resource names. */
export const rotationKey = z
    .string({ error: 'expected a text that names the generation, like "2026-12"' })
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, {
        error: (issue) =>
            `${shown(issue.input)} is no rotation key; accepted are letters, digits, ".", "_" and "-", at most 64`,
    });

/** The config key `powerBiServicePrincipal`: SP2 itself, made with @pulumi/azuread. */
export const powerBiServicePrincipal = z
    .strictObject({
        displayName: name,
        /** The object id of the security group that the tenant setting for service principals names. */
        groupObjectId: z.guid({ error: "expected the object id (a GUID) of the security group" }).optional(),
        /** Pipelines that may log in as SP2 without a secret. */
        federatedCredentials: z
            .array(z.strictObject({ name, issuer: z.url({ error: "expected the issuer's address" }), subject: text }), {
                error: "expected a list of { name, issuer, subject }",
            })
            .default([]),
        /** Makes a password for each key; the one in use is stored where `secretScope` or `keyVault` says. */
        password: z
            .strictObject({
                rotationKey,
                lifetimeDays: z.int({ error: "expected a whole number of days" }).min(1).max(730).default(180),
            })
            .optional(),
        /** The Databricks secret scope that holds SP2's values, in the entries that `powerBi` reads by default. */
        secretScope: scopeName.optional(),
        keyVault: keyVault.optional(),
    })
    .refine((value) => value.password !== undefined || value.federatedCredentials.length > 0, {
        error: "needs federatedCredentials or a password, or nobody can log in as it",
    })
    .refine(
        (value) => value.password === undefined || value.secretScope !== undefined || value.keyVault !== undefined,
        {
            error: "has a password but neither secretScope nor keyVault to store it in",
        },
    );

/** SP2 as the stack makes it. */
export type PowerBiServicePrincipalSettings = z.output<typeof powerBiServicePrincipal>;
