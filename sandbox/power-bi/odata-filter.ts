import { powerBiError } from "./access";

/** What a filter is applied to: what the API answers. */
type Item = Record<string, unknown>;
type Evaluate = (item: Item) => unknown;

/** A part of a filter: a literal, a name, an operator or a bracket. */
const token = /\s*(?:('(?:[^']|'')*')|([A-Za-z_][\w]*)|([(),])|(-?\d+))/y;

const functions: Record<string, (...args: string[]) => unknown> = {
    tolower: (text) => text.toLowerCase(),
    toupper: (text) => text.toUpperCase(),
    contains: (text, part) => text.includes(part),
    startswith: (text, part) => text.startsWith(part),
    endswith: (text, part) => text.endsWith(part),
};

/**
 * Reads `$filter`, as far as people use it: comparisons with `eq` and `ne`, `and`, `or`, `not`, brackets, and the functions
 * above. Quotes in a literal are doubled.
 *
 * @see https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part2-url-conventions.html#sec_SystemQueryOptions
 * @param fields the names that an item may be asked for.
 * @throws HttpError 400
 */
export function readFilter(filter: string | undefined, fields: readonly string[]): (item: Item) => boolean {
    if (filter === undefined) {
        return () => true;
    }
    const parser = new Parser(filter, fields);
    const evaluate = parser.parseAll();
    return (item) => evaluate(item) === true;
}

class Parser {
    private readonly tokens: string[];
    private at = 0;

    constructor(
        private readonly filter: string,
        private readonly fields: readonly string[],
    ) {
        this.tokens = this.split();
    }

    parseAll(): Evaluate {
        const parsed = this.parseOr();
        if (this.at < this.tokens.length) {
            throw this.invalid();
        }
        return parsed;
    }

    private parseOr(): Evaluate {
        let left = this.parseAnd();
        while (this.accept("or")) {
            const [first, second] = [left, this.parseAnd()];
            left = (item) => first(item) === true || second(item) === true;
        }
        return left;
    }

    private parseAnd(): Evaluate {
        let left = this.parseComparison();
        while (this.accept("and")) {
            const [first, second] = [left, this.parseComparison()];
            left = (item) => first(item) === true && second(item) === true;
        }
        return left;
    }

    private parseComparison(): Evaluate {
        if (this.accept("not")) {
            const negated = this.parseComparison();
            return (item) => negated(item) !== true;
        }
        const left = this.parseValue();
        for (const operator of ["eq", "ne"]) {
            if (this.accept(operator)) {
                const right = this.parseValue();
                return (item) => (left(item) === right(item)) === (operator === "eq");
            }
        }
        return left;
    }

    private parseValue(): Evaluate {
        const next = this.tokens[this.at++];
        if (next === "(") {
            const inner = this.parseOr();
            this.demand(")");
            return inner;
        }
        if (next?.startsWith("'")) {
            const text = next.slice(1, -1).replaceAll("''", "'");
            return () => text;
        }
        if (next === "true" || next === "false") {
            return () => next === "true";
        }
        if (next !== undefined && Object.hasOwn(functions, next)) {
            const args = this.parseArguments();
            if (args.length !== functions[next].length) {
                throw this.invalid();
            }
            return (item) => functions[next](...args.map((argument) => String(argument(item) ?? "")));
        }
        if (next !== undefined && this.fields.includes(next)) {
            return (item) => item[next];
        }
        throw this.invalid();
    }

    private parseArguments(): Evaluate[] {
        this.demand("(");
        const args = [this.parseValue()];
        while (this.accept(",")) {
            args.push(this.parseValue());
        }
        this.demand(")");
        return args;
    }

    private accept(wanted: string): boolean {
        const isNext = this.tokens[this.at] === wanted;
        this.at += isNext ? 1 : 0;
        return isNext;
    }

    private demand(wanted: string): void {
        if (!this.accept(wanted)) {
            throw this.invalid();
        }
    }

    private split(): string[] {
        const tokens: string[] = [];
        const text = this.filter.trimEnd();
        for (token.lastIndex = 0; token.lastIndex < text.length;) {
            const found = token.exec(text);
            if (!found) {
                throw this.invalid();
            }
            tokens.push(found[0].trim());
        }
        return tokens;
    }

    private invalid() {
        return powerBiError(400, "InvalidRequest", `The filter ${this.filter} is not valid`);
    }
}
