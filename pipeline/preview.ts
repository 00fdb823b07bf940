import { demand, main, readArguments } from "./command-line";
import { runPulumi } from "./run-pulumi";
import { publishSummary, summarize } from "./summary";

const usage = "npm run preview -- --stack NAME [--summary FILE]";

/** Shows what an up would change. Exits as `pulumi preview` does; the summary is written in any case. */
main(async () => {
    const given = readArguments(usage, { stack: { type: "string" }, summary: { type: "string" } });
    const stack = demand(given.stack, "--stack", usage);
    const run = await runPulumi("preview", stack, "--diff");
    publishSummary(summarize("preview", stack, run), given.summary);
    return run.exitCode;
});
