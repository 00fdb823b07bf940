import * as fs from "node:fs";

/** The parts of a run that cost something, as people would look for them in a list of processes. */
export type Part = "engine" | "program" | "dynamic providers" | "databricks plugin";

/** What a part of a run cost. */
export interface Cost {
    /** Of all its processes, in seconds. */
    cpu: number;
    /** The most that one of its processes held, in MiB. */
    memory: number;
}

const parts: [Part, RegExp][] = [
    ["program", /cmd\/run\b/],
    ["dynamic providers", /cmd\/dynamic-provider/],
    ["databricks plugin", /pulumi-resource-databricks/],
    ["engine", /\/pulumi (up|preview|destroy)\b/],
];

const ticksInASecond = 100;

/**
 * Looks at the processes of a stack's commands again and again: what they have cost so far, where the system tells
 * (Linux). The last look before a process ends counts.
 */
export class Meter {
    private readonly seen = new Map<string, { part: Part } & Cost>();
    private readonly timer: NodeJS.Timeout;

    /** @param folder of the stack: it is in the environment of each of its processes. */
    constructor(private readonly folder: string) {
        this.timer = setInterval(() => this.look(), 50);
    }

    /** Ends the looking. */
    stop(): Map<Part, Cost> {
        clearInterval(this.timer);
        const costs = new Map<Part, Cost>();
        for (const { part, cpu, memory } of this.seen.values()) {
            const sum = costs.get(part) ?? { cpu: 0, memory: 0 };
            costs.set(part, { cpu: sum.cpu + cpu, memory: Math.max(sum.memory, memory) });
        }
        return costs;
    }

    private look(): void {
        const ids = fs.existsSync("/proc") ? fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name)) : [];
        for (const id of ids.filter((candidate) => Number(candidate) !== process.pid)) {
            try {
                const command = fs.readFileSync(`/proc/${id}/cmdline`, "utf8").replace(/\0/g, " ");
                const part = parts.find(([, pattern]) => pattern.test(command))?.[0];
                if (part && fs.readFileSync(`/proc/${id}/environ`, "utf8").includes(this.folder)) {
                    this.seen.set(id, { part, ...costOf(id) });
                }
            } catch {
                // It has ended meanwhile, or is somebody else's.
            }
        }
    }
}

function costOf(id: string): Cost {
    const stat = fs.readFileSync(`/proc/${id}/stat`, "utf8");
    // The name, in parentheses, may hold blanks.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const peak = /^VmHWM:\s+(\d+) kB/m.exec(fs.readFileSync(`/proc/${id}/status`, "utf8"));
    return { cpu: (Number(fields[11]) + Number(fields[12])) / ticksInASecond, memory: Number(peak?.[1] ?? 0) / 1024 };
}
