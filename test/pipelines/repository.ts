import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parse, stringify } from "yaml";
import { projectRoot } from "../../engine/home";

const author = {
    GIT_AUTHOR_NAME: "Ana",
    GIT_AUTHOR_EMAIL: "ana@example.com",
    GIT_COMMITTER_NAME: "Ana",
    GIT_COMMITTER_EMAIL: "ana@example.com",
};

/** The project as a forge has it, a bare clone of what is committed here, and checkouts of it for people and jobs. */
export class Repository {
    /** The folder for everything. */
    readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "pipelines-"));
    readonly bare = path.join(this.folder, "origin.git");
    private checkouts = 0;

    constructor() {
        git(this.folder, "clone", "--quiet", "--bare", projectRoot, this.bare);
        // The branch that is checked out here becomes the forge's main.
        git(this.bare, "branch", "--force", "main", "HEAD");
        git(this.bare, "symbolic-ref", "HEAD", "refs/heads/main");
        this.commit("main", "Tests: one file of them", leaveOneTest);
    }

    /** A new checkout of a branch, or of a pull request's branch merged into main. */
    checkout(branch: string, mergedInto?: string): string {
        this.checkouts += 1;
        const folder = path.join(this.folder, `checkout-${this.checkouts}`);
        git(this.folder, "clone", "--quiet", "--branch", mergedInto ?? branch, this.bare, folder);
        if (mergedInto) {
            git(folder, "merge", "--quiet", "--no-edit", `origin/${branch}`);
        }
        return folder;
    }

    /** Commits what `change` does to a checkout, to a branch that begins at main when it is new. */
    commit(branch: string, message: string, change: (folder: string) => void): void {
        const isNew = !this.branches().includes(branch);
        const folder = this.checkout(isNew ? "main" : branch);
        change(folder);
        git(folder, "add", "--all");
        git(folder, "commit", "--quiet", "--message", message);
        git(folder, "push", "--quiet", "origin", `HEAD:refs/heads/${branch}`);
        fs.rmSync(folder, { recursive: true });
    }

    /** Merges a branch into main, as the button of a pull request does. */
    merge(branch: string): void {
        const folder = this.checkout(branch, "main");
        git(folder, "push", "--quiet", "origin", "HEAD:refs/heads/main");
        fs.rmSync(folder, { recursive: true });
    }

    branches(): string[] {
        return git(this.bare, "for-each-ref", "--format=%(refname:short)", "refs/heads").split("\n");
    }

    /** A file as a branch has it. */
    read(branch: string, file: string): string {
        return git(this.bare, "show", `${branch}:${file}`);
    }

    /** The message of a branch's last commit. */
    lastMessage(branch: string): string {
        return git(this.bare, "log", "-1", "--format=%s", branch);
    }

    remove(): void {
        fs.rmSync(this.folder, { recursive: true, force: true });
    }
}

/**
 * Jobs lint, type-check and test. Where this runs, all of that is done to all of the project: of the tests, one file and
 * what it loads will do.
 */
function leaveOneTest(folder: string): void {
    const tests = path.join(folder, "test");
    keepOnly(tests, ["hooks", "unit"]);
    keepOnly(path.join(tests, "unit"), ["settings.test.ts"]);
}

function keepOnly(folder: string, names: string[]): void {
    const others = fs.readdirSync(folder).filter((name) => !names.includes(name));
    others.forEach((name) => fs.rmSync(path.join(folder, name), { recursive: true }));
}

/** Changes configuration values of a stack's file, as an editor does. */
export function configure(folder: string, stack: string, values: Record<string, unknown>): void {
    const file = path.join(folder, `Pulumi.${stack}.yaml`);
    const { config, ...rest } = parse(fs.readFileSync(file, "utf8"));
    fs.writeFileSync(file, stringify({ ...rest, config: { ...config, ...values } }));
}

function git(folder: string, ...args: string[]): string {
    const env = { ...process.env, ...author };
    return execFileSync("git", args, { cwd: folder, encoding: "utf8", env, stdio: ["ignore", "pipe", "pipe"] }).trim();
}
