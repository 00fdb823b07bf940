import { Check, Outcome } from "./check";
import { explain } from "./explain";

/**
 * Makes all checks, those at the same time that do not wait for each other. None keeps another from being made, but one
 * that needs a failed one says so instead.
 *
 * @param onOutcome is told each outcome, in the order of the checks.
 */
export async function runChecks<Context>(
    checks: Check<Context>[],
    context: Context,
    onOutcome: (outcome: Outcome) => void = () => {},
): Promise<Outcome[]> {
    const pending = new Map<string, Promise<Outcome>>();
    for (const check of checks) {
        const earlier = [...(check.needs ?? []), ...(check.follows ?? [])].map((title) => pending.get(title)!);
        pending.set(check.title, makeCheck(check, context, earlier));
    }
    const outcomes: Outcome[] = [];
    for (const outcome of pending.values()) {
        outcomes.push(await outcome);
        onOutcome(outcomes.at(-1)!);
    }
    return outcomes;
}

async function makeCheck<Context>(
    check: Check<Context>,
    context: Context,
    pending: Promise<Outcome>[],
): Promise<Outcome> {
    const { title, needs = [] } = check;
    const earlier = await Promise.all(pending);
    const obstacle = earlier.find((outcome) => needs.includes(outcome.title) && outcome.status === "failed");
    const unmade = earlier.find((outcome) => needs.includes(outcome.title) && outcome.status === "skipped");
    if (obstacle ?? unmade) {
        const says = obstacle ? `not tried: "${obstacle.title}" failed` : unmade!.says;
        return { title, status: "skipped", says, problems: [] };
    }
    try {
        const finding = await check.run(context, earlier);
        if ("notMade" in finding) {
            return { title, status: "skipped", says: finding.notMade, problems: [] };
        }
        const { says, problems } = finding;
        const failed = problems.some(({ severity }) => severity === "failure");
        const status = failed ? "failed" : problems.length > 0 ? "warning" : "passed";
        return { title, status, says, problems };
    } catch (error) {
        return { title, status: "failed", says: "", problems: [explain(error as Error)] };
    }
}
