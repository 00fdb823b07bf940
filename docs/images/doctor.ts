import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { ensureEngine } from "../../engine/ensure";
import { pulumiEnvironment } from "../../engine/environment";
import { projectRoot } from "../../engine/home";
import { Stack } from "../../engine/stack";
import { estateWorldFile, startSandbox } from "../../sandbox";
import { ControlClient } from "../../sandbox/control-client";

/**
 * Makes doctor.txt: what the doctor says of the estate when several things are broken at once.
 * `node -r ts-node/register/transpile-only docs/images/doctor.ts`, with the sandbox's ports (18080 to 18085) free.
 */
async function main(): Promise<void> {
    await ensureEngine();
    const sandbox = await startSandbox({ world: estateWorldFile, port: 18080 });
    const stack = await Stack.create({ name: "estate", base: "estate", config: {} });
    try {
        await new ControlClient(sandbox.urls.control).edit((world) => {
            const [hq] = world.powerBi.gateways;
            const [sales] = world.powerBi.workspaces;
            world.databricks.warehouses[0].name = "Sales (old)";
            world.databricks.scopes.push({ name: "powerbi", entries: [], acls: [] });
            world.powerBi.adminApisAllowed = [];
            hq.admins = [];
            sales.datasets = sales.datasets.filter(({ name }: { name: string }) => name !== "Orders");
        });
        const text = `$ npm run --silent doctor -- --stack estate\n${await doctor(stack)}`;
        fs.writeFileSync(path.join(__dirname, "doctor.txt"), withoutAccidents(text, stack.folder));
    } finally {
        await sandbox.close();
        stack.remove();
    }
}

function doctor(stack: Stack): Promise<string> {
    const script = path.join(projectRoot, "commands", "doctor.ts");
    const args = ["-r", "ts-node/register/transpile-only", script, "--stack", stack.name, "--cwd", stack.folder];
    const env = { ...process.env, ...pulumiEnvironment(path.join(stack.folder, "state")), NO_COLOR: "1" };
    return new Promise((resolve, reject) => {
        const command = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "inherit"] });
        let output = "";
        command.stdout.on("data", (chunk: Buffer) => (output += chunk.toString("utf8")));
        command.on("error", reject);
        command.on("close", () => resolve(output));
    });
}

/** What differs from machine to machine and from run to run. */
function withoutAccidents(text: string, folder: string): string {
    return text
        .replaceAll(`file://${folder}/state`, "file:///home/ana/state")
        .replace(/(?<=Backend: )\S+/, "ana")
        .replace(/request id [0-9a-f-]+/g, "request id 1f090cd1-d73e-4e98-abec-cd59f9598548");
}

main().catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
});
