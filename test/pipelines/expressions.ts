import * as vm from "node:vm";

/** Contexts and functions that expressions see, by name. */
export type Contexts = Record<string, unknown>;

/**
 * Evaluates an expression of GitHub Actions or Azure Pipelines. Their operators and texts are JavaScript's, and names
 * with a dash are rewritten. What is not there is the empty text, as it is to them.
 */
export function evaluate(expression: string, contexts: Contexts): unknown {
    const script = expression.replace(/\.([A-Za-z_]\w*(?:-\w+)+)/g, '["$1"]');
    const wrapped = Object.entries(contexts).map(([name, value]) => [name, withoutGaps(value)]);
    return vm.runInNewContext(script, Object.fromEntries(wrapped)) ?? "";
}

/** Replaces `${{ … }}` in a text; a text that is nothing else keeps the value's type. */
export function substitute(text: unknown, contexts: Contexts): unknown {
    if (typeof text !== "string") {
        return text;
    }
    const whole = /^\$\{\{((?:(?!\}\}).)*)\}\}$/.exec(text.trim());
    return whole
        ? evaluate(whole[1].trim(), contexts)
        : text.replace(/\$\{\{(.*?)\}\}/g, (_, expression: string) => String(evaluate(expression.trim(), contexts)));
}

function withoutGaps(value: unknown): unknown {
    if (typeof value !== "object" || value === null) {
        return value;
    }
    return new Proxy(value as Record<string | symbol, unknown>, {
        get: (target, name) => (name in target ? withoutGaps(target[name]) : ""),
    });
}
