import { parseArgs } from "node:util";
import { describeManual, Manual } from "./manual";
import { printed, UserError } from "../clients/user-error";

/** A mistake in the arguments, or a step that cannot be taken: what went wrong and what to do. */
export class PipelineError extends UserError {}

/** What was given for the options. */
type Given<Options extends Manual["options"]> = {
    [Name in keyof Options]?: Options[Name]["type"] extends "boolean" ? boolean : string;
};

/**
 * Reads a command's arguments.
 *
 * @returns what was given, or `help` where that was asked for.
 * @throws PipelineError for an unknown option, or one without its value.
 */
function readArguments<Command extends Manual>({ usage, options }: Command): Given<Command["options"]> | "help" {
    try {
        const { values } = parseArgs({ options: { ...options, help: { type: "boolean", short: "h" } } });
        return values.help ? "help" : (values as Given<Command["options"]>);
    } catch (error) {
        throw new PipelineError(`${(error as Error).message.split(". ")[0]}. Usage: ${usage}`);
    }
}

/**
 * The value of an option that has to be there.
 *
 * @throws PipelineError
 */
export function demand(value: string | undefined, option: string, usage: string): string {
    if (value === undefined || value === "") {
        throw new PipelineError(`${option} is missing. Usage: ${usage}`);
    }
    return value;
}

/**
 * Runs a command with what was given for its options, or prints its help where that is asked for. Ends the process with
 * the command's exit code; 1 and the words of the error when it throws.
 */
export function main<Command extends Manual>(
    manual: Command,
    command: (given: Given<Command["options"]>) => Promise<number>,
): void {
    answer(manual, command).then(
        (exitCode) => {
            process.exitCode = exitCode;
        },
        (error: Error) => {
            process.stderr.write(`error: ${printed(error)}\n`);
            process.exitCode = 1;
        },
    );
}

async function answer<Command extends Manual>(
    manual: Command,
    command: (given: Given<Command["options"]>) => Promise<number>,
): Promise<number> {
    const given = readArguments(manual);
    if (given !== "help") {
        return command(given);
    }
    process.stdout.write(describeManual(manual));
    return 0;
}
