import { z } from "zod";
import { scopeName } from "./secret-scope-name";

const text = (what: string) => z.string({ error: `expected ${what}` }).min(1, { error: "must not be empty" });
const scopeEntry = text("a key of the scope").regex(/^[A-Za-z0-9_.@/-]{1,128}$/, {
    error: "expected a key of the scope: letters, digits and _ . @ / -, 128 at most",
});
// What was given is not repeated: it may be the secret, at the wrong place.
const tenantId = text("the tenant's id or domain").regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,252}$/, {
    error: "expected the tenant's id (a GUID) or domain",
});
const clientId = z.guid({ error: "expected the client id (a GUID) of the Entra service principal" });

/** A login at Entra, as the config key `powerBi` describes it; `login` tells which. */
export const azureLogin = z.discriminatedUnion(
    "login",
    [
        z.strictObject({
            login: z.literal("clientSecret"),
            tenantId,
            clientId,
            clientSecret: z
                .string({
                    error: "expected its client secret. Set it with: pulumi config set --secret --path powerBi.clientSecret",
                })
                .min(1),
        }),
        z.strictObject({
            login: z.literal("certificate"),
            tenantId,
            clientId,
            /** The certificate with its private key, PEM. */
            certificate: text(
                "the certificate with its private key (PEM). Set it with: " +
                    "pulumi config set --secret --path powerBi.certificate < FILE",
            ).refine((value) => /PRIVATE KEY/.test(value) && /CERTIFICATE/.test(value), {
                error: "is no PEM text with both a CERTIFICATE and a PRIVATE KEY",
            }),
        }),
        /** The seed's way: entries of a Databricks secret scope. */
        z.strictObject({
            login: z.literal("secretScope"),
            secretScope: scopeName,
            tenantIdKey: scopeEntry.default("tenant-id"),
            clientIdKey: scopeEntry.default("client-id"),
            clientSecretKey: scopeEntry.default("client-secret"),
        }),
        /** AZURE_TENANT_ID, AZURE_CLIENT_ID, and AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH. */
        z.strictObject({ login: z.literal("environment") }),
        /** The job's own identity in GitHub Actions, trusted by a federated credential. */
        z.strictObject({ login: z.literal("github"), tenantId, clientId }),
        /** A service connection of Azure DevOps, trusted by a federated credential. */
        z.strictObject({
            login: z.literal("azureDevOps"),
            tenantId,
            clientId,
            serviceConnectionId: text("the id of the service connection"),
        }),
        /** A token in a file, as Kubernetes mounts it. */
        z.strictObject({
            login: z.literal("tokenFile"),
            tenantId,
            clientId,
            tokenFile: text("the path of the file that holds the token"),
        }),
        /** The identity of the machine that runs this; `clientId` picks a user-assigned one. */
        z.strictObject({ login: z.literal("managedIdentity"), clientId: clientId.optional() }),
        /** Whoever is logged in with `az login`. */
        z.strictObject({ login: z.literal("azureCli"), tenantId: tenantId.optional() }),
    ],
    {
        error:
            "expected one of clientSecret, certificate, secretScope, environment, github, azureDevOps, tokenFile, " +
            "managedIdentity, azureCli",
    },
);

/** SP2's login, or another one at Entra. */
export type AzureLogin = z.output<typeof azureLogin>;

/** A login that can be tried at once: the values of a secret scope have been read. */
export type DirectAzureLogin = Exclude<AzureLogin, { login: "secretScope" }>;

/** A login as the user reads it, with what to check when it fails. */
export function describeLogin(login: AzureLogin): { who: string; check: string } {
    switch (login.login) {
        case "clientSecret":
        case "certificate":
            return {
                who: `the service principal ${login.clientId} in tenant ${login.tenantId}`,
                check: `its tenantId, clientId and ${login.login}`,
            };
        case "secretScope":
            return {
                who: `the service principal of the secret scope ${login.secretScope}`,
                check: `the scope's entries ${login.tenantIdKey}, ${login.clientIdKey} and ${login.clientSecretKey}`,
            };
        case "github":
        case "azureDevOps":
        case "tokenFile":
            return {
                who: `the workload identity of ${login.clientId} in tenant ${login.tenantId}`,
                check: "the federated credential of the application: its issuer, subject and audience",
            };
        case "environment":
            return {
                who: "the service principal of the environment",
                check: "AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH",
            };
        case "managedIdentity":
            return {
                who: `the managed identity${login.clientId ? ` ${login.clientId}` : ""}`,
                check: "that the machine has this identity",
            };
        case "azureCli":
            return { who: "the Azure CLI's user", check: "`az login`" };
    }
}
