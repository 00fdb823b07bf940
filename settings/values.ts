import { z } from "zod";

/** A name or an id. */
export const name = z.string({ error: "expected a name or an id" }).trim().min(1, { error: "must not be empty" });

/** A yes or no. */
export const flag = z.boolean({ error: "expected true or false" });

/** A value as errors quote it. */
export function shown(value: unknown): string {
    return JSON.stringify(value);
}
