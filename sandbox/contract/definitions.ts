import { commonDefinitions } from "./common-definitions";
import { type DefinitionFile } from "./definition-file";
import { forgotten, optionalAfterAll } from "./corrections";
import { type Schema } from "./operation";

/** As definitions and examples of Power BI's contract have it: `IsRefreshable` and `isRefreshable`, `odata.context` too. */
export function spellingsOf(name: string): string[] {
    const [first, rest] = [name[0], name.slice(1)];
    return name.startsWith("odata.") ? [name, `@${name}`] : [first.toLowerCase() + rest, first.toUpperCase() + rest];
}

/** An object with all that it inherits. */
export interface FlatObject {
    properties: Record<string, Schema>;
    required: string[];
    isOpen: boolean;
}

/** A schema with the properties of all that it is made of. */
export function flatten(schema: Schema, file: DefinitionFile): FlatObject {
    const flat: FlatObject = {
        properties: {},
        required: [],
        isOpen: Boolean(schema.additionalProperties),
    };
    for (const part of (schema.allOf ?? []) as Schema[]) {
        const target = typeof part.$ref === "string" ? resolve(part.$ref, file) : undefined;
        if (typeof part.$ref === "string" && !target) {
            flat.isOpen = true;
            continue;
        }
        const inner = target ? flatten(target.file.definitions[target.name], target.file) : flatten(part, file);
        Object.assign(flat.properties, inner.properties);
        flat.required.push(...inner.required);
        flat.isOpen ||= inner.isOpen;
    }
    Object.assign(flat.properties, schema.properties);
    flat.required.push(...((schema.required ?? []) as string[]));
    flat.required = [...new Set(flat.required)];
    return flat;
}

/** A definition as the service means it. */
export function corrected(name: string, file: DefinitionFile): Schema {
    const definition = file.definitions[name];
    const optional = optionalAfterAll[`${file.name}/${name}`] ?? [];
    const more = forgotten[`${file.name}/${name}`];
    const required = ((definition.required ?? []) as string[]).filter((property) => !optional.includes(property));
    const added = Object.fromEntries((more ?? []).map((property) => [property, { type: "string" }]));
    return {
        ...definition,
        required,
        ...(more ? { properties: { ...(definition.properties as object), ...added } } : {}),
    };
}

/** What a reference means; undefined for what is in no file that is there. */
export function resolve(reference: string, file: DefinitionFile): { name: string; file: DefinitionFile } | undefined {
    const [place, name] = reference.split("#/definitions/");
    const isCommon = /common\/definitions\.json$/.test(place);
    const target = isCommon ? commonDefinitions : (others.get(place.split("/").at(-1) ?? "") ?? file);
    return name in target.definitions ? { name, file: target } : undefined;
}

/** The files that others refer to, by the last part of the reference's path. */
const others = new Map<string, DefinitionFile>();

/** Makes the definitions of a file known to references from others. */
export function announceFile(fileName: string, file: DefinitionFile): void {
    others.set(fileName, file);
}

/** The definitions that a discriminator chooses among, with the values by which it does. */
export function kindsOf(base: string, file: DefinitionFile): { value: string; name: string }[] {
    const isBasedOn = (name: string): boolean =>
        ((file.definitions[name].allOf ?? []) as Schema[]).some((part) => {
            const parent =
                typeof part.$ref === "string" && part.$ref.startsWith("#") ? part.$ref.split("/").at(-1)! : "";
            return parent === base || (parent in file.definitions && isBasedOn(parent));
        });
    return Object.entries(file.definitions).flatMap(([name, { "x-ms-discriminator-value": value }]) =>
        typeof value === "string" && isBasedOn(name) ? { value, name } : [],
    );
}
