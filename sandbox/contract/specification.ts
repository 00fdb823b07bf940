import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { type DefinitionFile } from "./definition-file";
import { announceFile } from "./definitions";
import { factFile, facts, failures } from "./facts";
import { type Answer, type JudgedService, type Operation, type Parameter, type Schema } from "./operation";
import { Schemas } from "./schemas";

interface SwaggerParameter extends Parameter {
    in: string;
    schema?: Schema;
    $ref?: string;
}

interface HeaderDescription {
    type?: string;
    format?: string;
    description?: string;
}

interface SwaggerOperation {
    parameters?: SwaggerParameter[];
    responses: Record<string, { schema?: Schema; headers?: Record<string, HeaderDescription> }>;
    "x-ms-examples"?: Record<string, Example>;
}

interface Swagger {
    basePath?: string;
    paths: Record<string, Record<string, SwaggerOperation>>;
    definitions?: Record<string, Schema>;
    parameters?: Record<string, SwaggerParameter>;
}

/** An exchange that a contract gives as an example. */
export interface Example {
    parameters?: Record<string, unknown>;
    responses?: Record<string, { body?: unknown }>;
}

/** The operation that a contract means by an example, with where its parameters go. */
export interface NamedExample {
    title: string;
    operation: Operation;
    /** The path, with `{names}`. */
    template: string;
    places: Record<string, string>;
    example: Example;
}

/** What the services promise: their published contracts, and by hand what those lack. */
export interface Specification {
    operations: Operation[];
    schemas: Schemas;
    /** Those that are written in the contracts themselves. */
    examples: NamedExample[];
}

/**
 * Reads the contracts of a folder.
 *
 * @param folder what the environment variable CONTRACTS names; files that are not in it are not judged by.
 */
export function loadSpecification(folder: string): Specification {
    const specification: Specification = { operations: [], schemas: new Schemas(), examples: [] };
    const powerBi = read(folder, "powerbi.openapi.json");
    const fabric = read(folder, "fabric-platform.openapi.json");
    for (const part of ["connections", "gateways"]) {
        const { definitions = {} } = read(folder, `fabric-${part}.definitions.json`);
        announceFile(`${part}.json`, { name: `fabric-${part}`, definitions, twoSpellings: false, textBooleans: false });
    }
    add(specification, "powerBi", powerBi, { name: "powerBi", twoSpellings: true, textBooleans: true });
    add(specification, "fabric", fabric, { name: "fabric", twoSpellings: false, textBooleans: false });
    addFacts(specification);
    // `/connections/supportedConnectionTypes` before `/connections/{connectionId}`.
    specification.operations.sort((one, other) => one.pathParameters.length - other.pathParameters.length);
    return specification;
}

function read(folder: string, name: string): Swagger {
    const file = path.join(folder, name);
    if (!existsSync(file)) {
        throw new Error(`CONTRACTS names ${folder}, where there is no ${name}`);
    }
    return JSON.parse(readFileSync(file, "utf8"));
}

function add(
    specification: Specification,
    service: JudgedService,
    document: Swagger,
    traits: Omit<DefinitionFile, "definitions">,
): void {
    const file = { ...traits, definitions: document.definitions ?? {} };
    const { schemas } = specification;
    for (const [template, methods] of Object.entries(document.paths)) {
        for (const [method, described] of Object.entries(methods)) {
            const name = `${method.toUpperCase()} ${document.basePath ?? ""}${template}`;
            const parameters = (described.parameters ?? []).map((parameter) =>
                parameter.$ref ? document.parameters![parameter.$ref.split("/").at(-1)!] : parameter,
            );
            const body = parameters.find((parameter) => parameter.in === "body");
            const schemaOf = (schema: Schema | undefined, side: "request" | "answer", which: string) =>
                schema && schema.type !== "file"
                    ? schemas.announce(`contract://${side}-of/${encodeURIComponent(name)}/${which}`, schema, file, side)
                    : undefined;
            const answerOf = (status: string): Answer => {
                const { schema, headers = {} } = described.responses[status];
                return {
                    schemaId: schemaOf(schema, "answer", status),
                    anyBody: schema?.type === "file",
                    headers: Object.entries(headers).map(([header, { type, format, description = "" }]) => ({
                        name: header,
                        type,
                        format,
                        required: !/\bonly if\b/.test(description),
                    })),
                };
            };
            const statuses = Object.keys(described.responses).filter((status) => status !== "default");
            const failure = described.responses.default ? answerOf("default") : failureOf(specification, service);
            const operation: Operation = {
                name,
                service,
                source: "contract",
                method: method.toUpperCase(),
                ...compile((document.basePath ?? "") + template, parameters, "i"),
                query: parameters.filter((parameter) => parameter.in === "query"),
                body: body && {
                    schemaId: schemaOf(body.schema, "request", "body"),
                    required: body.required ?? false,
                    type: "json",
                },
                answers: new Map(statuses.map((status) => [Number(status), answerOf(status)])),
                failure,
            };
            specification.operations.push(operation);
            const places = Object.fromEntries(parameters.map((parameter) => [parameter.name, parameter.in]));
            for (const [title, example] of Object.entries(described["x-ms-examples"] ?? {})) {
                // Fabric's are in files of their own, which are not there.
                if (!("$ref" in example)) {
                    specification.examples.push({ title: `${name}: ${title}`, operation, template, places, example });
                }
            }
        }
    }
}

function addFacts(specification: Specification): void {
    const { schemas } = specification;
    for (const fact of facts) {
        const name = `${fact.method} ${fact.path}`;
        const id = (side: string, which: string) =>
            `contract://${side}-of/${fact.service}/${encodeURIComponent(name)}/${which}`;
        const answers = Object.entries(fact.answers).map(([status, answer]): [number, Answer] => [
            Number(status),
            {
                schemaId: answer.body && schemas.announce(id("answer", status), answer.body, factFile, "answer"),
                headers: (answer.headers ?? []).map((header) => ({ name: header, required: true })),
            },
        ]);
        specification.operations.push({
            name,
            service: fact.service,
            source: "facts",
            method: fact.method,
            ...compile(fact.path, [], fact.service === "fabric" || fact.service === "powerBi" ? "i" : ""),
            query: (fact.query ?? []).map((parameter) => ({ name: parameter })),
            anyQuery: fact.anyQuery,
            body: fact.body && {
                schemaId: schemas.announce(id("request", "body"), fact.body, factFile, "request"),
                required: !fact.bodyIsOptional,
                type: fact.isForm ? "form" : "json",
            },
            answers: new Map(answers),
            failure: failureOf(specification, fact.service),
        });
    }
}

function failureOf({ schemas }: Specification, service: JudgedService): Answer {
    const id = schemas.announce(`contract://failure/${service}`, failures[service], factFile, "answer");
    return { schemaId: id, headers: [] };
}

function compile(
    template: string,
    parameters: SwaggerParameter[],
    flags: string,
): Pick<Operation, "path" | "pathParameters"> {
    const names = [...template.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
    const expression = template
        .split(/\{[^}]+\}/)
        .map((literal) => literal.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
        .join("([^/]+?)");
    return {
        path: new RegExp(`^${expression}$`, flags),
        pathParameters: names.map(
            (name) => parameters.find((item) => item.in === "path" && item.name === name) ?? { name },
        ),
    };
}
