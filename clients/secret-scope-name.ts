import { z } from "zod";

/** The name of a Databricks secret scope, as the databricks provider takes it (terraform-provider-databricks, secrets). */
export const scopeName = z
    .string({ error: "expected the name of the Databricks secret scope" })
    .regex(/^[A-Za-z0-9_.@/-]{1,128}$/, {
        error: (issue) =>
            `${JSON.stringify(issue.input)} cannot be the name of a secret scope; accepted are letters, digits and ` +
            "_ . @ / -, 128 at most",
    });
