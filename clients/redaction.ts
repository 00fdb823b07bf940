/** What secrets of these services look like, for those that nobody listed. */
const lookalikes = [
    // Databricks: OAuth secrets and personal access tokens (databricks-sdk-go, logger/httplog; docs.databricks.com).
    /\b(?:dose|dapi)[0-9a-f]{24,}(?:-\d+)?\b/gi,
    // Entra: client secrets (learn.microsoft.com, Purview: Microsoft Entra client secret).
    /[A-Za-z0-9_~.-]{3}[78]Q~[A-Za-z0-9_~.-]{31,34}/g,
    // JSON Web Tokens: headers begin with {" in base64.
    /\beyJ[\w-]{5,}(?:\.[\w-]*)+/g,
    /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];

/**
 * A text without secrets: without the values that are known, in the forms in which services repeat them, and without
 * whatever looks like a secret of these services.
 *
 * @param sensitive the values that are known.
 */
export function redact(text: string, sensitive: string[]): string {
    const known = sensitive.filter((value) => value !== "").flatMap(formsOf);
    const withoutKnown = known
        .sort((one, other) => other.length - one.length)
        .reduce((rest, form) => rest.split(form).join("[secret]"), text);
    return lookalikes.reduce((rest, lookalike) => rest.replace(lookalike, "[secret]"), withoutKnown);
}

/** Any JSON value with each text in it redacted. */
export function redactAll(value: unknown, sensitive: string[]): unknown {
    if (typeof value === "string") {
        return redact(value, sensitive);
    }
    if (Array.isArray(value)) {
        return value.map((item) => redactAll(item, sensitive));
    }
    if (typeof value === "object" && value !== null) {
        return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactAll(item, sensitive)]));
    }
    return value;
}

/**
 * A text on one line, without what steers a terminal or is a command in a pipeline's log: GitHub looks for `::` at the
 * beginning of a line, Azure DevOps for `##vso[` anywhere in it.
 */
export function oneLine(text: string): string {
    return text
        .replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, " ")
        .replace(/##(?=(vso)?\[)/gi, "# # ")
        .trim();
}

/** How a value stands in plain text, in JSON, in JSON within JSON, in a form or an address, and in base64. */
function formsOf(value: string): string[] {
    const json = JSON.stringify(value).slice(1, -1);
    return [
        value,
        json,
        JSON.stringify(json).slice(1, -1),
        encodeURIComponent(wellFormed(value)),
        new URLSearchParams({ "": value }).toString().slice(1),
        Buffer.from(value).toString("base64"),
    ];
}

/** Half of a surrogate pair cannot be sent: what is sent instead is the replacement character. */
function wellFormed(text: string): string {
    return Buffer.from(text).toString("utf8");
}
