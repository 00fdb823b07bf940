import { parseArgs } from "node:util";
import { engineEnvironment, pulumiEnvironment } from "./environment";
import { ensureEngine } from "./ensure";
import { printed } from "../clients/user-error";

/**
 * `npm run engine` fetches or builds the engine. `npm run --silent env` prints, after that, the lines with which a shell
 * works on the `dev` stack: `eval "$(npm run --silent env)"`; with `--engine` only those with which it finds the engine.
 */
async function main(): Promise<void> {
    const options = readOptions();
    await ensureEngine();
    if (options["print-environment"]) {
        process.stdout.write(shellLines(options.engine ? engineEnvironment() : pulumiEnvironment()));
    }
}

function readOptions() {
    try {
        return parseArgs({ options: { "print-environment": { type: "boolean" }, engine: { type: "boolean" } } }).values;
    } catch (error) {
        // A misspelt --engine that went unnoticed would point the shell to the sandbox.
        throw new Error(`${(error as Error).message.split(". ")[0]}. Usage: npm run --silent env [-- --engine]`);
    }
}

function shellLines(environment: Record<string, string>): string {
    const quoted = (value: string) => `'${value.replace(/'/g, `'\\''`)}'`;
    return Object.entries(environment)
        .map(([name, value]) => (value === "" ? `unset ${name}\n` : `export ${name}=${quoted(value)}\n`))
        .join("");
}

main().catch((error: Error) => {
    process.stderr.write(`${printed(error)}\n`);
    process.exitCode = 1;
});
