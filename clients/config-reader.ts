import { z } from "zod";
import { Diagnostic, problem } from "../diagnostics/diagnostic";
import { toText } from "../diagnostics/render";
import { oneLine } from "./redaction";
import { UserError } from "./user-error";

/** Reads one configuration value by its key, `host` of namespace `databricks` as `databricks:host`. */
export type ConfigReader = (key: string) => string | undefined;

/** A mistake in the configuration: where, what was given, what is accepted, what to do. */
export class ConfigurationError extends UserError {
    constructor(readonly problems: Diagnostic[]) {
        const texts = problems.map(toText);
        super(texts.length === 1 ? texts[0] : texts.map((text) => `- ${text}`).join("\n"));
        this.name = "ConfigurationError";
    }
}

/** Collects all mistakes of a configuration, so that they are reported at once. */
export class Problems {
    readonly list: Diagnostic[] = [];

    /** Adds problems. */
    add(...problems: Diagnostic[]): void {
        this.list.push(...problems);
    }

    /** Validates a value; what is wrong is added, and undefined comes back. */
    parse<T>(key: string, schema: z.ZodType<T>, value: unknown): T | undefined {
        const result = schema.safeParse(value);
        this.add(...(result.success ? [] : describeIssues(key, result.error)));
        return result.data;
    }

    /** Parses a structured configuration value. */
    structure(key: string, read: ConfigReader): unknown {
        const text = read(key);
        if (text === undefined) {
            return undefined;
        }
        try {
            return JSON.parse(text, refusePrototype);
        } catch (error) {
            this.add(
                error instanceof PrototypeError
                    ? invalid(key, '"__proto__" cannot be a key in it', "choose another name")
                    : invalid(key, "expected a structure (YAML map or list), not a plain text"),
            );
            return undefined;
        }
    }

    /** Parses a structured value that may be left out; Pulumi.yaml's default for one is the empty map. */
    optionalStructure(key: string, read: ConfigReader): unknown {
        const value = this.structure(key, read);
        const isEmpty = typeof value === "object" && value !== null && Object.keys(value).length === 0;
        return isEmpty ? undefined : value;
    }

    /** @throws ConfigurationError when there are any. */
    demandNone(): void {
        if (this.list.length > 0) {
            throw new ConfigurationError(this.list);
        }
    }
}

/** Says that a value of the configuration cannot be used. */
export function invalid(where: string, reason: string, remedy = "correct the value"): Diagnostic {
    return problem("invalid-value", { where }, reason, remedy);
}

/** Says of each zod issue where it is and what to do, in the words of the configuration. */
function describeIssues(root: string, error: z.ZodError): Diagnostic[] {
    return error.issues.flatMap((issue) => {
        const where = issue.path.reduce<string>(
            (path, step) => (typeof step === "number" ? `${path}[${step}]` : path + showStep(step)),
            root,
        );
        if (issue.code === "unrecognized_keys") {
            return issue.keys.map((key) =>
                problem("unknown-key", { where: where + showStep(key) }, "unknown key", seeTable),
            );
        }
        return invalid(where, issue.message);
    });
}

const seeTable = "see the README's table for the keys there are";

/** A key in a path, quoted where it is not as keys are. */
function showStep(step: PropertyKey): string {
    const key = String(step);
    return /^[\w-]+$/.test(key) ? `.${key}` : `[${oneLine(JSON.stringify(key))}]`;
}

class PrototypeError extends Error {}

/** A key of this name would be lost on the way: to JavaScript it is no property like others. */
function refusePrototype(key: string, value: unknown): unknown {
    if (key === "__proto__") {
        throw new PrototypeError();
    }
    return value;
}
