import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { StackConfig } from "../../engine/stack";
import * as support from "./support";

const tenantId = "7e4a47aa-0000-4000-8000-000000000001";
const clientId = support.sp2;
const ids = { tenantId, clientId };
const deployer = "0dd5ec7e-0000-4000-8000-00000000000d";

/** A step towards a login: what the world and the stack's configuration and environment have to hold for it. */
interface Login {
    name: string;
    powerBi?: StackConfig;
    databricks?: StackConfig;
    /** The variables of a job or machine that has this login. */
    environment?: (scene: Addresses) => Record<string, string>;
}

interface Addresses {
    entra: string;
    control: string;
}

describe("every way to log in", function () {
    this.timeout(support.engineTimeoutInMs);

    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "logins-"));
    const file = (name: string) => path.join(folder, name);
    after(() => fs.rmSync(folder, { recursive: true, force: true }));
    before(() => {
        const subject = ["-subj", "/CN=powerbi-automation", "-days", "2"];
        const out = ["-keyout", file("key.pem"), "-out", file("cert.pem")];
        execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", ...out, ...subject], {
            stdio: "ignore",
        });
        const both = fs.readFileSync(file("key.pem"), "utf8") + fs.readFileSync(file("cert.pem"), "utf8");
        fs.writeFileSync(file("both.pem"), both);
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
        fs.writeFileSync(file("az"), az.join("\n"), { mode: 0o755 });
    });

    const github = ({ control }: Addresses) => ({
        ACTIONS_ID_TOKEN_REQUEST_URL: `${control}/ci/github/token?x=1`,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: "ci-sandbox-token",
    });
    const azureDevOps = ({ control }: Addresses) => ({
        SYSTEM_TEAMFOUNDATIONCOLLECTIONURI: `${control}/ci/azure-devops`,
        SYSTEM_TEAMPROJECTID: "platform",
        SYSTEM_HOSTTYPE: "build",
        SYSTEM_PLANID: "plan",
        SYSTEM_JOBID: "job",
        SYSTEM_ACCESSTOKEN: "ci-sandbox-token",
        SYSTEM_OIDCREQUESTURI: `${control}/ci/azure-devops/oidc`,
    });

    const logins: Login[] = [
        { name: "SP2 from Databricks secrets", powerBi: { secretScope: "powerbi_credentials" } },
        {
            name: "SP2 from Databricks secrets with keys of other names",
            powerBi: { secretScope: "powerbi_credentials", tenantIdKey: "t", clientIdKey: "c", clientSecretKey: "s" },
        },
        { name: "SP2 from the configuration", powerBi: { ...ids, clientSecret: "sandbox-sp2-secret" } },
        {
            name: "SP2 from the environment",
            powerBi: { login: "environment" },
            environment: () => ({
                AZURE_TENANT_ID: tenantId,
                AZURE_CLIENT_ID: clientId,
                AZURE_CLIENT_SECRET: "sandbox-sp2-secret",
            }),
        },
        { name: "SP2 by certificate", powerBi: { login: "certificate", ...ids } },
        { name: "SP2 by workload identity of GitHub", powerBi: { login: "github", ...ids }, environment: github },
        {
            name: "SP2 by workload identity of Azure DevOps",
            powerBi: { login: "azureDevOps", ...ids, serviceConnectionId: "5e7c0000-0000-4000-8000-000000000001" },
            environment: azureDevOps,
        },
        {
            name: "SP2 by workload identity with a token file",
            powerBi: { login: "tokenFile", ...ids, tokenFile: file("token") },
        },
        {
            name: "SP2 by managed identity",
            powerBi: { login: "managedIdentity", clientId },
            environment: ({ entra }) => ({
                IDENTITY_ENDPOINT: `${entra}/msi/token`,
                IDENTITY_HEADER: "sandbox-identity-header",
            }),
        },
        {
            name: "SP2 by Azure CLI",
            powerBi: { login: "azureCli" },
            environment: ({ entra }) => ({
                PATH: [folder, process.env.PATH].join(path.delimiter),
                TEST_CLIENT_ID: clientId,
                TEST_TOKEN_URL: `${entra}/${tenantId}/oauth2/v2.0/token`,
            }),
        },
        {
            name: "Databricks by OAuth M2M",
            databricks: { authType: "oauth-m2m", token: undefined, clientId: deployer, clientSecret: "dose-deployer" },
        },
        {
            name: "Databricks by OIDC of GitHub",
            databricks: { authType: "github-oidc", token: undefined, clientId: deployer },
            environment: github,
        },
        {
            name: "Databricks by OIDC of Azure DevOps",
            databricks: { authType: "azure-devops-oidc", token: undefined, clientId: deployer },
            environment: azureDevOps,
        },
    ];

    for (const { name, powerBi, databricks, environment = () => ({}) } of logins) {
        it(`${name}: up binds, and a report reads its data`, async () => {
            const addresses = { entra: "", control: "" };
            const scene = await support.setScene({ environment: lazily(() => environment(addresses)) });
            try {
                Object.assign(addresses, scene.sandbox.urls);
                await prepare(scene);
                const config =
                    powerBi?.login === "certificate" ? { ...powerBi, certificate: text("both.pem") } : powerBi;
                const given = Object.entries(databricks ?? {}).map(([key, value]) => [`databricks:${key}`, value]);
                scene.stack.configure(Object.fromEntries(given));
                support.configure(scene.stack, config ? { powerBi: config } : {});
                const result = support.succeeds(await scene.stack.up());
                await support.reportsWork(scene.control);
                support.succeeds(await scene.stack.refresh());
                for (const secret of ["sandbox-sp2-secret", "dose-deployer", "PRIVATE KEY", "ci-sandbox-token"]) {
                    assert.ok(!result.output.includes(secret));
                }
            } finally {
                await scene.close();
            }
        });
    }

    for (const [remedy, environment, args] of [
        ["PULUMI_RUN_PROGRAM=true", { PULUMI_RUN_PROGRAM: "true" }, []],
        ["--refresh=false", {}, ["--refresh=false"]],
    ] as const) {
        it(`SP2 from the configuration, with a client secret that changed: the next up needs ${remedy} once`, async () => {
            const variables: Record<string, string> = {};
            const scene = await support.setScene({ environment: variables });
            try {
                support.succeeds(await scene.stack.up());
                await scene.control.edit((world) => {
                    world.entra.tenants[0].applications[0].secrets = [{ value: "sandbox-sp2-next" }];
                });
                support.configure(scene.stack, { powerBi: { ...ids, clientSecret: "sandbox-sp2-next" } });
                // The engine refreshes with the configuration of the last run, whose secret is no more.
                const stale = await scene.stack.up();
                assert.notEqual(stale.exitCode, 0);
                assert.match(stale.output, /Entra: the login of the service principal \S+ .* failed: .*AADSTS7000215/);
                Object.assign(variables, environment);
                support.succeeds(await scene.stack.up(...args));
                Object.keys(environment).forEach((name) => delete variables[name]);
                support.succeeds(await scene.stack.up());
            } finally {
                await scene.close();
            }
        });
    }

    const text = (name: string) => fs.readFileSync(file(name), "utf8");

    /** Makes the world trust all these logins. */
    async function prepare(scene: support.Scene): Promise<void> {
        const trust = [
            {
                issuer: "https://token.actions.githubusercontent.com",
                subject: "repo:example/platform:ref:refs/heads/main",
            },
            {
                issuer: "https://vstoken.dev.azure.com/00000000-0000-4000-8000-0000000000ad",
                subject: "sc://example/platform/powerbi",
            },
        ];
        const audiences: Record<string, string[]> = {
            "https://token.actions.githubusercontent.com": [`${scene.sandbox.urls.databricks}/oidc/v1/token`],
            "https://vstoken.dev.azure.com/00000000-0000-4000-8000-0000000000ad": ["api://AzureADTokenExchange"],
        };
        await scene.control.edit((world) => {
            const [application] = world.entra.tenants[0].applications;
            Object.assign(application, { certificates: [text("cert.pem")], federatedCredentials: trust });
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
        const token = await fetch(`${scene.sandbox.urls.control}/ci/github/token?audience=api://AzureADTokenExchange`, {
            headers: { Authorization: "Bearer ci-sandbox-token" },
        });
        fs.writeFileSync(file("token"), ((await token.json()) as { value: string }).value);
    }
});

/** Variables that are asked for when a command starts, once the sandbox's addresses are known. */
function lazily(values: () => Record<string, string>): Record<string, string> {
    return new Proxy(
        {},
        {
            ownKeys: () => Object.keys(values()),
            getOwnPropertyDescriptor: (_, key) => ({
                enumerable: true,
                configurable: true,
                value: values()[String(key)],
            }),
            get: (_, key) => values()[String(key)],
        },
    );
}
