import axios from "axios";
import { CommandResult, Stack } from "../engine/stack";
import { ControlClient, isMutation } from "../sandbox/control-client";
import { StackOutputs } from "../outputs";
import { Narrator } from "./narrator";
import { Readers, ReportDataset } from "./readers";
import { compareWithReference, describeCost } from "./reference-cost";

/** The life of a credential on the sandbox, told while it happens. */
export class Story {
    /** The service principals that were there before. */
    private strangers: string[] = [];

    constructor(
        private readonly narrator: Narrator,
        /** The addresses of the Databricks workspaces. */
        private readonly workspaces: string[],
        private readonly control: ControlClient,
        private readonly stack: Stack,
        private readonly datasets: ReportDataset[],
    ) {}

    /** Tells it from up to destroy; with `keep`, up to the point where there is something to explore. */
    async tell(keep: boolean): Promise<void> {
        this.narrator.say("Databricks, Entra and Power BI run on this machine; the engine and its provider are real.");
        await this.up();
        await this.upAgain();
        await this.rotate();
        await this.drift();
        if (!keep) {
            await this.destroy();
        }
    }

    private async up(): Promise<void> {
        const { narrator } = this;
        narrator.chapter("From nothing to credentials that are bound");
        const before = await this.control.world();
        this.strangers = principalsOf(before).map((principal) => principal.applicationId);
        const owners = new Set(
            before.powerBi.workspaces.flatMap((w: Owned) => w.datasets.map((dataset) => dataset.owner)),
        );
        const gateways = before.powerBi.gateways.map(({ name }: { name: string }) => name).join(", ");
        narrator.tell(
            `${this.datasets.length} semantic models of ${[...owners].join(", ")} read two Databricks workspaces, in the ` +
                `cloud and through ${gateways}.`,
        );
        const result = await this.command("pulumi up", () => this.stack.up());
        narrator.check("up succeeds", result.exitCode === 0);
        narrator.quote(
            result.output
                .split("\n")
                .flatMap((line) => /^ {4}(\S+: \d+ datasources?, .*|  .* <- .*)$/.exec(line)?.[1] ?? []),
        );
        const { credentials } = (await this.stack.outputs()) as unknown as StackOutputs;
        const bound = Object.values(credentials);
        const datasources = bound.flatMap((credential) => credential.datasources);
        const inCloud = datasources.flatMap(({ kind, datasets }) => (kind === "NoGateway" ? datasets : []));
        const sent = await this.control.requests();
        const takeOvers = sent.filter(({ path }) => /TakeOver/.test(path)).length;
        const set = compareWithReference({ credentials }, sent).credentialsSet;
        narrator.check(
            `each model in the cloud was taken over once: ${takeOvers} take-overs`,
            takeOvers === inCloud.length,
        );
        narrator.check(
            `${bound.flatMap(({ datasets }) => datasets).length} models read through ${datasources.length} datasources: ${set} credentials set`,
            set === datasources.length,
        );
        await this.checkReports();
    }

    private async upAgain(): Promise<void> {
        this.narrator.chapter("Nothing to do, nothing done");
        const result = await this.command("pulumi up", () => this.stack.up());
        this.narrator.check("the second up succeeds", result.exitCode === 0);
        const mutations = (await this.control.requests()).filter(isMutation);
        this.narrator.check(`it changed nothing: ${mutations.length} mutating requests`, mutations.length === 0);
    }

    private async rotate(): Promise<void> {
        const { narrator, stack } = this;
        narrator.chapter("Rotation, while people read their reports");
        const old = await this.secretsInUse();
        const key = "2026-12";
        narrator.command(`pulumi config set rotationKey ${key}`);
        stack.configure({ "powerbi-databricks-credentials:rotationKey": key });
        const readers = new Readers(this.control, this.datasets);
        const result = await this.command("pulumi up", () => stack.up());
        await readers.stop();
        narrator.check("up succeeds", result.exitCode === 0);
        narrator.check(
            `reports queried ${readers.queries} times meanwhile, ${readers.failures.length} failed`,
            readers.queries > 0 && readers.failures.length === 0,
        );
        const sent = await this.control.requests();
        const cost = compareWithReference((await stack.outputs()) as unknown as StackOutputs, sent);
        narrator.quote(describeCost(cost));
        narrator.check(
            "each credential was set once, whatever the number of models",
            cost.credentialsSet === cost.datasources,
        );
        const refused = await Promise.all(old.map((secret) => this.isRefused(secret)));
        narrator.check("the old secrets no longer log in", refused.length > 0 && refused.every(Boolean));
        const fresh = await this.secretsInUse();
        narrator.check(
            "the new ones do",
            !(await Promise.all(fresh.map((secret) => this.isRefused(secret)))).some(Boolean),
        );
    }

