import { databricksFacts } from "./databricks-facts";
import { entraFacts } from "./entra-facts";
import { atLeast, type Fact, list, text } from "./fact";
import { fabricFacts } from "./fabric-facts";
import { type JudgedService, type Schema } from "./operation";
import { type DefinitionFile } from "./definition-file";

/**
 * The operations that the published contracts lack. What a request may say is complete here; of answers there is what the
 * program or the sandbox uses.
 */
export const facts: Fact[] = [...databricksFacts, ...entraFacts, ...fabricFacts];

/** Facts refer to no definitions. */
export const factFile: DefinitionFile = { name: "facts", definitions: {}, twoSpellings: false, textBooleans: false };

/** How a service words a refusal, where its contract does not say. */
export const failures: Record<JudgedService, Schema> = {
    // https://learn.microsoft.com/power-bi/developer/embedded/embedded-troubleshoot
    powerBi: atLeast({ "error!": atLeast({ "code!": text, message: text }) }),
    // https://learn.microsoft.com/rest/api/fabric/articles/
    fabric: atLeast({ "errorCode!": text, "message!": text, requestId: text }),
    // REST: `error_code` and `message`; SCIM (RFC 7644, 3.12): `detail` and `status`; OAuth (RFC 6749, 5.2): `error`.
    // https://github.com/databricks/databricks-sdk-go/blob/main/apierr/errors.go
    databricks: atLeast({
        error_code: text,
        message: text,
        detail: text,
        status: text,
        schemas: list(text),
        error: text,
        error_description: text,
    }),
    // https://learn.microsoft.com/entra/identity-platform/reference-error-codes#handling-error-codes-in-your-application
    entra: atLeast({ error: text, error_description: text }),
};
