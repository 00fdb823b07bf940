import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { ensureEngine } from "../../engine/ensure";
import { projectRoot } from "../../engine/home";
import { engineTimeoutInMs } from "../engine/support";
import { promisedOutput, ShellBlock, shellBlocks } from "./shell-blocks";
import { Terminal } from "./terminal";

const markdownIn = (folder: string) =>
    fs
        .readdirSync(path.join(projectRoot, folder))
        .filter((name) => name.endsWith(".md"))
        .map((name) => path.join(folder, name));
const documents = [...markdownIn("."), ...markdownIn("docs")].map((document) => {
    const markdown = fs.readFileSync(path.join(projectRoot, document), "utf8");
    return { document, markdown, blocks: shellBlocks(document, markdown) };
});

describe("the documents' commands", function () {
    this.timeout(engineTimeoutInMs);
    before(() => ensureEngine());

    for (const { document, blocks } of documents.filter(({ blocks }) => blocks.some(({ how }) => how === "run"))) {
        it(`work as ${document} shows them, one after the other on the sandbox`, async () => {
            const terminal = new Terminal();
            try {
                for (const { block, output } of await terminal.run(blocks)) {
                    for (const promise of promisedOutput(block)) {
                        assert.ok(output.includes(promise), `${document}:${block.line}: "${promise}" in:\n${output}`);
                    }
                }
            } finally {
                await terminal.close();
            }
        });
    }

    for (const { document, line, reason } of documents.flatMap(({ blocks }) => blocks).filter(isLeftOut)) {
        it(`are left out at ${document}:${line}, which says why: ${reason}`, () => {
            assert.match(reason, /\w+ \w+/);
        });
    }
});

describe("the documents' links", () => {
    for (const { document, markdown } of documents) {
        it(`of ${document} lead to files and headings that are there`, () => {
            const dead = [...markdown.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].filter(
                ([, file, anchor]) => {
                    const target = path.join(
                        projectRoot,
                        file === "" ? document : path.join(path.dirname(document), file),
                    );
                    const isThere = fs.existsSync(target);
                    return (
                        !isThere ||
                        (anchor !== undefined && !anchorsOf(fs.readFileSync(target, "utf8")).includes(anchor))
                    );
                },
            );
            assert.deepEqual(
                dead.map(([link]) => link),
                [],
            );
        });
    }
});

describe("a terminal", () => {
    const block = (line: number, text: string, how: ShellBlock["how"] = "run") =>
        ({ document: "x.md", line, text, how, reason: "" }) satisfies ShellBlock;
    let terminal: Terminal;
    before(() => (terminal = new Terminal()));
    after(() => terminal.close());

    it("runs blocks in one shell, in a clone that git knows", async () => {
        const results = await terminal.run([block(1, "name=world"), block(2, "echo hello $name; git status --short")]);
        assert.deepEqual(
            results.map(({ output }) => output),
            ["", "hello world\n"],
        );
    });

    it("stops at the first command that fails, and says where it is and what it printed", async () => {
        const blocks = [
            block(1, "echo one"),
            block(5, "echo two\nls /nowhere-at-all\necho three"),
            block(9, "echo four"),
        ];
        await assert.rejects(terminal.run(blocks), (error: Error) => {
            assert.match(error.message, /^x\.md:5 ended with exit code \d+:\ntwo\n.*nowhere-at-all/s);
            assert.doesNotMatch(error.message, /three|four/);
            return true;
        });
    });

    it("says what a block in the background printed that ended before it was of use", async () => {
        await assert.rejects(terminal.run([block(3, "ls /nowhere-at-all", "background")]), /x\.md:3 .*nowhere-at-all/s);
    });
});

describe("a block of shell commands", () => {
    const found = (...lines: string[]) => shellBlocks("x.md", lines.join("\n"));

    it("is found with the line of its first command, also within a list", () => {
        const [block] = found("1. Do", "", "   ```sh", "   one", "   two", "   ```");
        assert.deepEqual([block.line, block.text, block.how], [4, "one\ntwo", "run"]);
    });

    it("is left out for the reason in the comment above it, and no other", () => {
        const [left, run] = found(
            "<!-- not run: needs a tenant -->",
            "",
            "```sh",
            "az login",
            "```",
            "```sh",
            "ls",
            "```",
        );
        assert.deepEqual([left.how, left.reason], ["not run", "needs a tenant"]);
        assert.equal(run.how, "run");
    });

    it("runs beside the others where the comment says so", () => {
        assert.equal(found("<!-- in the background -->", "```sh", "serve", "```")[0].how, "background");
    });

    it("cannot hide in another language", () => {
        assert.throws(() => found("```bash", "ls", "```"), /x\.md:1: write ```sh/);
        assert.deepEqual(found("```yaml", "a: 1", "```"), []);
    });

    it("promises what its comments count", () => {
        const [block] = found(
            "```sh",
            "pulumi preview   # + 40 to create",
            "pulumi up # +-5 to replace: the binding",
            'pulumi preview || echo "exit code $?" # exit code 7, and why',
            "```",
        );
        assert.deepEqual(promisedOutput(block), ["+ 40 to create", "+-5 to replace", "exit code 7"]);
    });
});

function isLeftOut({ how }: { how: string }): boolean {
    return how === "not run";
}

/** The anchors of a document's headings, as GitHub makes them. */
function anchorsOf(markdown: string): string[] {
    return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
        heading
            .toLowerCase()
            .replace(/[^\p{L}\p{N} _-]/gu, "")
            .replace(/ /g, "-"),
    );
}
