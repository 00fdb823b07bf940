import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parse, stringify } from "yaml";
import { pulumiEnvironment } from "./environment";
import { projectRoot } from "./home";

/** What a `pulumi` command printed, and how it ended. */
export interface CommandResult {
    exitCode: number;
    /** Standard output and standard error in the order in which they came. */
    output: string;
}

/** A command that is under way. */
export interface RunningCommand {
    /** The id of its process group. */
    processGroup: number;
    /** What it has printed so far. */
    printed(): string;
    ended: Promise<CommandResult>;
}

/** The configuration of a stack: full keys and values. */
export type StackConfig = Record<string, unknown>;

/** What the file of a stack holds. */
export interface StackFile {
    encryptionsalt: string;
    config: StackConfig;
}

/** Arguments of `Stack.create`. */
export interface StackOptions {
    /** The stack's name. */
    name: string;
    /** Values that replace or extend those of the base; undefined takes one away. */
    config: StackConfig;
    /** Which of the project's stacks on the sandbox, or which file, the configuration is taken from. Default `dev`. */
    base?: "dev" | "estate" | StackFile;
    /** The folder of the program. Default the project's own. */
    programFolder?: string;
    /** Variables for the commands, as a pipeline's job would have them. */
    environment?: Record<string, string>;
}

/**
 * A stack of the project with a folder of its own for configuration and state, driven through the real CLI. The program
 * is not copied: the folder's Pulumi.yaml points to it, as a project that wraps this one would.
 */
export class Stack {
    private constructor(
        readonly name: string,
        /** The folder that holds Pulumi.yaml, the stack's configuration and its state. */
        readonly folder: string,
        /** Variables for the commands beside those of the engine. */
        private readonly environment: Record<string, string> = {},
    ) {}

    /** Makes the stack. Its secrets provider and encrypted values are those of the base. */
    static async create(options: StackOptions): Promise<Stack> {
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-stack-"));
        const programFolder = options.programFolder ?? projectRoot;
        const project = fs.readFileSync(path.join(programFolder, "Pulumi.yaml"), "utf8");
        fs.writeFileSync(path.join(folder, "Pulumi.yaml"), `${project}main: program\n`);
        fs.symlinkSync(programFolder, path.join(folder, "program"), "dir");
        const stack = new Stack(options.name, folder, options.environment);
        const { base = "dev" } = options;
        const file = typeof base === "string" ? readStackFile(path.join(projectRoot, `Pulumi.${base}.yaml`)) : base;
        stack.writeConfig({ ...file, config: { ...file.config, ...options.config } });
        const made = await stack.pulumi("stack", "init", options.name);
        if (made.exitCode !== 0) {
            throw new Error(`the stack could not be made:\n${made.output}`);
        }
        return stack;
    }

    /** Changes configuration values; undefined takes one away. */
    configure(values: StackConfig): void {
        this.writeConfig({ ...this.file(), config: { ...this.config(), ...values } });
    }

    /** The configuration as the stack's file has it, secrets encrypted. */
    config(): StackConfig {
        return this.file().config;
    }

    /** The stack's file. */
    file(): StackFile {
        return readStackFile(this.configFile);
    }

    /** Runs `pulumi up` without asking, and without a preview before it. */
    up(...args: string[]): Promise<CommandResult> {
        return this.pulumi("up", "--yes", "--skip-preview", "--stack", this.name, ...args);
    }

    /** Runs `pulumi preview`. */
    preview(...args: string[]): Promise<CommandResult> {
        return this.pulumi("preview", "--stack", this.name, ...args);
    }

    /** Runs `pulumi refresh` without asking. */
    refresh(...args: string[]): Promise<CommandResult> {
        return this.pulumi("refresh", "--yes", "--skip-preview", "--stack", this.name, ...args);
    }

    /** Runs `pulumi destroy` without asking. */
    destroy(...args: string[]): Promise<CommandResult> {
        return this.pulumi("destroy", "--yes", "--skip-preview", "--stack", this.name, ...args);
    }

    /** Puts a state in the place of the stack's, as `pulumi stack export` gave it. */
    async import(state: string): Promise<CommandResult> {
        const file = path.join(this.folder, "imported.json");
        fs.writeFileSync(file, state);
        return this.pulumi("stack", "import", "--file", file, "--stack", this.name);
    }

    /** The stack's outputs. */
    async outputs(): Promise<Record<string, unknown>> {
        return JSON.parse((await this.pulumi("stack", "output", "--json", "--stack", this.name)).output);
    }

    /** The state as `pulumi stack export` gives it, secrets encrypted. */
    async export(): Promise<string> {
        return (await this.pulumi("stack", "export", "--stack", this.name)).output;
    }

    /** The variables with which commands work on the stack: the engine, its state and its passphrase. */
    variables(): Record<string, string> {
        return { ...pulumiEnvironment(this.stateFolder), ...this.environment };
    }

    /** Removes the folder with configuration and state. */
    remove(): void {
        fs.rmSync(this.folder, { recursive: true, force: true });
    }

    /** The folder that holds the stack's state. */
    get stateFolder(): string {
        return path.join(this.folder, "state");
    }

    /** Runs any `pulumi` command in the stack's folder. */
    pulumi(...args: string[]): Promise<CommandResult> {
        return this.start(...args).ended;
    }

    /** Starts any `pulumi` command as the leader of a process group, so that it can be killed with all that it starts. */
    start(...args: string[]): RunningCommand {
        const command = spawn("pulumi", [...args, "--non-interactive", "--color", "never"], {
            cwd: this.folder,
            env: { ...process.env, ...this.variables() },
            stdio: ["ignore", "pipe", "pipe"],
            detached: true,
        });
        let output = "";
        const ended = new Promise<CommandResult>((resolve, reject) => {
            const collect = (chunk: Buffer) => void (output += chunk.toString("utf8"));
            command.stdout.on("data", collect);
            command.stderr.on("data", collect);
            command.on("error", reject);
            command.on("close", (code) => resolve({ exitCode: code ?? -1, output }));
        });
        return { processGroup: command.pid!, printed: () => output, ended };
    }

    private get configFile(): string {
        return path.join(this.folder, `Pulumi.${this.name}.yaml`);
    }

    private writeConfig(file: StackFile): void {
        const config = Object.entries(file.config).filter(([, value]) => value !== undefined);
        fs.writeFileSync(this.configFile, stringify({ ...file, config: Object.fromEntries(config) }));
    }
}

function readStackFile(file: string): StackFile {
    return parse(fs.readFileSync(file, "utf8"));
}
