import { demand, main } from "./command-line";
import { exitCodeOf } from "./held";
import { Manual, stackOption, summaryOption } from "./manual";
import { runPulumi } from "./run-pulumi";
import { publishSummary, summarize } from "./summary";

const manual = {
    usage: "npm run preview -- --stack NAME [--summary FILE]",
    does: [
        "Shows what an up would change, and changes nothing. Exits as `pulumi preview` does, and with 7 when an up would go",
        "well but something that holds a secret was not found: its secret is kept alive.",
    ].join("\n"),
    options: {
        stack: stackOption,
        summary: summaryOption,
    },
} satisfies Manual;

main(manual, async (given) => {
    const stack = demand(given.stack, "--stack", manual.usage);
    const run = await runPulumi("preview", stack, "--diff");
    publishSummary(summarize("preview", stack, run), given.summary);
    return exitCodeOf(run);
});
