import { Diagnostic } from "../diagnostics/diagnostic";
import { toMarkdown } from "../diagnostics/render";
import { readFindings } from "./findings";
import { PulumiRun } from "./run-pulumi";

/** What people have to know of drift: what differs, and what to do about it. */
export function describeDrift(
    stack: string,
    run: Pick<PulumiRun, "output" | "said">,
    runAddress: string,
): { title: string; body: string } {
    const { changes, drift, held } = readFindings(run);
    if (drift.length + changes.length === 0 && held.length > 0) {
        return describeHeld(stack, held, runAddress);
    }
    const changed = changes.map(({ operation, type, name }) => `- ${operation} ${type} ${name}`);
    const reasons =
        drift.length > 0
            ? drift.map((words) => `- ${words}`)
            : ["- nothing was changed behind the stack's back, but something is declared that was not deployed"];
    const body = [
        `What is there differs from what stack ${stack} declares:`,
        "",
        ...reasons,
        ...(changed.length > 0 ? ["", "`pulumi up` would:", "", ...changed] : []),
        ...(held.length > 0 ? ["", ...heldLines(held)] : []),
        "",
        `The preview with all of it: ${runAddress}`,
        "",
        "If the declaration is right, run the deploy pipeline: it heals what differs. If what is there is right, declare",
        "it. This report is kept up to date, and is closed when nothing differs any more.",
    ].join("\n");
    return { title: `Drift: ${stack} differs from what is declared`, body };
}

/** A report where nothing differs, and something was not found that holds a secret. */
function describeHeld(stack: string, held: Diagnostic[], runAddress: string): { title: string; body: string } {
    const body = [
        ...heldLines(held),
        "",
        `The preview with all of it: ${runAddress}`,
        "",
        "This report is kept up to date, and is closed when everything is found again or was let go.",
    ].join("\n");
    return { title: `Held: stack ${stack} keeps an older secret alive`, body };
}

function heldLines(held: Diagnostic[]): string[] {
    return ["Not found, so that the secret that it holds is kept alive:", "", ...held.map(toMarkdown)];
}
