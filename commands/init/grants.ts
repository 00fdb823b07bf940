import { z } from "zod";
import { CredentialSettings, grant } from "../../settings/credential";
import { shown } from "../../settings/values";

type Grant = CredentialSettings["grants"][number];

/**
 * An answer that names what may be read. What separates its parts cannot be in a name of Unity Catalog, but for the comma,
 * which people write between them.
 */
export const grantList = z.string().superRefine((answer, context) => {
    const wrong = namesIn(answer).find((name) => !grant.safeParse(grantOf(name)).success);
    if (wrong !== undefined) {
        context.addIssue({
            code: "custom",
            message:
                `${shown(wrong)} is nothing to grant on; expected CATALOG, CATALOG.SCHEMA or CATALOG.SCHEMA.TABLE, ` +
                "without backticks: no name in Unity Catalog holds dots, spaces or slashes",
        });
    }
});

/** The grants that an answer names, as the configuration has them; each once. */
export function grantsOf(answer: string): Grant[] {
    return [...new Set(namesIn(answer))].map((name) => grantOf(name) as Grant);
}

function namesIn(answer: string): string[] {
    return answer.split(/[\s,]+/).filter((name) => name !== "");
}

/** A fourth part is kept, in the last name, where nothing accepts it. */
function grantOf(name: string): Partial<Grant> {
    const [catalog, schema, ...rest] = name.split(".");
    return {
        catalog,
        ...(schema === undefined ? {} : { schema }),
        ...(rest.length === 0 ? {} : { table: rest.join(".") }),
    };
}
