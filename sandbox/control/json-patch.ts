import { isDeepStrictEqual } from "node:util";
import { z } from "zod";

/** The operations of JSON Patch that are known here; paths are lists of names and positions instead of pointers. */
const change = z.discriminatedUnion("op", [
    z.strictObject({ op: z.literal("test"), path: z.array(z.string()), value: z.unknown() }),
    z.strictObject({ op: z.literal("add"), path: z.array(z.string()).min(1), value: z.unknown() }),
    z.strictObject({ op: z.literal("replace"), path: z.array(z.string()).min(1), value: z.unknown() }),
    z.strictObject({ op: z.literal("remove"), path: z.array(z.string()).min(1) }),
]);

export const changes = z.array(change);
export type Change = z.infer<typeof change>;

/** A document that is not what a change takes it for: somebody else changed it meanwhile. */
export class ConflictError extends Error {}

/**
 * A copy of a document with changes made, all of them or none.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6902
 * @throws ConflictError
 */
export function patched(document: unknown, list: Change[]): unknown {
    // As JSON has it: what is undefined is not there.
    const root = { document: JSON.parse(JSON.stringify(document)) };
    for (const { op, path, ...rest } of list) {
        const full = ["document", ...path];
        const owner = full.slice(0, -1).reduce<unknown>((inner, key) => memberOf(inner, key, path), root);
        const key = full.at(-1)!;
        const value = "value" in rest ? rest.value : undefined;
        if (op === "test" && !isDeepStrictEqual(memberOf(owner, key, path), value)) {
            throw new ConflictError(`/${path.join("/")} has another value`);
        }
        if (op === "remove" || op === "replace") {
            memberOf(owner, key, path);
        }
        if (op === "remove") {
            remove(owner, key);
        } else if (op === "replace" || (op === "add" && !Array.isArray(owner))) {
            (owner as Record<string, unknown>)[key] = value;
        } else if (op === "add") {
            (owner as unknown[]).splice(Number(key), 0, value);
        }
    }
    return root.document;
}

function memberOf(owner: unknown, key: string, path: string[]): unknown {
    if (owner === null || typeof owner !== "object" || !Object.hasOwn(owner, key)) {
        throw new ConflictError(`/${path.join("/")} is not there`);
    }
    return (owner as Record<string, unknown>)[key];
}

function remove(owner: unknown, key: string): void {
    if (Array.isArray(owner)) {
        owner.splice(Number(key), 1);
    } else {
        delete (owner as Record<string, unknown>)[key];
    }
}

/** The members by which elements of a list are known. */
const names = ["id", "datasourceId", "requestId", "fullName", "name", "displayName", "key", "token", "principal"];

/**
 * What makes one document of another: only where they differ, and with tests that the rest is still where it was. A list
 * that got shorter, or into which something was put, is replaced as a whole.
 */
export function changesBetween(before: unknown, after: unknown, path: string[] = []): Change[] {
    if (isDeepStrictEqual(before, after)) {
        return [];
    }
    if (Array.isArray(before) && Array.isArray(after) && after.length >= before.length) {
        const common = before.map((_, index) => changesOfElement(before, after, index, path));
        const added = after.slice(before.length);
        if (added.length === 0 || common.flat().length === 0) {
            return [
                ...common.flat(),
                ...added.map((value, at): Change => ({
                    op: "add",
                    path: [...path, String(before.length + at)],
                    value,
                })),
            ];
        }
    } else if (isRecord(before) && isRecord(after)) {
        return Object.keys({ ...before, ...after }).flatMap((key): Change[] => {
            const inner = [...path, key];
            if (!Object.hasOwn(after, key) || after[key] === undefined) {
                return before[key] === undefined ? [] : [{ op: "remove", path: inner }];
            }
            return Object.hasOwn(before, key)
                ? changesBetween(before[key], after[key], inner)
                : [{ op: "add", path: inner, value: after[key] }];
        });
    }
    return [
        { op: "test", path, value: before },
        { op: "replace", path, value: after },
    ];
}

function changesOfElement(before: unknown[], after: unknown[], index: number, path: string[]): Change[] {
    const element = [...path, String(index)];
    const [old, now] = [before[index], after[index]];
    const found = changesBetween(old, now, element);
    if (found.length === 0 || !isRecord(old)) {
        return found;
    }
    const known = names.filter((name) => typeof old[name] === "string");
    return [...known.map((name): Change => ({ op: "test", path: [...element, name], value: old[name] })), ...found];
}

function isRecord(value: unknown): value is Record<string, unknown> {
    return value !== null && typeof value === "object" && !Array.isArray(value);
}
