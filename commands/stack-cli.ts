import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { ConfigReader } from "../clients/config-reader";
import { reasonIn, runPulumi } from "./pulumi-cli";
import { Diagnostic } from "../diagnostics/diagnostic";
import { withRecord } from "../diagnostics/record";
import { StateResource } from "./state-resource";

/** The configuration of a stack, decrypted. It never leaves the process. */
export interface StackConfiguration {
    /** Reads a value as the program does: keys of the project's own namespace without it. */
    read: ConfigReader;
    /** The configured keys of the project's own namespace, without it. */
    keys: string[];
    /** Whether a key of it is stored encrypted. */
    isSecret: (key: string) => boolean;
}

/** What a stack's file says of its encryption. */
export interface StackEncryption {
    /** The address of a key, or `passphrase`; absent where the backend encrypts, or where it was not chosen. */
    secretsprovider?: string;
    /** Of the passphrase. */
    encryptionsalt?: string;
}

/** A plugin as `pulumi plugin ls` lists it. */
export interface InstalledPlugin {
    name: string;
    kind: string;
    version?: string;
}

/** A stack as `pulumi` tells of it. Nothing here changes a stack. */
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

    /** The version of `pulumi`, without a v. */
    async version(): Promise<string> {
        return (await this.text("version")).trim().replace(/^v/, "");
    }

    /** Who is logged in to which backend. */
    whoAmI(): Promise<{ user: string; url?: string }> {
        return this.json("whoami", "--json");
    }

    /** The plugins that are installed. */
    plugins(): Promise<InstalledPlugin[]> {
        return this.json("plugin", "ls", "--json");
    }

    /** The name of the stack's file: a stack may be called ORGANIZATION/PROJECT/NAME. */
    get fileName(): string {
        return `Pulumi.${this.name.split("/").at(-1)}.yaml`;
    }

    /** What the stack's file says of its encryption; nothing when there is no file. */
    encryption(): StackEncryption {
        const file = path.join(this.folder, this.fileName);
        return (fs.existsSync(file) && parse(fs.readFileSync(file, "utf8"))) || {};
    }

    /** The stack's configuration with the defaults of Pulumi.yaml, as the program reads it. */
    async configuration(): Promise<StackConfiguration> {
        type Values = Record<string, { value?: string; secret?: boolean }>;
        const values = await this.json<Values>("config", "--show-secrets", "--json", ...this.option());
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

    /** The resources in the state; none before the first `up`. */
    async resources(): Promise<StateResource[]> {
        type Exported = { deployment: { resources?: StateResource[] } };
        const { deployment } = await this.json<Exported>("stack", "export", ...this.option());
        return deployment.resources ?? [];
    }

    /** What `pulumi preview --json` prints: secrets are hidden in it. A preview that fails prints part of it, or nothing. */
    async preview(): Promise<{ failed: boolean; digest: unknown; errors: string; said: Diagnostic[] }> {
        return withRecord(async (environment, said) => {
            const args = ["preview", "--json", ...this.option()];
            const { exitCode, stdout, stderr } = await runPulumi(args, this.folder, environment);
            try {
                return { failed: exitCode !== 0, digest: JSON.parse(stdout), errors: stderr.trim(), said: said() };
            } catch {
                const errors = [stderr.trim(), stdout.trim()].filter(Boolean).join("\n");
                return { failed: true, digest: {}, errors, said: said() };
            }
        });
    }

    private option(): string[] {
        return ["--stack", this.name];
    }

    private async json<T>(...args: string[]): Promise<T> {
        const text = await this.text(...args);
        try {
            return JSON.parse(text);
        } catch {
            // The parser's own words quote the text, which may hold secrets.
            throw new Error(`\`pulumi ${args.join(" ")}\` printed something that is no JSON.`);
        }
    }

    private async text(...args: string[]): Promise<string> {
        const printed = await runPulumi(args, this.folder);
        if (printed.exitCode !== 0) {
            throw new Error(`\`pulumi ${args.join(" ")}\` failed in ${this.folder}: ${reasonIn(printed)}`);
        }
        return printed.stdout;
    }
}
