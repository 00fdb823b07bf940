/** How a fault names a field: the names and indices on the way to it, `*` for all elements of a list. */
export const dropsPattern = /^(\/[^/]+)+$/;

/**
 * A JSON answer without a field; anything else as it is.
 *
 * @param payload the text of the answer.
 */
export function withoutField(payload: unknown, drops: string): unknown {
    if (typeof payload !== "string" || payload === "") {
        return payload;
    }
    try {
        const body: unknown = JSON.parse(payload);
        drop(body, drops.slice(1).split("/"));
        return JSON.stringify(body);
    } catch (error) {
        if (error instanceof SyntaxError) {
            return payload;
        }
        throw error;
    }
}

function drop(value: unknown, [step, ...rest]: string[]): void {
    if (typeof value !== "object" || value === null) {
        return;
    }
    const holder = value as Record<string, unknown>;
    const names = step === "*" && Array.isArray(value) ? Object.keys(value) : [step];
    for (const name of names.filter((key) => Object.hasOwn(holder, key))) {
        if (rest.length > 0) {
            drop(holder[name], rest);
        } else if (Array.isArray(value)) {
            value.splice(Number(name), 1);
        } else {
            delete holder[name];
        }
    }
}
