import { ensureEngine } from "../engine/ensure";
import { pulumiEnvironment } from "../engine/environment";
import { Stack } from "../engine/stack";
import { estateWorldFile, startSandbox } from "../sandbox";
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
    const sandbox = await startSandbox({ world: estateWorldFile });
    const { databricks, databricks2, control: controlAddress, entra, powerBi, fabric } = sandbox.urls;
    const stack = await Stack.create({ name: "demo", base: "estate", config: { "databricks:host": databricks } });
    stack.configure({
        "powerbi-databricks-credentials:endpoints": { entra, powerBi, fabric },
        "powerbi-databricks-credentials:databricksWorkspaces": secondWorkspace(stack, databricks2),
    });
    try {
        const control = new ControlClient(controlAddress);
        const narrator = new Narrator();
        await new Story(narrator, [databricks, databricks2], control, stack, await datasetsOf(control)).tell(keep);
        process.exitCode = narrator.close() === 0 ? 0 : 1;
        if (keep) {
            await explore(narrator, stack, controlAddress);
        }
    } finally {
        await sandbox.close();
        stack.remove();
    }
}

function secondWorkspace(stack: Stack, host: string): object {
    const { ops } = stack.config()["powerbi-databricks-credentials:databricksWorkspaces"] as { ops: object };
    return { ops: { ...ops, host } };
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
