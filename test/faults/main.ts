import * as fs from "node:fs";
import { parseArgs } from "node:util";
import { Cell, cellsOf, Coverage, Phase, phases, placesOf } from "./cells";
import { Laboratory } from "./laboratory";
import { Outcome } from "./outcome";
import { reasonsOf, summarize, toMarkdown } from "./report";

/**
 * `npm run faults`: disturbs the requests of a first up, a rotation and a destroy, one in each cell, with every fault that
 * makes a difference for it, and looks whether one plain `pulumi up` (or `destroy`) makes good. Exits 1 when a cell does
 * not hold.
 *
 * `--coverage first|first and last|every` which requests of a route (default first); `--phase P`, `--fault TEXT`,
 * `--route TEXT` only some cells; `--workers N` laboratories at once (default 2); `--minutes N` no new cell after that
 * time; `--json FILE`, `--markdown FILE` the result; `--resume` takes the outcomes of FILE over and tries the rest.
 */
async function main(): Promise<void> {
    const { values } = parseArgs({
        options: {
            coverage: { type: "string", default: "first" },
            phase: { type: "string" },
            fault: { type: "string" },
            route: { type: "string" },
            workers: { type: "string", default: "2" },
            minutes: { type: "string" },
            json: { type: "string" },
            markdown: { type: "string" },
            resume: { type: "boolean", default: false },
        },
    });
    const outcomes: Outcome[] = values.resume && values.json ? readOutcomes(values.json) : [];
    const end = values.minutes ? Date.now() + Number(values.minutes) * 60_000 : Infinity;
    const opened = await Promise.all(Array.from({ length: Number(values.workers) }, () => Laboratory.open()));
    const [{ clean }] = opened;
    const done = new Set(outcomes.map(keyOf));
    const cells = phases
        .flatMap((phase) => cellsOf(placesOf(phase, clean.get(phase)!, values.coverage as Coverage)))
        .filter((cell) => isWanted(cell, values) && !done.has(keyOf(cell)));
    // In no order: a run that is stopped early has seen something of everything.
    const queue = cells.sort(() => Math.random() - 0.5);
    const total = queue.length + outcomes.length;
    process.stderr.write(`${total} cells, ${outcomes.length} of them known\n`);
    const save = () => {
        if (values.json) {
            fs.writeFileSync(values.json, JSON.stringify({ summary: summarize(outcomes), outcomes }, null, 1));
        }
        if (values.markdown) {
            fs.writeFileSync(values.markdown, `${toMarkdown(outcomes)}\n`);
        }
    };
    const work = async ({ laboratory }: { laboratory: Laboratory }) => {
        for (let cell = queue.pop(); cell && Date.now() < end; cell = queue.pop()) {
            const outcome = await laboratory.tryCell(cell);
            outcomes.push(outcome);
            const words = outcome.holds ? "holds" : `DOES NOT HOLD: ${reasonsOf(outcome)}`;
            const { phase, service, method, route, occurrence, fault } = cell;
            process.stderr.write(
                `${outcomes.length}/${total} ${phase} ${service} ${method} ${route} #${occurrence} ${fault}: ${words}\n`,
            );
            save();
        }
    };
    try {
        await Promise.all(opened.map(work));
    } finally {
        await Promise.all(opened.map(({ laboratory }) => laboratory.close()));
    }
    process.stdout.write(`${toMarkdown(outcomes)}\n`);
    process.exitCode = outcomes.every(({ holds }) => holds) ? 0 : 1;
}

function isWanted(cell: Cell, { phase, fault, route }: { phase?: string; fault?: string; route?: string }): boolean {
    return (
        (phase === undefined || cell.phase === (phase as Phase)) &&
        (fault === undefined || cell.fault.includes(fault)) &&
        (route === undefined || `${cell.service} ${cell.method} ${cell.route}`.includes(route))
    );
}

function keyOf({ phase, service, method, route, occurrence, fault }: Cell): string {
    return JSON.stringify([phase, service, method, route, occurrence, fault]);
}

function readOutcomes(file: string): Outcome[] {
    return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, "utf8")).outcomes : [];
}

main().catch((error: Error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exitCode = 1;
});
