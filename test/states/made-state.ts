import * as fs from "node:fs";
import * as path from "node:path";
import { StackFile } from "../../engine/stack";

/** The release whose states are kept; a later one gets a folder of its own beside it. */
export const release = "0.1.0";

/** A state that an earlier release left, without addresses. */
export interface MadeState {
    /** What `pulumi stack export` gave. */
    state: object;
    /** The stack's file, as JSON. */
    config: StackFile;
    /** What the services held at that moment. */
    world: object;
    /** What they held before the stack was there. */
    others: object;
    made: {
        /** When the state was taken. */
        at: string;
        /** The commit of the program that left it. */
        program: string;
    };
}

const parts = ["state", "config", "world", "others", "made"] as const;

/** Keeps a state. */
export function save(name: string, state: MadeState): void {
    fs.mkdirSync(folderOf(name), { recursive: true });
    for (const part of parts) {
        fs.writeFileSync(path.join(folderOf(name), `${part}.json`), `${JSON.stringify(state[part], null, 2)}\n`);
    }
}

/** The text of a state that is kept, which is one JSON document. */
export function load(name: string): string {
    const texts = parts.map((part) => {
        const file = path.join(folderOf(name), `${part}.json`);
        return `${JSON.stringify(part)}: ${fs.readFileSync(file, "utf8")}`;
    });
    return `{${texts.join(",")}}`;
}

function folderOf(name: string): string {
    return path.join(__dirname, release, name);
}
