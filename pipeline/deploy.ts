import { demand, main, readArguments } from "./command-line";
import { runPulumi } from "./run-pulumi";
import { publishSummary, summarize } from "./summary";

const usage = "npm run deploy -- --stack NAME [--summary FILE]";

/** Brings the services to what is declared, with a preview before it that can refuse. Exits as `pulumi up` does. */
main(async () => {
    const given = readArguments(usage, { stack: { type: "string" }, summary: { type: "string" } });
    const stack = demand(given.stack, "--stack", usage);
    const run = await runPulumi("up", stack, "--yes");
    publishSummary(summarize("deploy", stack, run), given.summary);
    return run.exitCode;
});
