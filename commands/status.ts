import * as fs from "node:fs";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { Services } from "../clients/services";
import { projectRoot } from "../engine/home";
import { parseSettings } from "../settings";
import { StackCli } from "./stack-cli";
import { computeReport } from "./status/compute";
import { renderHtml } from "./status/html";
import { readLiveFacts } from "./status/live-facts";
import { readPreview } from "./status/preview";
import { StatusReport } from "./status/report";
import { readState } from "./status/state";
import { renderTerminal } from "./status/terminal";
import { counted } from "./status/words";
import { printed } from "../clients/user-error";

const usage = `npm run --silent status -- [--stack NAME] [--json | --html FILE] [--cwd FOLDER]

Tells how a stack's credentials are, and changes nothing.

  --stack NAME   the stack; default the selected one
  --json         prints the report for machines (StatusReport in commands/status/report.ts)
  --html FILE    writes the report as one page that needs nothing else
  --cwd FOLDER   where the project's Pulumi.yaml is; default this project

It exits 0 when all is well, 7 when something is to be looked at, and 1 when something could not be read.
`;

const exitCodes: Record<StatusReport["verdict"], number> = { well: 0, attention: 7, untold: 1 };

/** `npm run status`: how the credentials of a stack are. */
async function main(): Promise<void> {
    const options = readOptions();
    if (options.help) {
        process.stdout.write(usage);
        return;
    }
    const report = await takeStock(options.stack, resolveForUser(options.cwd ?? projectRoot));
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

async function takeStock(stack: string | undefined, folder: string): Promise<StatusReport> {
    const cli = await StackCli.open(stack, folder);
    progress(`reading the stack ${cli.name}`);
    const [{ keys, read, isSecret }, resources] = await Promise.all([cli.configuration(), cli.resources()]);
    const { rotationKeys, expiryWarningDays, credentials } = parseSettings(keys, read, isSecret);
    const state = readState(resources);
    const datasets = state.credentials.reduce((sum, { outputs }) => sum + (outputs?.datasets.length ?? 0), 0);
    progress(
        `asking the services about ${counted(datasets, "dataset")} and what they read, and previewing to find drift`,
    );
    const [live, preview] = await Promise.all([
        readLiveFacts(state.credentials, new Services(read)),
        cli.preview().then(readPreview),
    ]);
    const order = credentials.map(({ name }) => name);
    const [rotationKey] = rotationKeys;
    const configured = { stack: cli.name, rotationKey, expiryWarningDays, order };
    return computeReport({ ...configured, now: new Date(), state, preview, live });
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
