import { parseArgs, ParseArgsConfig } from "node:util";

/** A mistake in the arguments, or a step that cannot be taken: what went wrong and what to do. */
export class PipelineError extends Error {}

/** The options of a command beside `--stack`: their names and whether they take a value. */
type OptionTypes = NonNullable<ParseArgsConfig["options"]>;

/** What was given for the options. */
type Given<Options extends OptionTypes> = {
    [Name in keyof Options]?: Options[Name]["type"] extends "boolean" ? boolean : string;
};

/**
 * Reads a command's arguments.
 *
 * @param usage how the command is called, for the error.
 * @throws PipelineError for an unknown option, or one without its value.
 */
export function readArguments<Options extends OptionTypes>(
    usage: string,
    options: Options,
    given = process.argv.slice(2),
): Given<Options> {
    try {
        return parseArgs({ args: given, options, allowPositionals: false }).values as Given<Options>;
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

/** Runs a command and ends the process with its exit code; 1 and the words of the error when it throws. */
export function main(command: () => Promise<number>): void {
    command().then(
        (exitCode) => {
            process.exitCode = exitCode;
        },
        (error: Error) => {
            process.stderr.write(`error: ${error.message}\n`);
            process.exitCode = 1;
        },
    );
}
