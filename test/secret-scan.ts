import * as fs from "node:fs";
import * as path from "node:path";

/** Something to look through: a command's output, a file, the arguments of processes. */
export interface Source {
    name: string;
    text: string;
}

/** A place where a secret value shows. The value itself is not in it. */
export interface Finding {
    source: string;
    /** Counted from 1. */
    line: number;
    /** In which form the value stands there. */
    form: string;
    /** How its line begins and what stands around it, with every value blotted out. */
    context: string;
}

/** Finds secret values in texts, in the forms in which programs write them. */
export class SecretScanner {
    private readonly forms: { form: string; text: string }[];

    constructor(values: string[]) {
        // The longest first, so that nothing is left of a value that holds another.
        this.forms = values.flatMap(formsOf).sort((one, other) => other.text.length - one.text.length);
    }

    /** The places where a value shows, at most one for each line. */
    scan(sources: Source[]): Finding[] {
        return sources
            .filter(({ text }) => this.find(text) !== undefined)
            .flatMap(({ name: source, text }) =>
                text.split("\n").flatMap((line, index) => {
                    const found = this.find(line);
                    if (!found) {
                        return [];
                    }
                    const before = this.blot(line.slice(0, line.indexOf(found.text)));
                    const around = this.blot(line)
                        .slice(Math.max(0, before.length - 60))
                        .slice(0, 160);
                    const context = before.length > 60 ? `${before.slice(0, 120)} … ${around}` : around;
                    return [{ source, line: index + 1, form: found.form, context }];
                }),
            );
    }

    private find(text: string) {
        return this.forms.find((form) => text.includes(form.text));
    }

    private blot(text: string): string {
        return this.forms.reduce((rest, form) => rest.split(form.text).join("█"), text);
    }
}

/** All files below a folder that were written since a time, as sources. Links are not followed. */
export function filesBelow(folder: string, since = 0): Source[] {
    const entries = fs.existsSync(folder) ? fs.readdirSync(folder, { withFileTypes: true }) : [];
    return entries.flatMap((entry) => {
        const name = path.join(folder, entry.name);
        if (entry.isDirectory()) {
            return filesBelow(name, since);
        }
        const isMeant = entry.isFile() && fs.statSync(name).mtimeMs >= since;
        return isMeant ? [{ name, text: fs.readFileSync(name, "latin1") }] : [];
    });
}

/** Reads again and again the arguments of all processes that this one started, and of theirs. */
export class ArgumentWatcher {
    private readonly seen = new Set<string>();
    private readonly family = new Set([String(process.pid)]);
    private readonly timer: NodeJS.Timeout;

    constructor() {
        this.timer = setInterval(() => this.look(), 25);
    }

    /** Ends the watch. */
    stop(): Source[] {
        clearInterval(this.timer);
        return [...this.seen].map((text) => ({ name: `arguments of ${text.split(" ")[0]}`, text }));
    }

    private look(): void {
        const processes = fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name));
        for (const id of processes) {
            try {
                // The parent is the second field after the name, which stands in brackets and may hold anything.
                const parent = fs.readFileSync(`/proc/${id}/stat`, "latin1").split(") ").pop()!.split(" ")[1];
                if (this.family.has(id) || this.family.has(parent)) {
                    this.family.add(id);
                    this.seen.add(fs.readFileSync(`/proc/${id}/cmdline`, "latin1").split("\0").join(" ").trim());
                }
            } catch {
                // It has ended meanwhile.
            }
        }
    }
}

/**
 * The forms of a value: as it is, escaped for JSON, in an address, and in base64, where the characters at the ends depend
 * on what stands beside it. Of a long key each line counts.
 */
function formsOf(value: string): { form: string; text: string }[] {
    const lines = value.split(/\s+/).filter((line) => line.length >= 8 && !/^-----/.test(line));
    return lines.flatMap((line) => {
        const shifted = [0, 1, 2].map((shift) => {
            const padded = Buffer.concat([Buffer.alloc(shift), Buffer.from(line)]).toString("base64");
            return padded.slice(shift === 0 ? 0 : shift + 1).replace(/..?=*$/, "");
        });
        const forms = [
            { form: "plain", text: line },
            { form: "JSON", text: JSON.stringify(line).slice(1, -1) },
            { form: "URL", text: encodeURIComponent(line) },
            ...shifted.map((text) => ({ form: "base64", text })),
            ...shifted.map((text) => ({ form: "base64", text: text.replace(/\+/g, "-").replace(/\//g, "_") })),
        ];
        return [...new Map(forms.reverse().map((form) => [form.text, form])).values()];
    });
}
