import * as pulumi from "@pulumi/pulumi";
import { targetOf } from "../../clients/connection-details";
import { devWorldFile, estateWorldFile, RunningSandbox, SandboxOptions, startSandbox } from "../../sandbox";
import { ControlClient } from "../../sandbox/control-client";

/** The ids of the dev world. */
export const warehouseId = "44ff20e73e461e56";
export const workspaceId = "90000000-0000-4000-8000-0000000000a1";
export const datasetId = "d0000000-0000-4000-8000-0000000000a1";
export const legacy = { applicationId: "0dd5ec7e-0000-4000-8000-000000000001", id: "4000000000000001" };
export const legacySecret = { id: "5ec7e000-0000-4000-8000-000000000001", value: "dose-legacy-sandbox-secret" };

/** A sandbox, and the configuration with which providers reach it. */
export class Bench {
    private constructor(
        readonly sandbox: RunningSandbox,
        readonly control: ControlClient,
        readonly config: Record<string, string>,
    ) {}

    /** @param onAnswer is told each answer of the sandbox. */
    static async start(world: "dev" | "estate" = "dev", onAnswer?: SandboxOptions["onAnswer"]): Promise<Bench> {
        const sandbox = await startSandbox({ world: world === "dev" ? devWorldFile : estateWorldFile, onAnswer });
        const { databricks, control, entra, powerBi, fabric } = sandbox.urls;
        return new Bench(sandbox, new ControlClient(control), {
            "databricks:host": databricks,
            "databricks:token": "dapi-sandbox-deployer",
            endpoints: JSON.stringify({ entra, powerBi, fabric }),
            powerBi: JSON.stringify({
                tenantId: "7e4a47aa-0000-4000-8000-000000000001",
                clientId: "c11e47aa-0000-4000-8000-000000000002",
                clientSecret: "sandbox-sp2-secret",
            }),
            verificationTimeoutInSeconds: "1",
        });
    }

    /** Configures a provider as the engine does. */
    configured<T extends { configure(request: pulumi.dynamic.ConfigureRequest): void }>(provider: T): T {
        const values = this.config;
        const config = {
            get: (key: string) => values[key],
            require: (key: string) => values[key],
            // What tells one sandbox's configuration from another's.
            values,
        };
        provider.configure({ config });
        return provider;
    }

    /** Begins another run of the engine, which knows nothing of what the last one read. */
    nextRun(): void {
        this.config.run = String(Number(this.config.run ?? 0) + 1);
    }

    /** The Databricks workspace of the dev world. */
    get databricks() {
        return { workspace: "databricks", host: this.sandbox.urls.databricks };
    }

    /** Where datasources of the dev world's first warehouse point to. */
    get target() {
        return targetOf(new URL(this.sandbox.urls.databricks).host, warehouseId);
    }

    /** The paths of requests with a method since the last `forgetRequests`. */
    async paths(method: string): Promise<string[]> {
        return (await this.control.requests()).filter((sent) => sent.method === method).map((sent) => sent.path);
    }

    close(): Promise<void> {
        return this.sandbox.close();
    }
}

/** What a provider says on the user's screen while something is done. */
export async function heard(work: () => Promise<unknown>): Promise<string> {
    const [write, said] = [process.stderr.write.bind(process.stderr), [] as string[]];
    process.stderr.write = (text) => said.push(String(text)) > 0;
    try {
        await work();
    } finally {
        process.stderr.write = write;
    }
    return said.join("");
}
