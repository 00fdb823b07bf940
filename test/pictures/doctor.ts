import * as fs from "node:fs";
import * as path from "node:path";
import { ensureEngine } from "../../engine/ensure";
import { projectRoot } from "../../engine/home";
import { Stack } from "../../engine/stack";
import { estateWorldFile, startSandbox } from "../../sandbox";
import { ControlClient } from "../../sandbox/control-client";
import { runCommand } from "../engine/run-command";

/**
 * docs/images/doctor.txt: what the doctor says of the estate when several things are broken at once. `npm run screenshots`
 * makes it, with the sandbox's ports (18080 to 18085) free.
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
        const { exitCode, stdout, stderr } = await runCommand(stack, "doctor", "--stack", stack.name);
        if (exitCode !== 1) {
            throw new Error(`the doctor exited ${exitCode}, not 1:\n${stdout}${stderr}`);
        }
        const text = `$ npm run --silent doctor -- --stack ${stack.name}\n${stdout}`;
        const file = path.join(projectRoot, "docs", "images", "doctor.txt");
        fs.writeFileSync(file, withoutAccidents(text, stack.folder));
        process.stdout.write(`${file}\n`);
    } finally {
        await sandbox.close();
        stack.remove();
    }
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
