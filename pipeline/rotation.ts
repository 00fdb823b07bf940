import { isDeepStrictEqual } from "node:util";
import { Document, isMap, isScalar, isSeq, Node, Pair, parseDocument } from "yaml";
import { rotationKey } from "../settings/service-principal";
import { PipelineError } from "./command-line";

/** The generations of secrets that a stack's file names. */
export interface Generations {
    current: string;
    /** Kept alive beside the current one. */
    retained: string[];
}

/** What a rotation is to do. */
export interface RotationRequest {
    /** The new key; default the month, with a number behind it when that is taken. */
    key?: string;
    /** Retains nothing, so that the run deletes every former secret at its end. */
    emergency: boolean;
    now: Date;
}

/**
 * The generations after a rotation. One former generation is retained for a roll-back, in an emergency none.
 *
 * @throws PipelineError when the key is the current one, or none.
 */
export function nextGenerations({ current, retained }: Generations, request: RotationRequest): Generations {
    const key = request.key ?? nextKey(request.now, [current, ...retained]);
    const parsed = rotationKey.safeParse(key);
    if (!parsed.success) {
        throw new PipelineError(`--key ${key}: ${parsed.error.issues[0].message}`);
    }
    if (key === current) {
        throw new PipelineError(`--key ${key} is the key in use, so nothing would rotate. Give another, or none.`);
    }
    return { current: key, retained: request.emergency ? [] : [current] };
}

function nextKey(now: Date, taken: string[]): string {
    // Never a month before one that was used: the key in use would look older than the one that is kept.
    const months = taken.flatMap((key) => /^\d{4}-\d{2}(?=$|-)/.exec(key)?.[0] ?? []);
    const month = [now.toISOString().slice(0, "2026-12".length), ...months].sort().at(-1)!;
    for (let count = 1; ; count += 1) {
        const key = count === 1 ? month : `${month}-${count}`;
        if (!taken.includes(key)) {
            return key;
        }
    }
}

/** Where the keys stand in a stack's file. */
interface KeyPairs {
    current: Pair<Node, Node>;
    retained?: Pair<Node, Node>;
}

/**
 * Reads the generations that a stack's file names.
 *
 * @param namespace the project's name.
 * @param file how errors call the file.
 * @throws PipelineError when it names none.
 */
export function readGenerations(text: string, namespace: string, file: string): Generations {
    const { current, retained } = findPairs(parse(text, file), namespace, file);
    const value = current.value?.toJSON();
    const values = retained?.value?.toJSON() ?? [];
    if (typeof value !== "string" || !Array.isArray(values) || values.some((item) => typeof item !== "string")) {
        throw new PipelineError(`${file}: expected rotationKey to be a text and retainedRotationKeys a list of texts.`);
    }
    return { current: value, retained: values };
}

/** The text of a stack's file with other generations. All else stays as it is, comments and line breaks included. */
export function writeGenerations(text: string, namespace: string, file: string, next: Generations): string {
    const pairs = findPairs(parse(text, file), namespace, file);
    const list = `[${next.retained.map((key) => JSON.stringify(key)).join(", ")}]`;
    const [keyStart, keyEnd] = rangeOf(pairs.current.value);
    const edits = [{ start: keyStart, end: keyEnd, text: JSON.stringify(next.current) }];
    if (pairs.retained) {
        const [valueStart, end] = rangeOf(pairs.retained.value);
        const afterColon = rangeOf(pairs.retained.key)[1] + 1;
        // A list of lines becomes one on the key's line, unless something is written between them.
        const isApart = text.slice(afterColon, valueStart).trim() === "";
        edits.push({ start: isApart ? afterColon : valueStart, end, text: isApart ? ` ${list}` : list });
    } else {
        const lineEnd = text.indexOf("\n", keyEnd) === -1 ? text.length : text.indexOf("\n", keyEnd);
        const start = text.lastIndexOf("\n", rangeOf(pairs.current.key)[0]) + 1;
        const indent = text.slice(start, rangeOf(pairs.current.key)[0]);
        edits.push({ start: lineEnd, end: lineEnd, text: `\n${indent}${namespace}:retainedRotationKeys: ${list}` });
    }
    const written = edits
        .sort((one, other) => other.start - one.start)
        .reduce((done, edit) => done.slice(0, edit.start) + edit.text + done.slice(edit.end), text);
    if (!isDeepStrictEqual(readGenerations(written, namespace, file), next)) {
        throw new PipelineError(
            `${file}: its rotation keys stand there in a form that cannot be edited. Edit it by hand.`,
        );
    }
    return written;
}

function parse(text: string, file: string): Document {
    const document = parseDocument(text);
    if (document.errors.length > 0) {
        throw new PipelineError(`${file} is no valid YAML: ${document.errors[0].message}`);
    }
    return document;
}

function findPairs(document: Document, namespace: string, file: string): KeyPairs {
    const config = document.get("config");
    const pairs = isMap<Node, Node>(config) ? config.items : [];
    const find = (key: string) =>
        pairs.find((pair) => isScalar(pair.key) && pair.key.value === `${namespace}:${key}` && pair.value !== null);
    const current = find("rotationKey");
    if (!current) {
        throw new PipelineError(
            `${file} has no ${namespace}:rotationKey. Set the first one by hand: pulumi config set rotationKey KEY`,
        );
    }
    return { current, retained: find("retainedRotationKeys") };
}

/** Where a node's text begins and ends. A block list's range goes on to the next key; its last item ends it. */
function rangeOf(node: Node | null): [number, number] {
    const [start, end] = node!.range!;
    const last = isSeq<Node>(node) && !node.flow ? node.items.at(-1) : undefined;
    return [start, last?.range ? last.range[1] : end];
}
