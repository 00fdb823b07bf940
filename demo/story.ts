import axios from "axios";
import { CommandResult, Stack } from "../engine/stack";
import { ControlClient, isMutation } from "../sandbox/control-client";
import { Narrator } from "./narrator";
import { Readers, ReportDataset } from "./readers";

/** The life of a credential on the sandbox, told while it happens. */
export class Story {
    /** The service principals that were there before. */
    private strangers: string[] = [];

    constructor(
        private readonly narrator: Narrator,
        private readonly databricks: string,
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
        this.strangers = before.databricks.servicePrincipals.map((principal: Principal) => principal.applicationId);
        const owners = new Set(
            before.powerBi.workspaces.flatMap((w: Owned) => w.datasets.map((dataset) => dataset.owner)),
        );
        narrator.tell(
            `${this.datasets.length} semantic models read Databricks, with credentials of ${[...owners].join(", ")}.`,
        );
        const result = await this.command("pulumi up", () => this.stack.up());
        narrator.check("up succeeds", result.exitCode === 0);
        const sent = await this.control.requests();
        const count = (method: string, path: RegExp) =>
            sent.filter((request) => request.method === method && path.test(request.path)).length;
        const takeOvers = count("POST", /TakeOver/);
        const patches = count("PATCH", /\/gateways\//);
        narrator.check(`each model was taken over once: ${takeOvers} take-overs`, takeOvers === this.datasets.length);
        narrator.check(
            `${this.datasets.length} models read through 2 datasources: ${patches} credentials set`,
            patches === 2,
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
        const takeOvers = (await this.control.requests()).filter((request) => /TakeOver/.test(request.path)).length;
        narrator.check(`no model was taken over again: ${takeOvers} take-overs`, takeOvers === 0);
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
        for (const { workspaceId, datasetId, name } of this.datasets) {
            const result = await this.control.query(workspaceId, datasetId);
            const detail = result.ok ? `${result.rows.length} rows` : result.error.code;
            this.narrator.check(`a report on "${name}" reads its data: ${detail}`, result.ok);
        }
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
        const world = await this.control.world();
        return world.databricks.servicePrincipals
            .filter((principal: Principal) => !this.strangers.includes(principal.applicationId))
            .flatMap(({ applicationId, secrets }: Principal) =>
                secrets.map(({ secret }) => ({ applicationId, secret })),
            );
    }

    private async isRefused(login: Login): Promise<boolean> {
        const answer = await axios.post(
            `${this.databricks}/oidc/v1/token`,
            "grant_type=client_credentials&scope=all-apis",
            {
                auth: { username: login.applicationId, password: login.secret },
                headers: { "Content-Type": "application/x-www-form-urlencoded" },
                validateStatus: () => true,
            },
        );
        return answer.status === 401;
    }
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
