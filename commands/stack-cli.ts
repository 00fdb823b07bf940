import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { ConfigReader } from "../clients/config-reader";
import { projectRoot } from "../engine/home";

/** The configuration of a stack, decrypted. It never leaves the process. */
export interface StackConfiguration {
    /** Reads a value as the program does: keys of the project's own namespace without it. */
    read: ConfigReader;
    /** The configured keys of the project's own namespace, without it. */
    keys: string[];
    /** Whether a key of it is stored encrypted. */
    isSecret: (key: string) => boolean;
}

/** What a command printed, and how it ended. */
interface Printed {
    exitCode: number;
    stdout: string;
    stderr: string;
}

/**
 * A stack as `pulumi` tells of it, with the user's own PULUMI_* environment. Nothing here changes a stack.
 *
 * It is not the Automation API: that one's preview writes a log of events to a temporary file, and the SDK's debug
 * messages in it hold secrets in plain text (seen with 3.259.0). These commands print to a pipe.
 */
export class StackCli {
    private constructor(
        /** The stack's name. */
        readonly name: string,
        private readonly folder: string,
    ) {}

    /**
     * @param name the stack's name; default the selected one.
     * @param folder where the project's Pulumi.yaml is.
     * @throws Error when there is no project, or no stack is selected.
     */
    static async open(name: string | undefined, folder: string): Promise<StackCli> {
        if (!fs.existsSync(path.join(folder, "Pulumi.yaml"))) {
            throw new Error(`--cwd: there is no Pulumi.yaml in ${folder}. Name the folder of the project.`);
        }
        if (name !== undefined) {
            return new StackCli(name, folder);
        }
        const stacks = await new StackCli("", folder).json<{ name: string; current: boolean }[]>(
            "stack",
            "ls",
            "--json",
        );
        const selected = stacks.find(({ current }) => current);
        if (!selected) {
            const names = stacks.map((stack) => stack.name).join(", ") || "none";
            throw new Error(`--stack: no stack is selected, and none is named. Name one; there are: ${names}.`);
        }
        return new StackCli(selected.name, folder);
    }

    /** The stack's configuration with the defaults of Pulumi.yaml, as the program reads it. */
    async configuration(): Promise<StackConfiguration> {
        type Values = Record<string, { value?: string; secret?: boolean }>;
        const values = await this.json<Values>("config", "--show-secrets", "--json");
        const project: string = parse(fs.readFileSync(path.join(this.folder, "Pulumi.yaml"), "utf8")).name;
        const full = (key: string) => (key.includes(":") ? key : `${project}:${key}`);
        return {
            read: (key) => values[full(key)]?.value,
            keys: Object.keys(values).flatMap((key) =>
                key.startsWith(`${project}:`) ? [key.slice(project.length + 1)] : [],
            ),
            isSecret: (key) => values[full(key)]?.secret ?? false,
        };
    }

    /** The state as `pulumi stack export` gives it, secrets encrypted. */
    export(): Promise<unknown> {
        return this.json("stack", "export");
    }

    /** What `pulumi preview --json` prints: secrets are hidden in it. A preview that fails prints part of it, or nothing. */
    async preview(): Promise<{ failed: boolean; digest: unknown; errors: string }> {
        const { exitCode, stdout, stderr } = await this.run("preview", "--json");
        try {
            return { failed: exitCode !== 0, digest: JSON.parse(stdout), errors: stderr.trim() };
        } catch {
            return { failed: true, digest: {}, errors: [stderr.trim(), stdout.trim()].filter(Boolean).join("\n") };
        }
    }

    private async json<T>(...args: string[]): Promise<T> {
        const { exitCode, stdout, stderr } = await this.run(...args);
        if (exitCode !== 0) {
            throw new Error(`\`pulumi ${args.join(" ")}\` failed in ${this.folder}: ${stderr.trim()}`);
        }
        return JSON.parse(stdout);
    }

    private run(...args: string[]): Promise<Printed> {
        const bin = path.join(projectRoot, "node_modules", ".bin");
        const env = { ...process.env, PATH: [bin, process.env.PATH].join(path.delimiter) };
        const ofStack = this.name === "" ? [] : ["--stack", this.name];
        const all = [...args, ...ofStack, "--non-interactive", "--color", "never"];
        return new Promise((resolve, reject) => {
            execFile("pulumi", all, { cwd: this.folder, env, maxBuffer: Infinity }, (error, stdout, stderr) => {
                if (error && typeof error.code !== "number") {
                    reject(new Error(`pulumi cannot be run (${error.code ?? error.signal}): npm ci installs it.`));
                }
                resolve({ exitCode: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
            });
        });
    }
}
