import { AnswerFacts, SandboxOptions } from "../../sandbox";

/** Answers of one kind: those to one method on paths that differ in names and ids only. */
export interface AnswerType {
    /** Like `powerBi GET /v1.0/myorg/groups/{}/datasets`. */
    name: string;
    /** The services that gave some; two of them where there are two Databricks workspaces. */
    services: string[];
    method: string;
    /** A regular expression over path and query. */
    path: string;
    /** The fields that were seen, as paths in which `*` stands for the elements of a list. */
    fields: Map<string, Field>;
    /** The name of the list that the answer is about, `value` for instance; absent in one that is no list. */
    list?: string;
}

/** A field of an answer. */
export interface Field {
    /** Whether some list on the way to it had more than one element. */
    isOneOfSeveral: boolean;
}

const ids = /^([0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{16}|\d+)$/i;
/** What follows is a name that somebody chose. */
const named = /^(catalog|schema|table)$/;

/** Collects the JSON answers of a sandbox. */
export class AnswerRecorder {
    private readonly types = new Map<string, AnswerType>();
    private isOn = true;

    /** For `startSandbox`. */
    readonly onAnswer: NonNullable<SandboxOptions["onAnswer"]> = (facts, body) => this.note(facts, body);

    /** What was given, and ends the collection: from then on answers are not the genuine ones. */
    end(): AnswerType[] {
        this.isOn = false;
        return [...this.types.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
    }

    /** Forgets what was given. */
    restart(): void {
        this.types.clear();
        this.isOn = true;
    }

    private note({ service, method, path, status }: AnswerFacts, body: unknown): void {
        if (!this.isOn || status >= 400 || typeof body !== "string" || body === "") {
            return;
        }
        const steps = templateOf(path);
        const name = `${service.replace(/2$/, "")} ${method} ${steps.join("/")}`;
        const escaped = steps.map((step) => (step === "{}" ? "[^/?]+" : step.replaceAll(".", "\\.")));
        const type: AnswerType = this.types.get(name) ?? {
            name,
            services: [],
            method,
            path: `^${escaped.join("/")}(\\?|$)`,
            fields: new Map(),
        };
        type.services = [...new Set([...type.services, service])];
        const answer: unknown = JSON.parse(body);
        type.list ??= listOf(answer);
        addFields(type.fields, answer);
        this.types.set(name, type);
    }
}

function templateOf(path: string): string[] {
    const steps = path.split("?")[0].split("/");
    return steps.map((step, index) => (ids.test(step) || named.test(steps[index - 1] ?? "") ? "{}" : step));
}

function listOf(answer: unknown): string | undefined {
    const isList = ([name, value]: [string, unknown]) => Array.isArray(value) && name !== "schemas";
    return Object.entries(answer as object).find(isList)?.[0];
}

function addFields(fields: Map<string, Field>, value: unknown, path = "", isOneOfSeveral = false): void {
    if (Array.isArray(value)) {
        value.forEach((item) => addFields(fields, item, `${path}/*`, isOneOfSeveral || value.length > 1));
    } else if (typeof value === "object" && value !== null) {
        for (const [name, inner] of Object.entries(value)) {
            const place = `${path}/${name}`;
            const known = fields.get(place)?.isOneOfSeveral ?? false;
            fields.set(place, { isOneOfSeveral: known || isOneOfSeveral });
            addFields(fields, inner, place, isOneOfSeveral);
        }
    }
}
