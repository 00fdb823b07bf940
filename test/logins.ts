import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { ControlClient } from "../sandbox/control-client";
import { RunningSandbox } from "../sandbox";

const tenantId = "7e4a47aa-0000-4000-8000-000000000001";
const clientId = "c11e47aa-0000-4000-8000-000000000002";
const deployer = "0dd5ec7e-0000-4000-8000-00000000000d";

/** The ids of SP2 and its tenant. */
export const ids = { tenantId, clientId };

/** What no command may print. */
export const valuesOfLogins = ["sandbox-sp2-secret", "dose-deployer", "PRIVATE KEY", "ci-sandbox-token"];

/** Which login, and how a stack's configuration and the environment of a job or machine have it. */
export interface Login {
    name: string;
    /** Values of the project's key `powerBi`, or of the databricks provider. */
    config: (files: LoginFiles) => Record<string, string | undefined>;
    environment?: (files: LoginFiles, urls: RunningSandbox["urls"]) => Record<string, string>;
}

/** Files on a machine that logs in: a certificate, a token, and the Azure CLI. */
export class LoginFiles {
    readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "logins-"));

    constructor() {
        const subject = ["-subj", "/CN=powerbi-automation", "-days", "2"];
        const out = ["-keyout", this.path("key.pem"), "-out", this.path("cert.pem")];
        execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", ...out, ...subject], {
            stdio: "ignore",
        });
        // The Azure CLI, as far as a login needs it: it answers with a token of the sandbox's.
        const az = [
            "#!/usr/bin/env node",
            "const args = process.argv.slice(2);",
            'if (args[0] === "--version") { console.log("azure-cli 2.80.0"); process.exit(0); }',
            'const scope = args[args.indexOf("--resource") + 1] + "/.default";',
            'const form = new URLSearchParams({ grant_type: "client_credentials", client_id: process.env.TEST_CLIENT_ID,',
            '    client_secret: "sandbox-sp2-secret", scope });',
            "fetch(process.env.TEST_TOKEN_URL, { method: 'POST', body: form }).then((r) => r.json()).then((token) =>",
            "    console.log(JSON.stringify({ accessToken: token.access_token, tenant: 't', tokenType: 'Bearer',",
            "        expires_on: Math.floor(Date.now() / 1000) + token.expires_in,",
            "        expiresOn: new Date(Date.now() + token.expires_in * 1000).toISOString() })));",
        ];
        fs.writeFileSync(this.path("az"), az.join("\n"), { mode: 0o755 });
    }

    path(name: string): string {
        return path.join(this.folder, name);
    }

    text(name: string): string {
        return fs.readFileSync(this.path(name), "utf8");
    }

    remove(): void {
        fs.rmSync(this.folder, { recursive: true, force: true });
    }
}

const github: Login["environment"] = (_, { control }) => ({
    ACTIONS_ID_TOKEN_REQUEST_URL: `${control}/ci/github/token?x=1`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "ci-sandbox-token",
});

const azureDevOps: Login["environment"] = (_, { control }) => ({
    SYSTEM_TEAMFOUNDATIONCOLLECTIONURI: `${control}/ci/azure-devops`,
    SYSTEM_TEAMPROJECTID: "platform",
    SYSTEM_HOSTTYPE: "build",
    SYSTEM_PLANID: "plan",
    SYSTEM_JOBID: "job",
    SYSTEM_ACCESSTOKEN: "ci-sandbox-token",
    SYSTEM_OIDCREQUESTURI: `${control}/ci/azure-devops/oidc`,
});

