import { parseArgs } from "node:util";
import { ControlClient } from "../../sandbox/control-client";
import * as support from "../engine/support";
import { Cost, Meter, Part } from "./meter";

/** One command on an estate of some size. */
interface Measured {
    seconds: number;
    requests: number;
    costs: Map<Part, Cost>;
}

/** How many datasets share a workspace. */
const datasetsInAWorkspace = 50;

/**
 * `npm run bench`: what a first up, a preview, an up that changes nothing and a rotation cost on an estate of cloud
 * datasets, and how that grows with their number. Only the ratios can be compared between machines.
 *
 * `--sizes 50,500` the numbers of datasets, the first of which the others are compared with; `--via workspaces|scanner`
 * how they are found.
 */
async function main(): Promise<void> {
    const { values } = parseArgs({
        options: {
            sizes: { type: "string", default: "50,500" },
            via: { type: "string", default: "workspaces" },
        },
    });
    const sizes = values.sizes.split(",").map(Number);
    const results = new Map<number, Map<string, Measured>>();
    for (const size of sizes) {
        process.stderr.write(`${size} datasets\n`);
        results.set(size, await live(size, values.via));
    }
    process.stdout.write(`${toMarkdown(results)}\n`);
}

/** Lives a life with an estate of some size. */
async function live(size: number, via: string): Promise<Map<string, Measured>> {
    const scene = await support.setScene({
        config: {
            requestsPerMinute: 6000,
            credentials: [
                {
                    servicePrincipal: "powerbi-sales",
                    warehouse: "Sales warehouse",
                    grants: [{ catalog: "main", schema: "sales" }],
                    bindings: [{ discover: "warehouse", via, workspaces: ["Team *"], takeOver: true }],
                },
            ],
        },
    });
    try {
        await fill(scene.control, size);
        const { stack } = scene;
        const measured = new Map<string, Measured>();
        const measure = async (name: string, command: () => ReturnType<typeof stack.up>) => {
            await scene.control.forgetRequests();
            const meter = new Meter(stack.folder);
            const begin = Date.now();
            const result = await command();
            const seconds = (Date.now() - begin) / 1000;
            const costs = meter.stop();
            support.succeeds(result);
            const requests = (await scene.control.requests()).length;
            process.stderr.write(`  ${name}: ${seconds.toFixed(1)} s, ${requests} requests\n`);
            measured.set(name, { seconds, requests, costs });
        };
        await measure("first up", () => stack.up());
        await measure("preview", () => stack.preview("--expect-no-changes"));
        await measure("up, no change", () => stack.up());
        support.configure(stack, { rotationKey: "2026-12" });
        await measure("rotation", () => stack.up());
        return measured;
    } finally {
        await scene.close();
    }
}

/** Puts workspaces with datasets of the sales warehouse into the world. */
function fill(control: ControlClient, size: number): Promise<unknown> {
    return control.edit((world) => {
        world.powerBi.adminApisAllowed = [support.sp2];
        const [model] = world.powerBi.workspaces[0].datasets;
        const { members } = world.powerBi.workspaces[0];
        for (let first = 0; first < size; first += datasetsInAWorkspace) {
            const number = first / datasetsInAWorkspace;
            const count = Math.min(datasetsInAWorkspace, size - first);
            const datasets = Array.from({ length: count }, (_, index) => ({
                ...model,
                id: idOf("d1", first + index),
                name: `Model ${first + index}`,
            }));
            world.powerBi.workspaces.push({ id: idOf("91", number), name: `Team ${number}`, members, datasets });
        }
    });
}

function idOf(prefix: string, number: number): string {
    return `${prefix}000000-0000-4000-8000-${number.toString().padStart(12, "0")}`;
}

/** The costs as tables: one for each command, a column for each size, the ratios to the first. */
function toMarkdown(results: Map<number, Map<string, Measured>>): string {
    const sizes = [...results.keys()];
    const [least] = sizes;
    const tables = [...results.get(least)!.keys()].map((name) => {
        const rowOf = (title: string, value: (measured: Measured) => number, digits = 0) => {
            const numbers = sizes.map((size) => value(results.get(size)!.get(name)!));
            const cells = numbers.map((number, index) => {
                const ratio = index > 0 && numbers[0] > 0 ? ` (×${(number / numbers[0]).toFixed(1)})` : "";
                return `${number.toFixed(digits)}${ratio}`;
            });
            return `| ${[title, ...cells].join(" | ")} |`;
        };
        const cost = (measured: Measured, part: Part) => measured.costs.get(part) ?? { cpu: 0, memory: 0 };
        const parts: Part[] = ["engine", "program", "dynamic providers", "databricks plugin"];
        return [
            `| ${[name, ...sizes.map((size) => `${size} datasets`)].join(" | ")} |`,
            `| --- | ${sizes.map(() => "---:").join(" | ")} |`,
            rowOf("requests", ({ requests }) => requests),
            rowOf("seconds", ({ seconds }) => seconds, 1),
            ...parts.map((part) => rowOf(`CPU seconds, ${part}`, (measured) => cost(measured, part).cpu, 1)),
            ...parts.map((part) => rowOf(`MiB, ${part}`, (measured) => cost(measured, part).memory)),
        ].join("\n");
    });
    return tables.join("\n\n");
}

main().catch((error: Error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exitCode = 1;
});
