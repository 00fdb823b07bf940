import { type JudgedService, type Schema } from "./operation";

/** An operation that somebody wrote down by hand, since no contract has it. */
export interface Fact {
    service: JudgedService;
    method: string;
    /** With `{names}`. */
    path: string;
    /** Where it says so. */
    source: string;
    query?: string[];
    /** Whether its query may say whatever it likes. */
    anyQuery?: boolean;
    /** What a request may say. */
    body?: Schema;
    bodyIsOptional?: boolean;
    isForm?: boolean;
    answers: Record<number, { body?: Schema; headers?: string[] }>;
}

export const text: Schema = { type: "string" };
export const whole: Schema = { type: "integer" };
export const flag: Schema = { type: "boolean" };
export const anything: Schema = {};

export function list(items: Schema): Schema {
    return { type: "array", items };
}

export function oneOf(...values: string[]): Schema {
    return { type: "string", enum: values };
}

/** What a request may consist of: these properties and no others. A name that ends with `!` is required. */
export function exactly(properties: Record<string, Schema>): Schema {
    return object(properties, false);
}

/** What of an answer is known: a list that is made by hand cannot say that there is no more. */
export function atLeast(properties: Record<string, Schema>): Schema {
    return object(properties, true);
}

function object(properties: Record<string, Schema>, additionalProperties: boolean): Schema {
    const named = Object.entries(properties).map(([name, schema]) => ({
        name: name.replace(/!$/, ""),
        isRequired: name.endsWith("!"),
        schema,
    }));
    return {
        type: "object",
        properties: Object.fromEntries(named.map(({ name, schema }) => [name, schema])),
        required: named.filter(({ isRequired }) => isRequired).map(({ name }) => name),
        additionalProperties,
    };
}
