/** The services that are judged. */
export type JudgedService = "powerBi" | "fabric" | "databricks" | "entra";

/** A JSON schema, or what Swagger 2 makes of one. */
export type Schema = Record<string, unknown>;

/** Requests are held to other rules than answers: who sends has to know, who reads has to bear what is new. */
export type Side = "request" | "answer";

/** A parameter in the path or the query. */
export interface Parameter {
    name: string;
    required?: boolean;
    type?: string;
    format?: string;
    enum?: string[];
    minimum?: number;
    maximum?: number;
}

/** A body as a contract or a fact describes it. */
export interface Body {
    /** The id of a compiled schema; without one every body will do. */
    schemaId?: string;
    required: boolean;
    /** Which media types carry it. */
    type: "json" | "form";
}

/** What may come back with a status. */
export interface Answer {
    /** The id of a compiled schema. */
    schemaId?: string;
    /** Whether a body may come although no schema describes it. */
    anyBody?: boolean;
    headers: { name: string; type?: string; format?: string; required: boolean }[];
}

/** One operation of a service, from a published contract or from the list of facts. */
export interface Operation {
    /** Method and path, as the contract writes it. */
    name: string;
    service: JudgedService;
    /** Facts are those that somebody wrote down by hand because no contract is at hand. */
    source: "contract" | "facts";
    method: string;
    path: RegExp;
    /** The names of the path's parameters, in the order of the expression's groups. */
    pathParameters: Parameter[];
    query: Parameter[];
    /** Whether query parameters that nobody named may come. */
    anyQuery?: boolean;
    body?: Body;
    answers: Map<number, Answer>;
    /** The answer with any status from 400 on that is not listed. */
    failure?: Answer;
}
