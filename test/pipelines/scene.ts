import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse, stringify } from "yaml";
import { ensureEngine } from "../../engine/ensure";
import { pulumiEnvironment } from "../../engine/environment";
import { projectRoot } from "../../engine/home";
import { githubIssuer } from "../../sandbox/ci/pipelines";
import { isMutation, ControlClient, LoggedRequest } from "../../sandbox/control-client";
import { RunningSandbox, startSandbox } from "../../sandbox";
import { project } from "../engine/support";
import { ScriptRunner } from "./job";
import { Repository } from "./repository";

/** The stack that the pipelines work on. */
export const stack = "prod";

/**
 * Who previews, who looks for drift and who changes: an Entra application and a Databricks service principal each. Only
 * SP2 sees its datasources in Power BI, so it is SP2 that looks for drift.
 */
export const identities = {
    preview: { azure: "c11e47aa-0000-4000-8000-000000000003", databricks: "0dd5ec7e-0000-4000-8000-00000000000e" },
    drift: { azure: "c11e47aa-0000-4000-8000-000000000002", databricks: "0dd5ec7e-0000-4000-8000-00000000000e" },
    production: { azure: "c11e47aa-0000-4000-8000-000000000002", databricks: "0dd5ec7e-0000-4000-8000-00000000000d" },
};

export const tenantId = "7e4a47aa-0000-4000-8000-000000000001";

/** What a forge calls the jobs of the two identities, and how its stack logs in. */
export interface Trust {
    issuer: string;
    subjects: Record<keyof typeof identities, string>;
    databricksAuthType: string;
    powerBiLogin: string;
}

/** A sandbox that trusts the pipelines' identities, and the project with a stack for it in a repository. */
export class PipelineScene {
    private constructor(
        readonly sandbox: RunningSandbox,
        readonly control: ControlClient,
        readonly repository: Repository,
        readonly scripts: ScriptRunner,
        /** The folder with the state. */
        readonly backend: string,
    ) {}

    static async set(trust: Trust, leftToOthers: string[]): Promise<PipelineScene> {
        await ensureEngine();
        const sandbox = await startSandbox();
        const control = new ControlClient(sandbox.urls.control);
        await control.edit((world) => introduce(world, trust, sandbox.urls.databricks));
        const repository = new Repository();
        const backend = path.join(repository.folder, "state");
        const machine = machineVariables(backend);
        repository.commit("main", "The stack", (folder) => {
            const file = path.join(folder, `Pulumi.${stack}.yaml`);
            fs.writeFileSync(file, stringify(stackFile(folder, sandbox, trust)));
            prettier(file);
            // What runs as production here is on this machine, which the policy pack allows to named stacks only.
            const rules = path.join(folder, "policy", "config.json");
            const config = JSON.parse(fs.readFileSync(rules, "utf8"));
            config["loopback-endpoints"].developmentStacks.push(stack);
            fs.writeFileSync(rules, JSON.stringify(config));
            prettier(rules);
            // The login at the state is the machine's here; that is what makes the stack, once, by hand.
            const env = { ...process.env, ...pulumiEnvironment(backend) };
            execFileSync("pulumi", ["stack", "init", stack, "--non-interactive"], { cwd: folder, env, stdio: "pipe" });
        });
        return new PipelineScene(sandbox, control, repository, new ScriptRunner(machine, leftToOthers), backend);
    }

    /** What a run asked of the services, with the callers' identities. */
    async requestsOf(run: () => Promise<unknown>): Promise<LoggedRequest[]> {
        await this.control.forgetRequests();
        await run();
        return this.control.requests();
    }

    /** The secrets of a service principal that the stack made. */
    async secrets(displayName: string): Promise<{ id: string; secret: string }[]> {
        const { databricks } = await this.control.world();
        return databricks.servicePrincipals.find(
            (principal: { displayName: string }) => principal.displayName === displayName,
        ).secrets;
    }

