import { z } from "zod";
import { oneLine } from "../clients/redaction";

/** A text without a limit: a command, for instance. */
export const text = z.string({ error: "expected a text" }).trim().min(1, { error: "must not be empty" });

/** None of the services takes longer names (Power BI, Entra and Unity Catalog: 255 or 256; Databricks warehouses: 100). */
const longestName = 256;

/** Control characters, line ends, and what reverses the order in which a terminal shows a text. */
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;

/** A name or an id. Names are compared in Unicode's composed form. */
export const name = z
    .string({ error: "expected a name or an id" })
    .trim()
    .min(1, { error: "must not be empty" })
    .max(longestName, {
        error: (issue) => `is ${String(issue.input).length} characters long; ${longestName} is the most`,
    })
    .refine((value) => !unprintable.test(value), {
        error: (issue) => {
            const code = unprintable.exec(String(issue.input))![0].codePointAt(0)!;
            return `holds a character that cannot be shown (U+${code.toString(16).toUpperCase().padStart(4, "0")})`;
        },
    });

/** A yes or no. */
export const flag = z.boolean({ error: "expected true or false" });

/** A value as errors quote it. */
export function shown(value: unknown): string {
    return oneLine(JSON.stringify(value) ?? "nothing");
}
