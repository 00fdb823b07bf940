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
    /** What stands around it, with every value and what is left of a longer one blotted out. */
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
                    const start = Math.max(0, this.blot(line.slice(0, line.indexOf(found.text))).length - 60);
                    const context = this.blot(line).slice(start, start + 160);
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

/** All files below a folder that were written since a time, as sources; each as far as it is text. */
export function filesBelow(folder: string, since = 0): Source[] {
    if (!fs.existsSync(folder)) {
        return [];
    }
    return fs
        .readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name))
        .filter((file) => fs.statSync(file).mtimeMs >= since)
        .map((file) => ({ name: path.relative(folder, file), text: fs.readFileSync(file, "latin1") }));
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
        return [...new Map(forms.map((form) => [form.text, form])).values()];
    });
}
