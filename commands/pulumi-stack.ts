import { CommandError, LocalWorkspace, PulumiCommand, StackSettings, WhoAmIResult } from "@pulumi/pulumi/automation";

/** A resource in a stack's state. */
export interface StateResource {
    urn: string;
    type: string;
    id?: string;
    inputs?: Record<string, unknown>;
    outputs?: Record<string, unknown>;
    /** It is to be deleted by the next `up`. */
    delete?: boolean;
}

/** A stack's configuration, secrets decrypted: full keys, structures as JSON. */
export type StackValues = Record<string, { value: string; secret: boolean }>;

/** A plugin as `pulumi plugin ls` lists it. */
export interface InstalledPlugin {
    name: string;
    kind: string;
    version?: string;
}

/** A stack of a project, looked at through the `pulumi` on PATH, as whoever runs this. Nothing here changes anything. */
export class PulumiStack {
    private constructor(
        readonly name: string,
        private readonly workspace: LocalWorkspace,
        /** The version of `pulumi`. */
        readonly version: string,
    ) {}

    /** @throws Error when there is no `pulumi`, or one that is too old. */
    static async open(name: string, folder: string): Promise<PulumiStack> {
        const pulumiCommand = await plainly(PulumiCommand.get());
        const workspace = await LocalWorkspace.create({ workDir: folder, pulumiCommand });
        return new PulumiStack(name, workspace, pulumiCommand.version?.toString() ?? "unknown");
    }

    /** The project's name: the namespace of its configuration keys. */
    async project(): Promise<string> {
        return (await this.workspace.projectSettings()).name;
    }

    /** The name of the stack's file. */
    get fileName(): string {
        return `Pulumi.${this.shortName}.yaml`;
    }

    /** The stack's file; undefined when there is none. */
    async file(): Promise<StackSettings | undefined> {
        return this.workspace.stackSettings(this.name).catch(() => undefined);
    }

    /** The name without organization and project. */
    private get shortName(): string {
        return this.name.split("/").at(-1)!;
    }

    /** Who is logged in to which backend. */
    whoAmI(): Promise<WhoAmIResult> {
        return plainly(this.workspace.whoAmI());
    }

    /** The configuration, with the defaults of Pulumi.yaml. */
    async values(): Promise<StackValues> {
        return plainly(this.workspace.getAllConfig(this.name)) as Promise<StackValues>;
    }

    /** The resources in the state; none before the first `up`. */
    async resources(): Promise<StateResource[]> {
        const { deployment } = await plainly(this.workspace.exportStack(this.name));
        return deployment.resources ?? [];
    }

    /** The plugins that are installed. */
    plugins(): Promise<InstalledPlugin[]> {
        return plainly(this.workspace.listPlugins());
    }
}

/** The logical name of a resource. */
export function logicalName({ urn }: StateResource): string {
    return urn.split("::").slice(3).join("::");
}

/** What a command said on standard error alone: its standard output may hold secrets. */
async function plainly<T>(work: Promise<T>): Promise<T> {
    try {
        return await work;
    } catch (error) {
        if (error instanceof CommandError) {
            const [, said = ""] = /stderr: ([\s\S]*?)(?:\n err\?:|$)/.exec(error.message) ?? [];
            const words = said.trim().replace(/^Command failed with exit code .*\n/, "");
            throw new Error(`pulumi: ${words.replace(/^error: /, "") || "the command failed"}`);
        }
        throw error;
    }
}