    private async drift(): Promise<void> {
        const { narrator, stack, control } = this;
        narrator.chapter("Somebody edits a datasource in Power BI");
        await control.edit((world) => {
            const clientIds = world.entra.tenants.flatMap((tenant: Tenant) =>
                tenant.applications.map((app) => app.clientId),
            );
            const edited = world.powerBi.datasources.find((datasource: Stored) => clientIds.includes(datasource.owner));
            edited.credential = { credentialType: "OAuth2", accessToken: "a token of theirs" };
        });
        const preview = await this.command("pulumi preview --expect-no-changes", () =>
            stack.preview("--expect-no-changes"),
        );
        const words = preview.output.match(/drift: .*/g) ?? [];
        narrator.quote([...new Set(words)]);
        narrator.check(`preview says so, and exits ${preview.exitCode}`, preview.exitCode === 7 && words.length > 0);
        const up = await this.command("pulumi up", () => stack.up());
        narrator.check("up heals it", up.exitCode === 0);
        await this.checkReports();
    }

    private async destroy(): Promise<void> {
        this.narrator.chapter("The end");
        const result = await this.command("pulumi destroy", () => this.stack.destroy());
        this.narrator.check("destroy succeeds", result.exitCode === 0);
        const left = await this.secretsInUse();
        this.narrator.check("no service principal and no secret of the stack is left", left.length === 0);
    }

    private async checkReports(): Promise<void> {
        const results = await Promise.all(
            this.datasets.map(async ({ workspaceId, datasetId, name }) => {
                const result = await this.control.query(workspaceId, datasetId);
                return result.ok ? undefined : `${name}: ${result.error.code}`;
            }),
        );
        const failures = results.filter((failure) => failure !== undefined);
        this.narrator.quote(failures);
        const working = this.datasets.length - failures.length;
        this.narrator.check(
            `reports on ${working} of ${this.datasets.length} models read their data`,
            failures.length === 0,
        );
    }

    private async command(line: string, run: () => Promise<CommandResult>): Promise<CommandResult> {
        this.narrator.command(line);
        await this.control.forgetRequests();
        const startedAt = Date.now();
        const result = await run();
        const summary = result.output.split("\n").filter((text) => /^ +([+~-]|\+-|-\+)?\s*\d+ (\w+|to \w+)/.test(text));
        this.narrator.quote(summary.map((text) => text.trim()));
        this.narrator.tell(`${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
        if (result.exitCode !== 0 && result.exitCode !== 7) {
            this.narrator.quote(result.output.trim().split("\n"));
        }
        return result;
    }

    /** The secrets of the service principals that the stack made. */
    private async secretsInUse(): Promise<Login[]> {
        return principalsOf(await this.control.world())
            .filter((principal) => !this.strangers.includes(principal.applicationId))
            .flatMap(({ applicationId, secrets }) => secrets.map(({ secret }) => ({ applicationId, secret })));
    }

    private async isRefused(login: Login): Promise<boolean> {
        const answers = await Promise.all(
            this.workspaces.map((workspace) =>
                axios.post(`${workspace}/oidc/v1/token`, "grant_type=client_credentials&scope=all-apis", {
                    auth: { username: login.applicationId, password: login.secret },
                    headers: { "Content-Type": "application/x-www-form-urlencoded" },
                    validateStatus: () => true,
                }),
            ),
        );
        return answers.every(({ status }) => status === 401);
    }
}

/** The service principals of both Databricks workspaces. */
function principalsOf(world: Record<"databricks" | "databricks2", { servicePrincipals: Principal[] }>): Principal[] {
    return [...world.databricks.servicePrincipals, ...world.databricks2.servicePrincipals];
}

/** The parts of the sandbox's world that the story looks at. */
interface Owned {
    datasets: { owner: string }[];
}
interface Principal {
    applicationId: string;
    secrets: { secret: string }[];
}
interface Login {
    applicationId: string;
    secret: string;
}
interface Stored {
    owner: string;
}
interface Tenant {
    applications: { clientId: string }[];
}