    /** Somebody sets another credential in Power BI. */
    async drift(): Promise<void> {
        await this.control.edit((world) => {
            const ours = world.powerBi.datasources.find(
                (datasource: { owner: string }) => datasource.owner === identities.production.azure,
            );
            ours.credential = { credentialType: "OAuth2", accessToken: "theirs" };
        });
    }

    async close(): Promise<void> {
        await this.sandbox.close();
        this.repository.remove();
    }
}

/** Those of a run's requests that changed something. */
export function mutationsOf(requests: LoggedRequest[]): LoggedRequest[] {
    return requests.filter(isMutation);
}

/** Writes a file as the project's style wants it, like an editor does. */
export function prettier(file: string): void {
    execFileSync(path.join(projectRoot, "node_modules", ".bin", "prettier"), ["--write", file], {
        cwd: path.dirname(file),
        stdio: "pipe",
    });
}

/** The stack on the sandbox, with logins that name no identity: those are the jobs'. */
function stackFile(folder: string, { urls }: RunningSandbox, trust: Trust): object {
    const dev = parse(fs.readFileSync(path.join(folder, "Pulumi.dev.yaml"), "utf8"));
    delete dev.config["databricks:token"];
    const { entra, powerBi, fabric } = urls;
    return {
        encryptionsalt: dev.encryptionsalt,
        config: {
            ...dev.config,
            "databricks:host": urls.databricks,
            "databricks:authType": trust.databricksAuthType,
            [`${project}:endpoints`]: { entra, powerBi, fabric },
            [`${project}:powerBi`]: { login: trust.powerBiLogin },
        },
    };
}

/** Makes the world know the identities: one that may change everything, one that may look. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
function introduce(world: any, { issuer, subjects }: Trust, databricksHost: string): void {
    // GitHub's tokens are for whom the job asks; Azure DevOps' are always for Entra.
    const audience = issuer === githubIssuer ? `${databricksHost}/oidc/v1/token` : "api://AzureADTokenExchange";
    const trusted = (kind: "azure" | "databricks", id: string) =>
        Object.entries(identities)
            .filter(([, identity]) => identity[kind] === id)
            .map(([name]) => ({ issuer, subject: subjects[name as keyof typeof identities] }));
    const [tenant] = world.entra.tenants;
    tenant.applications[0].federatedCredentials = trusted("azure", identities.production.azure);
    tenant.applications.push({
        clientId: identities.preview.azure,
        objectId: "0b1ec7aa-0000-4000-8000-000000000003",
        displayName: "powerbi-preview",
        secrets: [],
        federatedCredentials: trusted("azure", identities.preview.azure),
    });
    for (const workspace of world.powerBi.workspaces) {
        workspace.members.push({ principal: identities.preview.azure, role: "Viewer" });
    }
    for (const [index, { databricks }] of [identities.production, identities.preview].entries()) {
        world.databricks.servicePrincipals.push({
            id: `400000000000002${index}`,
            applicationId: databricks,
            displayName: `pipeline-${index}`,
            workspaceAdmin: true,
            secrets: [],
            federationPolicies: trusted("databricks", databricks).map((who) => ({ ...who, audiences: [audience] })),
        });
    }
}

/** The machine that runs jobs: nothing of the one that runs the tests but its tools and where the engine is. */
function machineVariables(backend: string): Record<string, string> {
    const own = pulumiEnvironment(backend);
    const { PULUMI_HOME, PULUMI_CONFIG_PASSPHRASE, PULUMI_SKIP_UPDATE_CHECK } = own;
    const { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION, DATABRICKS_CONFIG_FILE } = own;
    const kept = Object.entries(process.env).filter(([name]) => /^(PATH|HOME|LANG|TMPDIR|XDG_CACHE_HOME)$/.test(name));
    return {
        ...(Object.fromEntries(kept) as Record<string, string>),
        PULUMI_HOME,
        PULUMI_CONFIG_PASSPHRASE,
        PULUMI_SKIP_UPDATE_CHECK,
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION,
        DATABRICKS_CONFIG_FILE,
    };
}
