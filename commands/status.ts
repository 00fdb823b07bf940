import * as fs from "node:fs";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { projectRoot } from "../engine/home";
import { StackCli } from "./stack-cli";
import { renderHtml } from "./status/html";
import { StatusReport } from "./status/report";
import { takeStock } from "./status/take-stock";
import { renderTerminal } from "./status/terminal";
import { printed } from "../clients/user-error";

const usage = `npm run --silent status -- [--stack NAME] [--json | --html FILE] [--cwd FOLDER]

Tells how a stack's credentials are, and changes nothing.

  --stack NAME   the stack; default the selected one
  --json         prints the report for machines (StatusReport in commands/status/report.ts)
  --html FILE    writes the report as one page that needs nothing else
  --cwd FOLDER   where the project's Pulumi.yaml is; default this project

It exits 0 when all is well, 7 when something is to be looked at, and 1 when an up would refuse or something could not be read.
`;

const exitCodes: Record<StatusReport["verdict"], number> = { well: 0, attention: 7, untold: 1, refused: 1 };

/** `npm run status`: how the credentials of a stack are. */
async function main(): Promise<void> {
    const options = readOptions();
    if (options.help) {
        process.stdout.write(usage);
        return;
    }
    const cli = await StackCli.open(options.stack, resolveForUser(options.cwd ?? projectRoot));
    const report = await takeStock(cli, progress);
    if (options.json) {
        process.stdout.write(`${JSON.stringify(report, undefined, 4)}\n`);
    } else {
        const isColored = process.stdout.isTTY && !process.env.NO_COLOR;
        process.stdout.write(renderTerminal(report, isColored));
    }
    if (options.html !== undefined) {
        const file = resolveForUser(options.html);
        fs.writeFileSync(file, renderHtml(report));
        process.stderr.write(`written: ${file}\n`);
    }
    process.exitCode = exitCodes[report.verdict];
}

function readOptions() {
    const { values } = parseArgs({
        options: {
            stack: { type: "string" },
            json: { type: "boolean" },
            html: { type: "string" },
            cwd: { type: "string" },
            help: { type: "boolean", short: "h" },
        },
    });
    if (values.json && values.html !== undefined) {
        throw new Error(`--json and --html: choose one.\n\n${usage}`);
    }
    return values;
}

/** A path as the user means it: npm runs scripts in the project's folder, wherever it was called. */
function resolveForUser(file: string): string {
    return path.resolve(process.env.INIT_CWD ?? process.cwd(), file);
}

function progress(words: string): void {
    process.stderr.write(`${words} …\n`);
}

main().catch((error: Error) => {
    process.stderr.write(`${printed(error)}\n`);
    process.exitCode = 1;
});
