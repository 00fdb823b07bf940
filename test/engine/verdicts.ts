import { checksFor } from "../../commands/doctor/checks";
import { Outcome } from "../../commands/doctor/check";
import { Examination } from "../../commands/doctor/examination";
import { runChecks } from "../../commands/doctor/run-checks";
import { StackCli } from "../../commands/stack-cli";
import { readPreview } from "../../commands/status/preview";
import { StatusReport } from "../../commands/status/report";
import { takeStock } from "../../commands/status/take-stock";
import { toText } from "../../diagnostics/render";

/**
 * What a command says of a stack. `fine`: nothing is to do. `told`: an up goes on, and there is something to know.
 * `drift`: an up would change something. `refused`: an up would fail.
 */
export type Verdict = "fine" | "told" | "drift" | "refused";

/** What the three commands say of a stack, each in one text. */
export interface Opinions {
    verdicts: Record<"preview" | "status" | "doctor", Verdict>;
    words: Record<"preview" | "status" | "doctor", string>;
}

/** The checks that look at the machine and not at the stack. */
const ofTheMachine = ["Engine", "Backend", "Plugins"];

/** Asks the three commands. They run here, on one state, one configuration and one preview of the real engine's. */
export async function askAll(cli: StackCli): Promise<Opinions> {
    const [configuration, resources, preview] = await Promise.all([
        cli.configuration(),
        cli.resources(),
        cli.preview(),
    ]);
    const asked = Object.create(cli, {
        configuration: { value: async () => configuration },
        resources: { value: async () => resources },
        preview: { value: async () => preview },
    }) as StackCli;
    const [report, outcomes] = await Promise.all([takeStock(asked), examine(asked)]);
    return {
        verdicts: { preview: ofPreview(preview), status: ofStatus(report), doctor: ofDoctor(outcomes) },
        words: {
            preview: wordsOfPreview(preview),
            status: wordsOfStatus(report),
            doctor: outcomes
                .flatMap(({ title, problems }) =>
                    problems.map(({ severity, reason, remedy }) => `${title}: ${severity}: ${reason} → ${remedy}`),
                )
                .join("\n"),
        },
    };
}

async function examine(cli: StackCli): Promise<Outcome[]> {
    const examination = new (class extends Examination {
        override async stack() {
            return cli;
        }
    })(cli.name, ".");
    const settings = await examination.settings().catch(() => undefined);
    const checks = checksFor(settings).filter(({ title }) => !ofTheMachine.includes(title));
    const free = checks.map(({ needs, ...check }) => ({
        ...check,
        needs: needs?.filter((title) => !ofTheMachine.includes(title)),
    }));
    return runChecks(free, examination);
}

interface Digest {
    diagnostics?: { message: string; severity: string }[];
}

type Preview = Awaited<ReturnType<StackCli["preview"]>>;

function ofPreview(preview: Preview): Verdict {
    const { failure, drift, changes } = readPreview(preview, []);
    if (failure !== undefined) {
        return "refused";
    }
    return drift.length + changes.length > 0 ? "drift" : warningsOf(preview).length > 0 ? "told" : "fine";
}

function wordsOfPreview(preview: Preview): string {
    const { failure, drift, changes } = readPreview(preview, []);
    const all = [...drift.map(({ reason }) => reason), ...changes.map(({ words }) => words)];
    return [...(failure === undefined ? [] : [failure]), ...all, ...warningsOf(preview)].join("\n");
}

function warningsOf({ digest }: Preview): string[] {
    const { diagnostics = [] } = digest as Digest;
    return diagnostics.filter(({ severity }) => severity === "warning").map(({ message }) => message.trim());
}

function wordsOfStatus({ refused, untold, attention, told }: StatusReport): string {
    const looked = attention.map(({ kind, words }) => `${kind}: ${words}`);
    return [...refused.map(toText), ...untold, ...looked, ...told.map(toText)].join("\n");
}

function ofStatus({ verdict, attention, held, told }: StatusReport): Verdict {
    if (verdict === "refused" || verdict === "untold") {
        return "refused";
    }
    if (attention.some(({ kind }) => kind === "drift" || kind === "change")) {
        return "drift";
    }
    return held.length + told.length > 0 ? "told" : "fine";
}

function ofDoctor(outcomes: Outcome[]): Verdict {
    if (outcomes.some(({ status }) => status === "failed")) {
        return "refused";
    }
    const warns = outcomes.filter(({ status }) => status === "warning").map(({ title }) => title);
    return warns.includes("Preview") ? "drift" : warns.length > 0 ? "told" : "fine";
}
