import * as fs from "node:fs";
import { describeRotation, Findings, readFindings, toItem } from "./findings";
import { changesFound, PulumiRun } from "./run-pulumi";

/** GitHub takes comments of up to 65 536 characters, and a hidden marker comes on top. */
const longestSummary = 65_000;

/** What one list may take of it, so that all of them and the output's end have room. */
const longestList = 9_000;

/** A run as people read it below a pull request: what rotates, what drifts, what was found, and all of it folded. */
export function summarize(command: "preview" | "deploy" | "drift", stack: string, run: PulumiRun): string {
    const findings = readFindings(run);
    const parts = [
        `### ${command} of \`${stack}\`: ${outcome(run.exitCode, findings)}`,
        section("Errors", findings.errors.map(toItem)),
        section("Rotation", describeRotation(findings.changes).map(toItem)),
        section("Drift", findings.drift.map(toItem)),
        section("Held: an older secret is kept alive", findings.held.map(toItem)),
        section("Warnings", findings.warnings.map(toItem)),
        folded(
            "Changes",
            findings.changes.map(({ operation, type, name }) => `${operation} ${type} ${name}`),
        ),
        folded("Found in Power BI", findings.found),
    ].filter((part) => part !== "");
    const said = parts.join("\n\n");
    return `${said}\n\n${fold("Output", cut(run.output.trim(), longestSummary - said.length - 500))}`;
}

/** Writes a summary to a file, where one is named, and to where the pipeline's own page shows it. */
export function publishSummary(summary: string, file: string | undefined): void {
    if (file) {
        fs.writeFileSync(file, `${summary}\n`);
    }
    if (process.env.GITHUB_STEP_SUMMARY) {
        fs.appendFileSync(process.env.GITHUB_STEP_SUMMARY, `${summary}\n`);
    }
    if (process.env.TF_BUILD && file) {
        process.stdout.write(`##vso[task.uploadsummary]${fs.realpathSync(file)}\n`);
    }
}

function outcome(exitCode: number, { counts, changes, held }: Findings): string {
    if (exitCode !== 0 && exitCode !== changesFound) {
        return `**failed** (exit code ${exitCode})`;
    }
    const changed = counts.filter((count) => !/unchanged$/.test(count));
    const nothing = changed.length === 0 && changes.length === 0;
    const done = nothing ? "no changes" : changed.map((count) => `\`${count}\``).join(", ");
    return held.length > 0 ? `${done}; something is to do, see _Held_` : done;
}

function section(title: string, items: string[]): string {
    return items.length === 0 ? "" : [`**${title}**`, "", ...limited(items, "- ")].join("\n");
}

function folded(title: string, lines: string[]): string {
    return lines.length === 0 ? "" : fold(title, limited(lines).join("\n"));
}

function fold(title: string, text: string): string {
    // The fence has to be longer than any in the text.
    const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((ticks) => ticks.length));
    const fence = "`".repeat(longest + 1);
    return `<details><summary>${title}</summary>\n\n${fence}text\n${text}\n${fence}\n\n</details>`;
}

/** The lines that fit into a list, with a word on how many do not. */
function limited(lines: string[], mark = ""): string[] {
    let length = 0;
    const fitting = lines.filter((line) => (length += line.length + 3) <= longestList);
    const missing = lines.length - fitting.length;
    return missing === 0 ? fitting : [...fitting, `${mark}… and ${missing} more`];
}

/** A text's end, where the result of a run stands, with a word on what is missing. */
function cut(text: string, length: number): string {
    if (text.length <= length) {
        return text;
    }
    const kept = text.slice(text.length - length);
    const lines = text.slice(0, text.length - kept.length).split("\n").length;
    return `… ${lines} lines are left out; the job's log has them …\n${kept}`;
}
