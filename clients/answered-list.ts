import { z } from "zod";
import { oneLine, redact } from "./redaction";
import { elements, structure } from "./fields";
import { firstIssue } from "./unexpected-answer";

/** An element of a list that is not what the contract promises. */
export interface UnreadableItem {
    /** Where it says so. */
    id?: string;
    /** Where it says so. */
    name?: string;
    /** What is not as expected. */
    reason: string;
}

/** A list as a service answered it: one odd element does not take the others away, and is not forgotten either. */
export interface AnsweredList<T> {
    items: T[];
    /** The elements that are no items, in words. Who decides on something's absence has to look here. */
    unreadable: UnreadableItem[];
}

/** The answer of Power BI and Fabric to the question for a list. One without this member is no empty list. */
export const listAnswer = structure({ value: elements });

/** Validates the elements of a list one by one. */
export function readItems<T>(values: unknown[], schema: z.ZodType<T>): AnsweredList<T> {
    const list: AnsweredList<T> = { items: [], unreadable: [] };
    for (const value of values) {
        const result = schema.safeParse(value);
        if (result.success) {
            list.items.push(result.data);
        } else {
            const { field, problem } = firstIssue(value, result.error);
            const reason = `${field === "" ? "it" : field} ${problem}`;
            list.unreadable.push({ ...identityOf(value), reason });
        }
    }
    return list;
}

/** One list of several, those of pages for instance. */
export function joinLists<T>(lists: AnsweredList<T>[]): AnsweredList<T> {
    return {
        items: lists.flatMap(({ items }) => items),
        unreadable: lists.flatMap(({ unreadable }) => unreadable),
    };
}

/** The same list of other things, or of fewer. */
export function mapList<T, Other>(list: AnsweredList<T>, map: (items: T[]) => Other[]): AnsweredList<Other> {
    return { items: map(list.items), unreadable: list.unreadable };
}

/** An element that cannot be read, in words: by its name or id where it says them. */
export function describeUnreadable({ id, name, reason }: UnreadableItem): string {
    const who = name !== undefined ? `"${name}"${id !== undefined ? ` (${id})` : ""}` : (id ?? "one without a name");
    return `${who}: ${reason}`;
}

/**
 * The items of a list in which each one counts.
 *
 * @param what the list, for the error.
 * @throws Error that names those that cannot be read.
 */
export function demandAll<T>({ items, unreadable }: AnsweredList<T>, what: string): T[] {
    if (unreadable.length > 0) {
        throw new Error(`${what} cannot be read as a whole: ${unreadable.map(describeUnreadable).join("; ")}`);
    }
    return items;
}

function identityOf(value: unknown): Pick<UnreadableItem, "id" | "name"> {
    const fields = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
    const id = firstText(fields.id, fields.datasourceId, fields.applicationId);
    const name = firstText(fields.name, fields.displayName, fields.datasourceName);
    return { ...(id !== undefined && { id }), ...(name !== undefined && { name }) };
}

function firstText(...values: unknown[]): string | undefined {
    const text = values.find((value): value is string => typeof value === "string" && value !== "");
    return text === undefined ? undefined : oneLine(redact(text, []));
}
