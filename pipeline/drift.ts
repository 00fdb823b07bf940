import { demand, main, PipelineError } from "./command-line";
import { describeDrift } from "./drift-report";
import { forgeOfJob } from "./forge-of-job";
import { exitCodeOf } from "./held";
import { Manual, stackOption, summaryOption } from "./manual";
import { changesFound, runPulumi } from "./run-pulumi";
import { publishSummary, summarize } from "./summary";

const manual = {
    usage: "npm run drift -- --stack NAME [--summary FILE] [--report issue]",
    does: [
        "Looks for what differs from what is declared, and changes nothing. Exits with 0 when nothing differs, with 7 when",
        "something does or was not found and keeps its secret alive, and otherwise as `pulumi preview` does. With --report",
        "issue that is no failure of the job: it is reported in one issue, which is closed when nothing is to do any more, and",
        "7 becomes 0.",
    ].join("\n"),
    options: {
        stack: stackOption,
        summary: summaryOption,
        report: { type: "string", value: "issue", does: "reports drift in an issue; a work item in Azure DevOps" },
    },
} satisfies Manual;

main(manual, async (given) => {
    const stack = demand(given.stack, "--stack", manual.usage);
    if (given.report !== undefined && given.report !== "issue") {
        throw new PipelineError(`--report ${given.report} is unknown; the only one is issue. Usage: ${manual.usage}`);
    }
    const forge = given.report ? forgeOfJob() : undefined;
    const run = await runPulumi("preview", stack, "--diff", "--expect-no-changes");
    publishSummary(summarize("drift", stack, run), given.summary);
    const exitCode = exitCodeOf(run);
    if (!forge || (exitCode !== 0 && exitCode !== changesFound)) {
        return exitCode;
    }
    const marker = `drift of ${stack}`;
    if (exitCode === 0) {
        await forge.closeReport(marker, `Nothing differs any more: ${forge.runAddress()}`);
        return 0;
    }
    const report = describeDrift(stack, run, forge.runAddress());
    process.stdout.write(`Reported: ${await forge.openReport({ marker, ...report })}\n`);
    return 0;
});
