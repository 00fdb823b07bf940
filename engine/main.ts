import { pulumiEnvironment } from "./environment";
import { ensureEngine } from "./ensure";

/**
 * `npm run engine` fetches or builds the engine. `npm run --silent env` prints, after that, the lines with which a shell
 * works on the `dev` stack: `eval "$(npm run --silent env)"`.
 */
async function main(): Promise<void> {
    await ensureEngine();
    if (process.argv.includes("--print-environment")) {
        for (const [name, value] of Object.entries(pulumiEnvironment())) {
            process.stdout.write(
                value === "" ? `unset ${name}\n` : `export ${name}='${value.replace(/'/g, `'\\''`)}'\n`,
            );
        }
    }
}

main().catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
});
