import { z } from "zod";
import { databricksAddress } from "../../clients/endpoints";
import { rotationKey } from "../../settings/service-principal";
import { name } from "../../settings/values";
import { grantList } from "./grants";

/** What is known, by the names of the flags. */
export type Answers = Partial<Record<string, string>>;

/** One thing to know. */
export interface Question {
    /** What is asked. */
    message: string;
    /** What an answer looks like. */
    example?: string;
    /** The answers there are; any text where there are none. */
    choices?: { value: string; hint: string }[];
    /** Taken when nothing is said. */
    fallback?: () => string;
    /** What an answer has to be. */
    schema?: z.ZodType<string>;
    /** Whether an answer may name several things, with spaces between. Its flag may be given several times. */
    isList?: boolean;
    /** Whether it is of interest, given the answers before it. Default yes. */
    isAsked?: (answers: Answers) => boolean;
}

/** A stack's name, with the organization and project before it where the backend has them. */
const stackName = z.string().regex(/^([A-Za-z0-9_-][A-Za-z0-9._-]*(\/(?!$)|$)){1,3}$/, {
    error: "expected a name of letters, digits, dots, hyphens and underscores",
});

const logsInWithClientId = ["clientSecret", "certificate", "github", "azureDevOps", "tokenFile"];
const federated = ["github-oidc", "azure-devops-oidc", "env-oidc", "file-oidc"];
const isOneOf =
    (flag: string, ...values: string[]) =>
    (answers: Record<string, string | undefined>) =>
        values.includes(answers[flag] ?? "");

const table: Record<string, Question> = {
    stack: { message: "What is the stack called?", fallback: () => "prod", schema: stackName },
    "databricks-host": {
        message: "Where is the Databricks workspace? (the browser's address will do)",
        example: "https://adb-1234567890123456.7.azuredatabricks.net",
        schema: databricksAddress,
    },
    "databricks-auth": {
        message: "How does this program log in to Databricks?",
        choices: [
            { value: "azure-cli", hint: "whoever is logged in with az login" },
            { value: "oauth-m2m", hint: "a service principal with a client secret" },
            { value: "pat", hint: "a personal access token" },
            { value: "github-oidc", hint: "the identity of a GitHub Actions job, no secret" },
            { value: "azure-devops-oidc", hint: "the identity of an Azure pipeline, no secret" },
            { value: "env-oidc", hint: "a token in the environment" },
            { value: "file-oidc", hint: "a token in a file" },
            { value: "azure-client-secret", hint: "a service principal of Entra with a client secret" },
            { value: "azure-msi", hint: "the machine's managed identity" },
        ],
    },
    "databricks-client-id": {
        message: "What is the application id of the service principal that logs in to Databricks?",
        example: "0dd5ec7e-0000-4000-8000-0000000000d0",
        isAsked: isOneOf("databricks-auth", "oauth-m2m", ...federated),
    },
    "id-token-file": {
        message: "Which file holds the token for Databricks?",
        isAsked: isOneOf("databricks-auth", "file-oidc"),
    },
    "azure-tenant-id": {
        message: "Which tenant is the service principal that logs in to Databricks in?",
        isAsked: isOneOf("databricks-auth", "azure-client-secret"),
    },
    "azure-client-id": {
        message: "What is the client id of the service principal that logs in to Databricks?",
        isAsked: isOneOf("databricks-auth", "azure-client-secret"),
    },
    warehouse: { message: "Which SQL warehouse does Power BI read from? (name, id, HTTP path or browser's address)" },
    "service-principal": {
        message:
            "As which Databricks service principal does Power BI log in? (a new name, or an application id to adopt)",
        example: "powerbi-sales",
    },
    grant: {
        message:
            "What may it read? (CATALOG[.SCHEMA[.TABLE]], several with spaces between; empty: only what it or its " +
            "groups may already)",
        example: "main.sales",
        fallback: () => "",
        schema: grantList,
        isList: true,
    },
    bind: {
        message: "Which datasets get its credential?",
        choices: [
            { value: "dataset", hint: "one, by name; more can be added to the file" },
            { value: "warehouse", hint: "whatever is found to read the warehouse" },
            { value: "host", hint: "whatever is found to read any warehouse of the Databricks workspace" },
        ],
        fallback: () => "dataset",
    },
    workspace: { message: "In which Power BI workspace is it? (name or id)", isAsked: isOneOf("bind", "dataset") },
    dataset: {
        message: "What is the dataset (semantic model) called? (name or id)",
        isAsked: isOneOf("bind", "dataset"),
    },
    "take-over": {
        message:
            "May a dataset be taken over when nothing proves that it reads Databricks through the cloud, and nothing " +
            "proves that it does not? That cannot be undone; the preview names each one with its owner.",
        choices: [
            { value: "yes", hint: "they read through the cloud" },
            { value: "no", hint: "they are told and not bound" },
        ],
        fallback: () => "no",
    },
    "power-bi-login": {
        message: "How does the service principal that changes Power BI (SP2) log in to Entra?",
        choices: [
            { value: "clientSecret", hint: "a client secret" },
            { value: "certificate", hint: "a certificate" },
            { value: "secretScope", hint: "values in a Databricks secret scope" },
            { value: "github", hint: "the identity of a GitHub Actions job, no secret" },
            { value: "azureDevOps", hint: "the identity of an Azure pipeline, no secret" },
            { value: "tokenFile", hint: "a token in a file, as Kubernetes mounts it" },
            { value: "managedIdentity", hint: "the machine's managed identity" },
            { value: "environment", hint: "AZURE_TENANT_ID, AZURE_CLIENT_ID and so on in the environment" },
            { value: "azureCli", hint: "whoever is logged in with az login" },
        ],
    },
    "tenant-id": {
        message: "Which tenant is SP2 in?",
        example: "7e4a47aa-0000-4000-8000-000000000001",
        isAsked: isOneOf("power-bi-login", ...logsInWithClientId),
    },
    "client-id": {
        message: "What is SP2's client id?",
        example: "c11e47aa-0000-4000-8000-000000000002",
        isAsked: isOneOf("power-bi-login", ...logsInWithClientId),
    },
    "secret-scope": {
        message: "Which Databricks secret scope holds tenant-id, client-id and client-secret?",
        example: "powerbi_credentials",
        isAsked: isOneOf("power-bi-login", "secretScope"),
    },
    "service-connection-id": {
        message: "What is the id of the Azure DevOps service connection?",
        isAsked: isOneOf("power-bi-login", "azureDevOps"),
    },
    "token-file": { message: "Which file holds SP2's token?", isAsked: isOneOf("power-bi-login", "tokenFile") },
    "rotation-key": {
        message: "What is the first generation of secrets called?",
        fallback: () => new Date().toISOString().slice(0, 7),
        schema: rotationKey,
    },
};

/** The questions in the order in which they are asked. */
export const questions = Object.entries(table);

/** What is wrong with an answer; undefined when nothing is. */
export function objectionTo(question: Question, answer: string): string | undefined {
    const { choices, schema = name } = question;
    if (choices) {
        const values = choices.map(({ value }) => value);
        return values.includes(answer)
            ? undefined
            : `${JSON.stringify(answer)} is none of the answers; there are ${values.join(", ")}`;
    }
    return schema.safeParse(answer).error?.issues[0].message;
}
