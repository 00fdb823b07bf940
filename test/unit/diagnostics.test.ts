import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { diagnosticCodes } from "../../diagnostics/codes";
import { distinctDiagnostics, notice, problem } from "../../diagnostics/diagnostic";
import { record, recordVariable, withRecord } from "../../diagnostics/record";
import { toMarkdown, toText } from "../../diagnostics/render";
import { projectRoot } from "../../engine/home";

const rooms = ["clients", "settings", "planning", "dynamic-providers", "components", "commands"];

/** All TypeScript of the rooms that say something. */
function sources(): string {
    const files = rooms.flatMap((room) =>
        fs
            .readdirSync(path.join(projectRoot, room), { recursive: true, encoding: "utf8" })
            .filter((file) => file.endsWith(".ts") && !file.includes("node_modules"))
            .map((file) => fs.readFileSync(path.join(projectRoot, room, file), "utf8")),
    );
    return files.join("\n");
}

describe("the codes of diagnostics", () => {
    it("are the headings of docs/troubleshooting.md, each with what to do", () => {
        const text = fs.readFileSync(path.join(projectRoot, "docs", "troubleshooting.md"), "utf8");
        const parts = text.split(/^### /m).slice(1);
        assert.deepEqual(parts.map((part) => /^`([\w-]+)`/.exec(part)?.[1]).sort(), [...diagnosticCodes].sort());
        for (const part of parts) {
            assert.match(part, /\n\n\S[^]*\n\n\*\*What to do\.\*\* \S/, part);
        }
    });

    it("are all said by something", () => {
        const text = sources();
        assert.deepEqual(
            diagnosticCodes.filter((code) => !text.includes(`"${code}"`)),
            [],
        );
    });
});

describe("a diagnostic", () => {
    const where = "credentials[0].bindings[1]";

    it("is a sentence with its place, what to do and its code, and a line for each thing that it is about", () => {
        const said = { ...notice("unproven", { where }, "2 are left out", "say takeOver: true"), details: ["A", "B"] };
        assert.equal(toText(said), `${where}: 2 are left out. Say takeOver: true. [unproven]\n  A\n  B`);
        assert.equal(toMarkdown(said), `- ${where}: 2 are left out. Say takeOver: true. [unproven]\n    - A\n    - B`);
    });

    it("does not end twice where its reason is a sentence or a question already", () => {
        assert.equal(toText(problem("gone", {}, "It is so!", "look?")), "It is so! Look? [gone]");
    });

    it("is said once, whoever comes upon it", () => {
        const one = problem("gone", { where }, "it is so", "look");
        const all = [one, { ...one }, { ...one, subject: { where: "elsewhere" } }, { ...one, reason: "it is not" }];
        assert.equal(distinctDiagnostics(all).length, 3);
    });

    it("reaches the command that runs the program as data, line by line, whoever of its processes says it", async () => {
        const one = { ...notice("renamed", { where, datasetId: "d" }, 'it is "so"\nand so', "look"), details: ["A"] };
        const two = problem("gone", {}, "it is gone", "look");
        await withRecord(async (variables, said) => {
            const before = process.env[recordVariable];
            Object.assign(process.env, variables);
            try {
                record(one);
                // A process that was killed leaves half a line, and others go on.
                fs.appendFileSync(variables[recordVariable], '\n{"code":"held","subject":{}');
                [two, one].forEach(record);
            } finally {
                process.env[recordVariable] = before ?? "";
            }
            assert.deepEqual(said(), [one, two]);
        });
    });

    it("fails no process that outlives the command which started it, nor one that nobody started", async () => {
        const before = process.env[recordVariable];
        const gone = await withRecord(async (variables) => variables[recordVariable]);
        try {
            for (const file of [gone, ""]) {
                process.env[recordVariable] = file;
                record(notice("renamed", {}, "it is so", "look"));
            }
        } finally {
            process.env[recordVariable] = before ?? "";
        }
        assert.ok(!fs.existsSync(gone));
    });
});
