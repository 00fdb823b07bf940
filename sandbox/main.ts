import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { parse } from "yaml";
import { devWorldFile, startSandbox } from "./index";

const devStackFile = path.join(__dirname, "..", "Pulumi.dev.yaml");

/**
 * `npm run --silent sandbox [-- --world FILE --port N]`: prints a line of JSON with the services' addresses once they
 * listen, and runs until a signal. Without arguments it is where Pulumi.dev.yaml expects it, with the world of that stack.
 */
async function main(): Promise<void> {
    const { values } = parseArgs({ options: { world: { type: "string" }, port: { type: "string" } } });
    const port = values.port === undefined ? portOfDevStack() : Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65530) {
        throw new Error(`--port ${values.port} cannot be used; give 0 or a port up to 65530`);
    }
    const world = values.world ?? devWorldFile;
    const sandbox = await startSandbox({ world, port });
    process.stdout.write(`${JSON.stringify(sandbox.urls)}\n`);
    await new Promise<void>((resolve) => process.once("SIGINT", resolve).once("SIGTERM", resolve));
    await sandbox.close();
}

function portOfDevStack(): number {
    if (!existsSync(devStackFile)) {
        return 0;
    }
    const { config } = parse(readFileSync(devStackFile, "utf8"));
    return Number(new URL(config["databricks:host"]).port);
}

main().catch((error: NodeJS.ErrnoException) => {
    const inUse = error.code === "EADDRINUSE" ? "A port is in use. Is another sandbox running? Try --port 0. " : "";
    process.stderr.write(`${inUse}${error.message}\n`);
    process.exitCode = 1;
});
