import { parseArgs } from "node:util";
import { projectRoot } from "../engine/home";
import { checksFor } from "./doctor/checks";
import { Examination } from "./doctor/examination";
import { describeOutcome, reportOf, summarize } from "./doctor/report";
import { runChecks } from "./doctor/run-checks";
import { printed } from "../clients/user-error";

const usage = `npm run doctor -- --stack STACK [--json] [--cwd FOLDER]

Checks, against the real services, whether a stack can be brought up, and says of each thing that is missing why and what
to do. Changes nothing. Exit code 0: nothing failed; 1: something did; 2: the command was called wrongly.

  --stack STACK   the stack
  --json          prints one JSON document
  --cwd FOLDER    the folder that holds Pulumi.yaml; default this project
`;

/** `npm run doctor`: checks before the first `up`, or whenever something does not work. */
async function main(): Promise<void> {
    const { stack, json, cwd, help } = readArguments();
    if (help || stack === undefined) {
        (help ? process.stdout : process.stderr).write(help ? usage : `--stack is missing.\n\n${usage}`);
        process.exitCode = help ? 0 : 2;
        return;
    }
    const examination = new Examination(stack, cwd);
    const settings = await examination.settings().catch(() => undefined);
    const colored = process.stdout.isTTY && !process.env.NO_COLOR;
    const outcomes = await runChecks(checksFor(settings), examination, (outcome) => {
        if (!json) {
            process.stdout.write(`${describeOutcome(outcome, colored)}\n`);
        }
    });
    const report = reportOf(stack, outcomes);
    process.stdout.write(json ? `${JSON.stringify(report, undefined, 2)}\n` : `\n${summarize(outcomes)}\n`);
    process.exitCode = report.ok ? 0 : 1;
}

function readArguments() {
    try {
        const { values } = parseArgs({
            options: {
                stack: { type: "string", short: "s" },
                json: { type: "boolean", default: false },
                cwd: { type: "string", default: projectRoot },
                help: { type: "boolean", short: "h", default: false },
            },
        });
        return values;
    } catch (error) {
        process.stderr.write(`${(error as Error).message}\n\n${usage}`);
        process.exit(2);
    }
}

main().catch((error: Error) => {
    process.stderr.write(`${printed(error)}\n`);
    process.exitCode = 1;
});
