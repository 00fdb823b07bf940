import { z } from "zod";

/** A text. Values of open enums are texts too: one that nobody knows yet is kept, and quoted where it matters. */
export const text = z.string({ error: "expected a text" });

/** A text that says something: an id, a token. */
export const filled = text.min(1, { error: "expected a text" });

/** Yes or no. */
export const flag = z.boolean({ error: "expected true or false" });

/** A member that the contract calls optional. Services write null for it as well. */
export function optional<T>(schema: z.ZodType<T>) {
    return schema.nullish().transform((value) => value ?? undefined);
}

/** Anything, or nothing: another function makes something of it. */
export const anything = z.unknown().optional();

/** A structure, of whose members only those are looked at that are used. */
export function structure<Shape extends z.ZodRawShape>(shape: Shape) {
    return z.object(shape, { error: "expected a structure" });
}

/** A list whose elements are looked at one by one, later. */
export const elements = z.array(z.unknown(), { error: "expected a list" });

/** A list each element of which is needed: one that cannot be read makes the answer useless. */
export function listOf<T>(schema: z.ZodType<T>) {
    return z.array(schema, { error: "expected a list" });
}

/** The token of the next page of a list. One that came before would lead round and round. */
export function nextPage(known: Set<string>) {
    return optional(text).refine((token) => token === undefined || !known.has(token), {
        error: "expected one that did not come before",
    });
}

/** The answer to a request after which nothing has to be known: empty, or a structure. A text is a proxy's. */
export const nothing = z
    .unknown()
    .refine((value) => value === undefined || value === null || value === "" || typeof value === "object", {
        error: "expected nothing, or a structure",
    })
    .transform(() => undefined);
