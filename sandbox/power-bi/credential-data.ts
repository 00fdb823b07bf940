import { z } from "zod";
import { powerBiError } from "./access";

const pairs = z.array(z.object({ name: z.string(), value: z.string() }));

/** Anonymous credentials have no data: their examples write an empty text. */
const credentialData = z.object({ credentialData: pairs.or(z.literal("").transform((): z.infer<typeof pairs> => [])) });

/**
 * Reads the names and values of a credential. Quotes may be single, as in Microsoft's own sample.
 *
 * @see https://github.com/microsoft/PowerBI-Developer-Samples/blob/master/Python/Encrypt%20credentials/Encryption%20sample/utils.py
 * @throws HttpError 400
 */
export function parseCredentialData(text: string) {
    const data = credentialData.safeParse(parseJson(withDoubleQuotes(text)));
    if (!data.success) {
        throw powerBiError(400, "DM_GWPipeline_Client_InvalidCredentials", "credentials is not valid");
    }
    const value = (name: string) => data.data.credentialData.find((item) => item.name === name)?.value;
    return {
        username: value("username"),
        password: value("password"),
        key: value("key"),
        accessToken: value("accessToken"),
    };
}

/** JSON whose texts are all in double quotes. */
function withDoubleQuotes(text: string): string {
    return text.replace(/"(?:[^"\\]|\\.)*"|'((?:[^'\\]|\\.)*)'/gs, (whole, single?: string) =>
        single === undefined ? whole : `"${single.replace(/\\.|"/gs, requoted)}"`,
    );
}

/** An escape, or a quote, of a text in single quotes, as it is written in double ones. */
function requoted(written: string): string {
    return written === "\\'" ? "'" : written === '"' ? '\\"' : written;
}

function parseJson(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}
