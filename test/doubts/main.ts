import * as fs from "node:fs";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { projectRoot } from "../../engine/home";
import { doubts } from "../../sandbox/doubts";
import { defaultBehaviour } from "../../sandbox/doubts/doubt";
import { arrangements } from "./arrangements";
import { judge, type Verdict } from "./judge";
import { live } from "./life";
import { allRows, isSame, type Result, type Row, toLine, toMarkdown } from "./table";

const document = path.join(projectRoot, "docs", "doubts.md");
const begin = "<!-- table: npm run doubts -- --write -->";
const end = "<!-- end of table -->";

/** Where every doubt behaves as by default and nothing is arranged, all lives are one. */
let plainLife: Promise<Verdict> | undefined;

function verdictOn({ doubt, behaviour }: Row): Promise<Verdict> {
    const tryIt = async () => judge(await live(doubt, behaviour));
    const isPlain = arrangements[doubt] === undefined && defaultBehaviour(doubts[doubt]) === behaviour;
    return isPlain ? (plainLife ??= tryIt()) : tryIt();
}

/**
 * `npm run doubts`: lives the main life cycle once under each behaviour of each doubt, and prints what was expected
 * against what was found. Exits 1 while they differ.
 *
 * `--only TEXT` behaviours whose `DOUBT: BEHAVIOUR` contains it; `--workers N` lives at once (default 2); `--json FILE`
 * the results; `--resume` takes the results of that file over and lives the rest; `--write` puts the table into
 * docs/doubts.md.
 */
async function main(): Promise<void> {
    const { values } = parseArgs({
        options: {
            only: { type: "string", default: "" },
            workers: { type: "string", default: "2" },
            json: { type: "string" },
            resume: { type: "boolean", default: false },
            write: { type: "boolean", default: false },
        },
    });
    const rows = allRows().filter(({ doubt, behaviour }) => `${doubt}: ${behaviour}`.includes(values.only));
    const results: Result[] =
        values.resume && values.json && fs.existsSync(values.json)
            ? JSON.parse(fs.readFileSync(values.json, "utf8"))
            : [];
    const open = rows.filter((row) => !results.some((result) => isSame(result, row)));
    const startedAt = Date.now();
    const total = open.length;
    const work = async () => {
        for (let row = open.shift(); row !== undefined; row = open.shift()) {
            const result = { ...row, ...(await verdictOn(row)) };
            results.push(result);
            const done = results.length - (rows.length - total);
            const minutesLeft = Math.ceil(((Date.now() - startedAt) / done / 60_000) * (total - done));
            console.log(`${done}/${total}, some ${minutesLeft} min left: ${toLine(result)}`);
            if (values.json) {
                fs.writeFileSync(values.json, JSON.stringify(results, null, 4));
            }
        }
    };
    await Promise.all(Array.from({ length: Number(values.workers) }, work));
    const inOrder = rows.flatMap((row) => results.filter((result) => isSame(result, row)));
    console.log(`\n${toMarkdown(inOrder)}`);
    if (values.write) {
        const text = fs.readFileSync(document, "utf8");
        const [before, rest] = text.split(begin);
        const after = rest.split(end)[1];
        fs.writeFileSync(document, `${before}${begin}\n\n${toMarkdown(inOrder)}\n\n${end}${after}`);
    }
    process.exitCode = inOrder.every(({ expected, found }) => expected === found) ? 0 : 1;
}

void main();
