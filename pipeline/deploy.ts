import { demand, main } from "./command-line";
import { Manual, stackOption, summaryOption } from "./manual";
import { runPulumi } from "./run-pulumi";
import { publishSummary, summarize } from "./summary";

const manual = {
    usage: "npm run deploy -- --stack NAME [--summary FILE]",
    does: "Brings the services to what is declared, with a preview before it that can refuse. Exits as `pulumi up` does.",
    options: {
        stack: stackOption,
        summary: summaryOption,
    },
} satisfies Manual;

main(manual, async (given) => {
    const stack = demand(given.stack, "--stack", manual.usage);
    const run = await runPulumi("up", stack, "--yes");
    publishSummary(summarize("deploy", stack, run), given.summary);
    return run.exitCode;
});
