import type Ajv from "ajv";
import type { ErrorObject } from "ajv";
import { type DefinitionFile } from "./definition-file";
import { corrected, type FlatObject, flatten, kindsOf, resolve, spellingsOf } from "./definitions";
import { type Schema, type Side } from "./operation";

/** Why a value does not fit its schema. */
export interface Misfit {
    where: string;
    what: string;
}

const formats: Record<string, (text: string) => boolean> = {
    // Not only those of RFC 4122: services count up, and write in capitals.
    uuid: (text) => /^\{?[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}\}?$/i.test(text),
    "date-time": (text) => !Number.isNaN(Date.parse(text)),
};

/** Whether a text has a format; formats that are not looked at fit every text. */
export function hasFormat(text: string, format: string | undefined): boolean {
    return format === undefined || (formats[format]?.(text) ?? true);
}

/** Whether a contract says that values may come that it does not name. */
export function isOpenEnum(schema: Schema): boolean {
    const marks = schema["x-ms-enum"] as { modelAsString?: boolean; modelAsExtensible?: boolean } | undefined;
    return marks?.modelAsString === true || marks?.modelAsExtensible === true;
}

/**
 * Swagger's schemas as JSON schemas: inheritance is flattened, discriminators choose, and properties that nobody named are
 * errors. Each is converted and compiled when it is first needed.
 */
export class Schemas {
    private readonly ajv: Ajv;
    private readonly known = new Set<string>();
    private readonly announced = new Map<string, () => void>();

    constructor() {
        // Here and not above: without contracts nobody needs it, and it is no dependency of the program.
        // eslint-disable-next-line @typescript-eslint/no-require-imports
        const { default: Compiler } = require("ajv") as typeof import("ajv");
        this.ajv = new Compiler({ strict: false, allErrors: true, formats, inlineRefs: false });
    }

    /** Makes a schema known, to be converted when something is held against it, and answers its id. */
    announce(id: string, schema: Schema, file: DefinitionFile, side: Side): string {
        this.announced.set(id, () => this.register(id, schema, file, side));
        return id;
    }

    /** What of a value does not fit. */
    check(id: string, value: unknown): Misfit[] {
        this.announced.get(id)?.();
        const validate = this.ajv.getSchema(id);
        if (!validate) {
            throw new Error(`There is no schema ${id}`);
        }
        return validate(value) ? [] : (validate.errors ?? []).flatMap(explain);
    }

    private register(id: string, schema: Schema, file: DefinitionFile, side: Side): string {
        if (!this.known.has(id)) {
            this.known.add(id);
            this.ajv.addSchema(this.convert(schema, file, side), id);
        }
        return id;
    }

    private convert(schema: Schema, file: DefinitionFile, side: Side): Schema {
        if (typeof schema.$ref === "string") {
            return this.reference(schema.$ref, file, side);
        }
        if (schema.properties || schema.allOf) {
            return this.object(flatten(schema, file), file, side);
        }
        const { type, format } = schema;
        switch (type) {
            case "array":
                return { type, items: this.convert((schema.items ?? {}) as Schema, file, side) };
            case "string":
                return {
                    type,
                    ...(typeof format === "string" && format in formats ? { format } : {}),
                    ...(schema.enum && !isOpenEnum(schema) ? { enum: schema.enum } : {}),
                };
            case "boolean":
                return side === "request" && file.textBooleans
                    ? { type: ["boolean", "string"], pattern: "^([Tt]rue|[Ff]alse)$" }
                    : { type };
            case "integer":
            case "number": {
                const { minimum, maximum } = schema as { minimum?: number; maximum?: number };
                return {
                    type,
                    ...(minimum === undefined ? {} : { minimum }),
                    ...(maximum === undefined ? {} : { maximum }),
                };
            }
            case "object": {
                const others = schema.additionalProperties;
                const isSchema = typeof others === "object" && others !== null;
                return {
                    type,
                    ...(isSchema ? { additionalProperties: this.convert(others as Schema, file, side) } : {}),
                };
            }
            default:
                return {};
        }
    }

    private reference(reference: string, file: DefinitionFile, side: Side): Schema {
        const target = resolve(reference, file);
        // What is defined in a file that is not there and that no fact describes may be anything.
        return target ? { $ref: this.named(target.name, target.file, side) } : {};
    }

    private named(name: string, file: DefinitionFile, side: Side): string {
        const id = `contract://${side}/${file.name}/${encodeURIComponent(name)}`;
        const { discriminator, ...schema } = corrected(name, file);
        const kinds = typeof discriminator === "string" ? kindsOf(name, file) : [];
        if (kinds.length === 0) {
            return this.register(id, schema, file, side);
        }
        if (!this.known.has(id)) {
            this.known.add(id);
            const property = discriminator as string;
            const is = (values: string[]) => ({ properties: { [property]: { enum: values } }, required: [property] });
            const base = this.object(flatten(schema, file), file, side);
            this.ajv.addSchema(
                {
                    allOf: kinds.map(({ value, name: kind }) => ({
                        if: is([value]),
                        then: { $ref: this.named(kind, file, side) },
                    })),
                    // A kind that the contract does not know has what all kinds have, and more.
                    if: { not: is(kinds.map(({ value }) => value)) },
                    then: { ...base, additionalProperties: true },
                },
                id,
            );
        }
        return id;
    }

    private object(flat: FlatObject, file: DefinitionFile, side: Side): Schema {
        const properties: Schema = {};
        for (const [name, schema] of Object.entries(flat.properties)) {
            const converted = this.convert(schema, file, side);
            const spellings = file.twoSpellings ? spellingsOf(name) : [name];
            spellings.forEach((spelling) => (properties[spelling] = converted));
        }
        return { type: "object", properties, required: flat.required, additionalProperties: flat.isOpen };
    }
}

/** Never with the value: it may be a secret. */
function explain({ keyword, instancePath, params, message }: ErrorObject): Misfit[] {
    const place = instancePath.split("/").slice(1);
    const at = (...more: string[]) => [...place, ...more].join(".");
    switch (keyword) {
        case "if":
            return [];
        case "additionalProperties":
            return [{ where: at(params.additionalProperty), what: "is no property that is known there" }];
        case "required":
            return [{ where: at(params.missingProperty), what: "is missing" }];
        case "enum":
            return [{ where: at(), what: `is none of ${params.allowedValues.join(", ")}` }];
        case "pattern":
            return [{ where: at(), what: "must be true or false" }];
        default:
            return [{ where: at(), what: message ?? keyword }];
    }
}
