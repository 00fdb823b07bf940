import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { oneLine } from "../clients/redaction";
import { Diagnostic, drift, notice, Subject } from "../diagnostics/diagnostic";
import { record } from "../diagnostics/record";
import { toText } from "../diagnostics/render";
import { Services } from "../clients/services";
import { defectOf, UserError } from "../clients/user-error";

/** An input that every resource has: the drift that the user accepts, which is none. `read` fills in what it finds. */
export interface Driftable {
    /** What was found to differ from what was declared, in words. */
    drift: string[];
}

/** A reason why an input cannot be used. */
export interface Failure {
    property: string;
    reason: string;
}

/** What differs from what was declared. */
export interface Drift {
    subject: Subject;
    /** What is so. */
    reason: string;
}

/** What a read found: the resource's outputs as they are now, or that the resource is gone. */
export type Reading<Outputs> = "gone" | { outputs: Outputs; drift: Drift[] };

/**
 * A change that failed when something may have been written already. The resource is kept in the state as it was to be,
 * so that a later run, whatever it wants, does not take the former state for the present one.
 *
 * @typeParam Outputs what is stored beside the inputs; it says that the change is not finished.
 */
export class UnfinishedChange<Outputs extends object> extends UserError {
    /** @param cause what it failed with; a defect keeps its stack. */
    constructor(
        message: string,
        readonly id: string,
        readonly outputs: Outputs,
        cause?: unknown,
    ) {
        super(message, { cause });
    }
}

/**
 * One resource type. The rules that all share are here: unknown values, drift, and errors that say what went wrong
 * without a stack that the user cannot use.
 *
 * @typeParam Inputs what the program declares.
 * @typeParam Outputs what is stored beside the inputs.
 */
export abstract class Provider<Inputs extends Driftable, Outputs extends object> {
    /** The resource type as the user reads it, e.g. `datasource credential`. */
    protected abstract readonly title: string;
    /** The names of the inputs. */
    protected abstract readonly inputNames: readonly (keyof Inputs & string)[];
    /** The inputs whose change makes a new resource. */
    protected abstract readonly replaceOn: readonly (keyof Inputs & string)[];
    /** The inputs whose change updates the resource in place; all others are for reading only. */
    protected abstract readonly updateOn: readonly (keyof Inputs & string)[];

    private configuration?: pulumi.dynamic.Config;
    private services?: Services;

    /** Assigns and never awaits: the SDK runs parallel reads and deletes without waiting for it. */
    configure(request: pulumi.dynamic.ConfigureRequest): void {
        this.configuration = request.config;
        this.services = sharedServices(request.config);
    }

    /** Validates the inputs; unknown ones are not looked at. */
    async check(olds: Inputs | undefined, news: Inputs): Promise<pulumi.dynamic.CheckResult> {
        const isNew = !olds || Object.keys(olds).length === 0;
        if (hasUnknown(news)) {
            return { inputs: news, failures: [] };
        }
        return { inputs: news, failures: await this.run(() => this.validate(news, isNew ? undefined : olds)) };
    }

    /** Judges the declared inputs and what `read` observed. */
    async diff(_id: string, olds: Inputs & Outputs, news: Inputs): Promise<pulumi.dynamic.DiffResult> {
        const differs = (name: keyof Inputs & string) => hasUnknown(news[name]) || !same(olds[name], news[name]);
        const replaces = this.replaceOn.filter(differs);
        const drifted = (olds.drift ?? []).length > 0;
        return { changes: replaces.length > 0 || this.updateOn.some(differs) || drifted, replaces };
    }

    /** Makes the resource, or adopts it: it is an upsert. */
    async create(inputs: Inputs): Promise<pulumi.dynamic.CreateResult> {
        const { id, outputs } = await this.run(() => this.make(inputs), inputs);
        return { id, outs: strip({ ...this.only(inputs), ...outputs, drift: [] }) };
    }

    /** Observes the resource; what differs is stored as drift and said on the screen. */
    async read(id: string, props: Inputs & Outputs): Promise<pulumi.dynamic.ReadResult> {
        const observed = await this.run(() => this.observe(props));
        if (observed === "gone") {
            announce({ subject: this.subjectOf(props), reason: `the ${this.title} ${id} is gone` });
            return { id: "", props: {} };
        }
        observed.drift.forEach(announce);
        const drift = observed.drift.map(({ reason }) => reason);
        const inputs = strip({ ...this.only(props), drift });
        return { id, inputs, props: strip({ ...props, ...observed.outputs, drift }) };
    }

    /** Brings the resource to what is declared. */
    async update(_id: string, olds: Inputs & Outputs, news: Inputs): Promise<pulumi.dynamic.UpdateResult> {
        const outputs = await this.run(() => this.change(olds, news), news);
        return { outs: strip({ ...this.only(news), ...outputs, drift: [] }) };
    }