/** Every way for SP2. */
export const powerBiLogins = {
    secretScope: {
        name: "SP2 from Databricks secrets",
        config: () => ({ secretScope: "powerbi_credentials" }),
    },
    otherKeys: {
        name: "SP2 from Databricks secrets with keys of other names",
        config: () => ({
            secretScope: "powerbi_credentials",
            tenantIdKey: "t",
            clientIdKey: "c",
            clientSecretKey: "s",
        }),
    },
    configuration: {
        name: "SP2 from the configuration",
        config: () => ({ ...ids, clientSecret: "sandbox-sp2-secret" }),
    },
    environment: {
        name: "SP2 from the environment",
        config: () => ({ login: "environment" }),
        environment: () => ({
            AZURE_TENANT_ID: tenantId,
            AZURE_CLIENT_ID: clientId,
            AZURE_CLIENT_SECRET: "sandbox-sp2-secret",
        }),
    },
    certificate: {
        name: "SP2 by certificate",
        config: (files) => ({
            login: "certificate",
            ...ids,
            certificate: files.text("key.pem") + files.text("cert.pem"),
        }),
    },
    github: {
        name: "SP2 by workload identity of GitHub",
        config: () => ({ login: "github", ...ids }),
        environment: github,
    },
    azureDevOps: {
        name: "SP2 by workload identity of Azure DevOps",
        config: () => ({
            login: "azureDevOps",
            ...ids,
            serviceConnectionId: "5e7c0000-0000-4000-8000-000000000001",
        }),
        environment: azureDevOps,
    },
    tokenFile: {
        name: "SP2 by workload identity with a token file",
        config: (files) => ({ login: "tokenFile", ...ids, tokenFile: files.path("token") }),
    },
    managedIdentity: {
        name: "SP2 by managed identity",
        config: () => ({ login: "managedIdentity", clientId }),
        environment: (_, { entra }) => ({
            IDENTITY_ENDPOINT: `${entra}/msi/token`,
            IDENTITY_HEADER: "sandbox-identity-header",
        }),
    },
    azureCli: {
        name: "SP2 by Azure CLI",
        config: () => ({ login: "azureCli" }),
        environment: ({ folder }, { entra }) => ({
            PATH: [folder, process.env.PATH].join(path.delimiter),
            TEST_CLIENT_ID: clientId,
            TEST_TOKEN_URL: `${entra}/${tenantId}/oauth2/v2.0/token`,
        }),
    },
} satisfies Record<string, Login>;

/** Ways for the deployer that the real databricks provider can use on loopback. */
export const databricksLogins = {
    machine: {
        name: "Databricks by OAuth M2M",
        config: () => ({
            authType: "oauth-m2m",
            token: undefined,
            clientId: deployer,
            clientSecret: "dose-deployer",
        }),
    },
    github: {
        name: "Databricks by OIDC of GitHub",
        config: () => ({ authType: "github-oidc", token: undefined, clientId: deployer }),
        environment: github,
    },
    azureDevOps: {
        name: "Databricks by OIDC of Azure DevOps",
        config: () => ({ authType: "azure-devops-oidc", token: undefined, clientId: deployer }),
        environment: azureDevOps,
    },
} satisfies Record<string, Login>;

/** Makes the world trust all these logins, and fetches the token for the file. */
export async function trustLogins(control: ControlClient, urls: RunningSandbox["urls"], files: LoginFiles) {
    const issuers = {
        github: "https://token.actions.githubusercontent.com",
        azureDevOps: "https://vstoken.dev.azure.com/00000000-0000-4000-8000-0000000000ad",
    };
    const trust = [
        { issuer: issuers.github, subject: "repo:example/platform:ref:refs/heads/main" },
        { issuer: issuers.azureDevOps, subject: "sc://example/platform/powerbi" },
    ];
    const audiences: Record<string, string[]> = {
        [issuers.github]: [`${urls.databricks}/oidc/v1/token`],
        [issuers.azureDevOps]: ["api://AzureADTokenExchange"],
    };
    await control.edit((world) => {
        const [application] = world.entra.tenants[0].applications;
        Object.assign(application, { certificates: [files.text("cert.pem")], federatedCredentials: trust });
        world.entra.managedIdentity = clientId;
        const values = [tenantId, clientId, "sandbox-sp2-secret"];
        const entriesOf = (keys: string[]) => keys.map((key, index) => ({ key, value: values[index] }));
        const entries = [...entriesOf(["tenant-id", "client-id", "client-secret"]), ...entriesOf(["t", "c", "s"])];
        world.databricks.scopes.push({ name: "powerbi_credentials", entries });
        world.databricks.servicePrincipals.push({
            id: "4000000000000013",
            applicationId: deployer,
            displayName: "deployer",
            workspaceAdmin: true,
            secrets: [{ id: "d", secret: "dose-deployer" }],
            federationPolicies: trust.map((policy) => ({ ...policy, audiences: audiences[policy.issuer] })),
        });
    });
    const token = await fetch(`${urls.control}/ci/github/token?audience=api://AzureADTokenExchange`, {
        headers: { Authorization: "Bearer ci-sandbox-token" },
    });
    fs.writeFileSync(files.path("token"), ((await token.json()) as { value: string }).value);
}
