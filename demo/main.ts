import { ensureEngine } from "../engine/ensure";
import { pulumiEnvironment } from "../engine/environment";
import { Stack } from "../engine/stack";
import { startSandbox } from "../sandbox";
import { ControlClient } from "../sandbox/control-client";
import { Narrator } from "./narrator";
import { datasetsOf } from "./readers";
import { Story } from "./story";

/**
 * `npm run demo`: the life of a credential on the sandbox. Exits 1 when a step is not as told. With `--keep`, the sandbox
 * and the stack stay for exploring until Ctrl-C.
 */
async function main(): Promise<void> {
    const keep = process.argv.includes("--keep");
    await ensureEngine();
    const sandbox = await startSandbox({ port: 0 });
    const { databricks, control: controlAddress, entra, powerBi, fabric } = sandbox.urls;
    const endpoints = { entra, powerBi, fabric };
    const stack = await Stack.create({
        name: "demo",
        config: { "databricks:host": databricks, "powerbi-databricks-credentials:endpoints": endpoints },
    });
    try {
        const control = new ControlClient(controlAddress);
        const narrator = new Narrator();
        await new Story(narrator, databricks, control, stack, await datasetsOf(control)).tell(keep);
        process.exitCode = narrator.close() === 0 ? 0 : 1;
        if (keep) {
            await explore(narrator, stack, controlAddress);
        }
    } finally {
        await sandbox.close();
        stack.remove();
    }
}

async function explore(narrator: Narrator, stack: Stack, controlAddress: string): Promise<void> {
    const environment = Object.entries(pulumiEnvironment(`${stack.folder}/state`)).filter(([name]) => name !== "PATH");
    narrator.say("\nThe sandbox goes on until Ctrl-C. To explore, in another terminal:\n");
    narrator.say(`  cd ${stack.folder}`);
    narrator.say(`  export PATH="${stack.folder}/program/node_modules/.bin:$PATH"`);
    for (const [name, value] of environment.filter(([, text]) => text !== "")) {
        narrator.say(`  export ${name}='${value}'`);
    }
    narrator.say("  pulumi preview --stack demo");
    narrator.say(`  curl ${controlAddress}/requests      # what the services were asked; /world: what they hold\n`);
    await new Promise<void>((resolve) => process.once("SIGINT", resolve).once("SIGTERM", resolve));
}

main().catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
});
