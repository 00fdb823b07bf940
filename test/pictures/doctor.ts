import * as fs from "node:fs";
import * as path from "node:path";
import { projectRoot } from "../../engine/home";
import { runCommand } from "../engine/run-command";
import { Scene, setScene } from "../engine/support";

/**
 * docs/images/doctor.txt: what the doctor says of the estate when several things are broken at once. `npm run screenshots`
 * makes it.
 */
async function main(): Promise<void> {
    const scene = await setScene({ name: "estate", base: "estate" });
    try {
        const { control, stack } = scene;
        await control.edit((world) => {
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
        fs.writeFileSync(file, withoutAccidents(text, scene));
        process.stdout.write(`${file}\n`);
    } finally {
        await scene.close();
    }
}

/** Without what differs from machine to machine and from run to run; the sandbox's ports are those of `npm run sandbox`. */
function withoutAccidents(text: string, { sandbox, stack }: Scene): string {
    const { databricks, entra, powerBi, fabric, control, databricks2 } = sandbox.urls;
    return [databricks, entra, powerBi, fabric, control, databricks2]
        .reduce((said, url, position) => said.replaceAll(new URL(url).host, `127.0.0.1:${18080 + position}`), text)
        .replaceAll(`file://${stack.folder}/state`, "file:///home/ana/state")
        .replace(/(?<=Backend: )\S+/, "ana")
        .replace(/request id [0-9a-f-]+/g, "request id 1f090cd1-d73e-4e98-abec-cd59f9598548");
}

main().catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
});