    /**
     * Leaves the services as they are. The engine deletes a replaced resource after its successor is made, and both are
     * the same thing out there: a credential, a permission, an owner that is in use.
     */
    async delete(_id: string, _props: Inputs & Outputs): Promise<void> {}

    /**
     * Says what is wrong with the inputs. Called in previews too, so a new resource is the moment to look around.
     *
     * @param olds the inputs of the last run; undefined for a new resource.
     */
    protected async validate(_inputs: Inputs, _olds?: Inputs): Promise<Failure[]> {
        return [];
    }

    /** What a resource is about, by the ids that the services know. */
    protected abstract subjectOf(inputs: Inputs): Subject;

    /** Something of a resource that differs from what was declared. */
    protected differs(inputs: Inputs, reason: string): Drift {
        return { subject: this.subjectOf(inputs), reason };
    }

    protected abstract make(inputs: Inputs): Promise<{ id: string; outputs: Outputs }>;
    protected abstract observe(props: Inputs & Outputs): Promise<Reading<Outputs>>;
    protected abstract change(olds: Inputs & Outputs, news: Inputs): Promise<Outputs>;

    /** The clients of this run. */
    protected get clients(): Services {
        if (!this.services) {
            throw new Error("the engine called a provider that it did not configure");
        }
        return this.services;
    }

    /** A value of the stack's configuration. */
    protected config(key: string): string | undefined {
        return this.configuration?.get(key);
    }

    private only(values: Inputs): Inputs {
        return Object.fromEntries(this.inputNames.map((name) => [name, values[name]])) as unknown as Inputs;
    }

    /**
     * Runs something of a resource. An error that was made for the user keeps its words and loses a stack that they cannot
     * use; a defect keeps its stack, which is all that tells where it is.
     */
    protected async run<T>(work: () => Promise<T>, inputs?: Inputs): Promise<T> {
        try {
            return await work();
        } catch (error) {
            const defect = defectOf(error);
            if (defect !== undefined && !(error instanceof UnfinishedChange)) {
                throw error;
            }
            const { message } = error as Error;
            const plain = new Error(message);
            plain.stack = defect instanceof Error ? defect.stack : "";
            if (defect !== undefined) {
                // The SDK shows no stack of a resource that is there and not as it should be.
                process.stderr.write(`${plain.stack}\n`);
            }
            if (error instanceof UnfinishedChange && inputs) {
                // The form in which the SDK passes on a resource that is there and not as it should be. The stub it adds
                // to good results only, and without it the resource could never be read again.
                const { __provider } = inputs as Inputs & { __provider?: string };
                const properties = strip({ ...this.only(inputs), ...error.outputs, drift: [], __provider });
                throw Object.assign(plain, { id: error.id, properties, reasons: [message] });
            }
            throw plain;
        }
    }
}

/** Says that something could not be looked at, so that nobody knows whether it differs. */
export function notLookedAt(subject: Subject, what: string, cause: string): Diagnostic {
    return notice("not-looked-at", subject, `${what} was not looked at: ${cause}`, "run again later");
}

/** Says what differs. */
export function announce({ subject, reason }: Drift): void {
    say(drift(subject, reason));
}

/** Says something on the user's screen, and as data to the command that runs this. */
export function say(diagnostic: Diagnostic): void {
    record(diagnostic);
    report(`${diagnostic.severity}: ${toText(diagnostic)}`);
}

/** Tells on the user's screen how something goes that takes long: the engine shows what a provider writes to its standard error. */
export function report(words: string): void {
    process.stderr.write(`${oneLine(words)}\n`);
}

/** Whether a value, or anything in it, is not known yet: in previews the engine passes a sentinel text for it. */
export function hasUnknown(value: unknown): boolean {
    if (typeof value === "object" && value !== null) {
        return Object.values(value).some(hasUnknown);
    }
    return value === pulumi.runtime.unknownValue;
}

function same(one: unknown, other: unknown): boolean {
    return isDeepStrictEqual(strip({ value: one }), strip({ value: other }));
}

/** Without undefined members, which the engine's wire format does not know. */
function strip<T>(value: T): T {
    return JSON.parse(JSON.stringify(value));
}

let shared: { config: string; services: Services } | undefined;

/** All providers of a run share clients, and with them tokens, rate limits and lists that were read already. */
function sharedServices(config: pulumi.dynamic.Config): Services {
    const fingerprint = JSON.stringify(config);
    if (shared?.config !== fingerprint) {
        shared = { config: fingerprint, services: new Services((key) => config.get(key)) };
    }
    return shared.services;
}
