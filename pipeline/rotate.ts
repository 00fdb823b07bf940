import * as fs from "node:fs";
import { parse } from "yaml";
import { demand, main, PipelineError } from "./command-line";
import { forgeOfJob } from "./forge-of-job";
import { commitAndPush, git } from "./git";
import { Manual, stackOption } from "./manual";
import { Generations, nextGenerations, readGenerations, writeGenerations } from "./rotation";

const manual = {
    usage: "npm run rotate -- --stack NAME [--key KEY] [--emergency] [--mode commit|pull-request]",
    does: [
        "Names the next generation of secrets in the stack's file, which the next deploy mints and binds. The former one is",
        "retained for a roll-back. Without --mode the file is changed and nothing else.",
    ].join("\n"),
    options: {
        stack: stackOption,
        key: { type: "string", value: "KEY", does: "the next rotation key; default the current month" },
        emergency: { type: "boolean", does: "retains none: the next deploy deletes every former secret" },
        mode: {
            type: "string",
            value: "MODE",
            does: "commit: pushes the change to the job's branch; pull-request: proposes it",
        },
    },
} satisfies Manual;

main(manual, async (given) => {
    const stack = demand(given.stack, "--stack", manual.usage);
    if (given.mode && !["commit", "pull-request"].includes(given.mode)) {
        throw new PipelineError(`--mode ${given.mode} is unknown. Usage: ${manual.usage}`);
    }
    // Asked for first, so that nothing is changed or pushed where it cannot be proposed.
    const forge = given.mode === "pull-request" ? forgeOfJob() : undefined;
    const file = `Pulumi.${stack.split("/").at(-1)}.yaml`;
    const next = edit(file, { key: given.key || undefined, emergency: given.emergency ?? false, now: new Date() });
    process.stdout.write(`${file}: ${describe(next)}\n`);
    if (!given.mode) {
        process.stdout.write(`Next: npm run preview -- --stack ${stack}, then npm run deploy -- --stack ${stack}\n`);
        return 0;
    }
    const target = forgeBranch() ?? git("branch", "--show-current");
    const title = `Rotate ${stack} to ${next.current}`;
    if (!forge) {
        // The same pipeline applies it, so none has to be started for the commit.
        commitAndPush(file, `${title} [skip ci]`, demand(target, "a branch to commit to", manual.usage), false);
        return 0;
    }
    const branch = `rotate/${stack.replace(/\//g, "-")}-${next.current}`;
    commitAndPush(file, title, branch, true);
    const body = `${describe(next)}\n\nMerging this rotates: the deploy pipeline mints the new secrets, tries them and binds them.`;
    const address = await forge.propose({
        branch,
        target: demand(target, "a target branch", manual.usage),
        title,
        body,
    });
    process.stdout.write(`Proposed: ${address}\n`);
    return 0;
});

function edit(file: string, request: Parameters<typeof nextGenerations>[1]): Generations {
    if (!fs.existsSync(file)) {
        throw new PipelineError(`there is no ${file} in ${process.cwd()}. Check --stack.`);
    }
    const namespace: string = parse(fs.readFileSync("Pulumi.yaml", "utf8")).name;
    const text = fs.readFileSync(file, "utf8");
    const next = nextGenerations(readGenerations(text, namespace, file), request);
    fs.writeFileSync(file, writeGenerations(text, namespace, file, next));
    return next;
}

/** The branch that a pipeline's job runs for; it has checked out a commit and no branch. */
function forgeBranch(): string | undefined {
    const ref = process.env.GITHUB_REF || process.env.BUILD_SOURCEBRANCH;
    return ref && /^refs\/heads\/(.+)$/.exec(ref)?.[1];
}

function describe({ current, retained }: Generations): string {
    const rest = retained.length > 0 ? `${retained.join(", ")} is kept for a roll-back` : "no former one is kept";
    return `the rotation key becomes ${current}; ${rest}.`;
}
