import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Diagnostic } from "./diagnostic";

/**
 * The variable that names the file in which a run leaves what it said, as data: a JSON object a line. Our commands set it
 * for the engine that they start, and the program and its providers inherit it: nobody reads it out of a screen's words.
 */
export const recordVariable = "POWERBI_CREDENTIALS_DIAGNOSTICS";

/** Leaves a diagnostic in the file that the command which runs this named; nowhere where none did. */
export function record(diagnostic: Diagnostic): void {
    const file = process.env[recordVariable];
    // A command that is gone took its folder with it: nobody reads then what a process says that outlived it.
    if (file && fs.existsSync(path.dirname(file))) {
        // Several processes of one run write it, and one that is killed leaves half a line: each begins on a line of its own.
        fs.appendFileSync(file, `\n${JSON.stringify(diagnostic)}`);
    }
}

/** What a run left, each once. A line that a killed process did not finish is none. */
function readRecord(file: string): Diagnostic[] {
    const lines = fs.existsSync(file) ? fs.readFileSync(file, "utf8").split("\n") : [];
    return [...new Set(lines)].flatMap(parseLine);
}

function parseLine(line: string): Diagnostic[] {
    try {
        return [JSON.parse(line)];
    } catch {
        return [];
    }
}

/**
 * Runs something with a record of its own.
 *
 * @param work takes the variables for what it starts, and a function that reads what was said so far.
 */
export async function withRecord<T>(
    work: (environment: Record<string, string>, said: () => Diagnostic[]) => Promise<T>,
): Promise<T> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "diagnostics-"));
    const file = path.join(folder, "record.jsonl");
    try {
        return await work({ [recordVariable]: file }, () => readRecord(file));
    } finally {
        fs.rmSync(folder, { recursive: true, force: true });
    }
}
