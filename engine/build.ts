import { spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as readline from "node:readline";
import { Progress } from "./progress";

/** One Go program to build. */
export interface BuildTarget {
    /** What the user reads while it builds. */
    title: string;
    /** The folder of the Go module. */
    moduleFolder: string;
    /** The package to build, as `go build` takes it. */
    package: string;
    /** Variables that the linker sets, `import/path.name=value`. */
    linkedVariables: string[];
    /** The file to write. */
    output: string;
}

/** Whether a Go toolchain is on PATH. */
export function hasGo(): boolean {
    return spawnSync("go", ["version"]).status === 0;
}

/**
 * Builds a target with the Go toolchain, showing how many of its packages are compiled.
 *
 * The output appears in one step (rename), so that a build that is killed, or two at once, leave no half a program.
 *
 * @throws Error with the compiler's output.
 */
export async function build(target: BuildTarget): Promise<void> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "engine-build-"));
    const built = path.join(folder, path.basename(target.output));
    try {
        const total = countPackages(target);
        const progress = new Progress(target.title, total);
        await compile(target, built, () => progress.step());
        progress.done();
        fs.mkdirSync(path.dirname(target.output), { recursive: true });
        const staged = `${target.output}.${process.pid}`;
        fs.copyFileSync(built, staged);
        fs.chmodSync(staged, 0o755);
        fs.renameSync(staged, target.output);
    } finally {
        fs.rmSync(folder, { recursive: true, force: true });
    }
}

function countPackages(target: BuildTarget): number {
    const listed = spawnSync("go", ["list", "-deps", target.package], {
        cwd: target.moduleFolder,
        encoding: "utf8",
        maxBuffer: 16 * 1024 * 1024,
    });
    if (listed.status !== 0) {
        throw new Error(`${target.title}: its Go modules could not be loaded:\n${tail(listed.stderr)}`);
    }
    return listed.stdout.trim().split("\n").length;
}

function compile(target: BuildTarget, output: string, onPackage: () => void): Promise<void> {
    const linkerFlags = ["-s", "-w", ...target.linkedVariables.map((variable) => `-X ${variable}`)].join(" ");
    const args = ["build", "-v", "-trimpath", "-buildvcs=false", "-ldflags", linkerFlags, "-o", output, target.package];
    return new Promise((resolve, reject) => {
        const compiler = spawn("go", args, { cwd: target.moduleFolder, stdio: ["ignore", "ignore", "pipe"] });
        const problems: string[] = [];
        readline.createInterface({ input: compiler.stderr }).on("line", (line) => {
            // With -v, the compiler names each package alone on a line; everything else is worth keeping for the error.
            if (/^[\w./-]+$/.test(line)) {
                onPackage();
            } else {
                problems.push(line);
            }
        });
        compiler.on("error", reject);
        compiler.on("close", (code) =>
            code === 0 ? resolve() : reject(new Error(`${target.title} failed:\n${tail(problems.join("\n"))}`)),
        );
    });
}

function tail(text: string): string {
    return text.trim().split("\n").slice(-15).join("\n");
}
