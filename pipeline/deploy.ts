import { demand, main } from "./command-line";
import { exitCodeOf } from "./held";
import { Manual, stackOption, summaryOption } from "./manual";
import { runPulumi } from "./run-pulumi";
import { publishSummary, summarize } from "./summary";

const manual = {
    usage: "npm run deploy -- --stack NAME [--summary FILE]",
    does: [
        "Brings the services to what is declared, with a preview before it that can refuse. Exits as `pulumi up` does, and with",
        "7 when that went well but something that holds a secret was not found: its secret is kept alive.",
    ].join("\n"),
    options: {
        stack: stackOption,
        summary: summaryOption,
    },
} satisfies Manual;

main(manual, async (given) => {
    const stack = demand(given.stack, "--stack", manual.usage);
    const run = await runPulumi("up", stack, "--yes");
    publishSummary(summarize("deploy", stack, run), given.summary);
    return exitCodeOf(run);
});
