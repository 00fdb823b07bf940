import { execFileSync, spawn, ChildProcess } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { once } from "node:events";
import { projectRoot, pulumiHome } from "../../engine/home";
import { linkModules } from "../engine/linked-modules";
import { ShellBlock } from "./shell-blocks";

/** What a block printed. */
export interface BlockResult {
    block: ShellBlock;
    output: string;
}

/** A clone of the checkout as it is, with a cache and a state of its own, in which a document's commands are run. */
export class Terminal {
    private readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "docs-"));
    private readonly checkout = path.join(this.folder, "checkout");
    private readonly others: ChildProcess[] = [];

    constructor() {
        const leftOut = ["node_modules", ".git"].map((name) => path.join(projectRoot, name));
        fs.cpSync(projectRoot, this.checkout, { recursive: true, filter: (source) => !leftOut.includes(source) });
        const git = (...args: string[]) => execFileSync("git", args, { cwd: this.checkout, stdio: "pipe" });
        git("init", "--quiet");
        git("add", ".");
        git("-c", "user.name=docs", "-c", "user.email=docs@example.com", "commit", "--quiet", "-m", "As it is");
        linkModules(this.checkout);
    }

    /**
     * Runs the blocks of a document one after the other in one shell, to the first command that fails.
     *
     * @throws Error with what the failing block printed.
     */
    async run(blocks: ShellBlock[]): Promise<BlockResult[]> {
        const results: BlockResult[] = [];
        const script = ["set -euo pipefail"];
        for (const block of blocks) {
            if (block.how === "background") {
                await this.runBeside(block);
            }
            if (block.how === "run") {
                results.push({ block, output: "" });
                script.push(`echo '${boundary}'`, block.text);
            }
        }
        const { exitCode, output } = await this.bash(script.join("\n"));
        const printed = output.split(`${boundary}\n`).slice(1);
        printed.forEach((text, index) => (results[index].output = text));
        if (exitCode !== 0) {
            const { block, output: words } = results[printed.length - 1];
            throw new Error(`${block.document}:${block.line} ended with exit code ${exitCode}:\n${words}`);
        }
        return results;
    }

    /** Ends what runs beside, and removes the clone. */
    async close(): Promise<void> {
        for (const other of this.others.filter(({ exitCode }) => exitCode === null)) {
            const ended = once(other, "close");
            process.kill(-other.pid!, "SIGTERM");
            await ended;
        }
        fs.rmSync(this.folder, { recursive: true, force: true });
    }

    private bash(script: string): Promise<{ exitCode: number; output: string }> {
        const shell = this.spawn(script);
        let output = "";
        const collect = (chunk: Buffer) => void (output += chunk.toString("utf8"));
        shell.stdout!.on("data", collect);
        shell.stderr!.on("data", collect);
        return new Promise((resolve) => shell.on("close", (code) => resolve({ exitCode: code ?? -1, output })));
    }

    /** Starts a block that does not end by itself, and waits until it says something. */
    private async runBeside({ document, line, text }: ShellBlock): Promise<void> {
        const shell = this.spawn(text);
        this.others.push(shell);
        const problems: Buffer[] = [];
        shell.stderr!.on("data", (chunk) => problems.push(chunk));
        const ended = once(shell, "close").then(() => {
            throw new Error(`${document}:${line} ended at once:\n${Buffer.concat(problems).toString("utf8")}`);
        });
        await Promise.race([once(shell.stdout!, "data"), ended]);
        ended.catch(() => {});
    }

    private spawn(script: string): ChildProcess {
        return spawn("bash", ["-c", script], {
            cwd: this.checkout,
            env: {
                ...process.env,
                // The stacks of the person at the keyboard are not those of the documents; the engine is.
                XDG_CACHE_HOME: path.join(this.folder, "cache"),
                PULUMI_HOME: pulumiHome(),
            },
            stdio: ["ignore", "pipe", "pipe"],
            // A group of its own, so that npm's children end with it.
            detached: true,
        });
    }
}

const boundary = "== the next block";
