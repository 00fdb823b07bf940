import * as fs from "node:fs";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import { projectRoot } from "../../engine/home";
import { runCommand } from "../engine/run-command";
import { setEstate, trouble } from "../engine/troubled-estate";
import { screen, startBrowser, widths } from "../browser/support";

/** The parts of the page that are shown, by the picture's name: from which place, and how many pixels of it. */
const parts = [
    { name: "status", from: "body", heights: { 1280: 860, 480: 1560 } },
    { name: "status-generations", from: "#generations", heights: { 1280: 1230, 480: 1700 } },
] as const;

/** The pictures of the page of status in docs/images, of a real stack on the sandbox. `npm run screenshots` makes them. */
async function main(): Promise<void> {
    const browser = await startBrowser();
    const scene = await setEstate("estate");
    try {
        await trouble(scene);
        const file = path.join(scene.stack.folder, "status.html");
        const { exitCode, stdout, stderr } = await runCommand(scene.stack, "status", "--html", file);
        if (exitCode !== 7) {
            throw new Error(`status exited ${exitCode}, not 7:\n${stdout}${stderr}`);
        }
        process.stdout.write(stdout);
        const folder = path.join(projectRoot, "docs", "images");
        fs.mkdirSync(folder, { recursive: true });
        for (const width of widths) {
            const page = await browser.newPage(screen(width));
            await page.goto(pathToFileURL(file).href);
            for (const { name, from, heights } of parts) {
                const { y } = (await page.locator(from).boundingBox())!;
                const clip = { x: 0, y: Math.max(0, y - 16), width, height: heights[width] };
                const picture = path.join(folder, `${name}-${width}.png`);
                await page.screenshot({ path: picture, clip, fullPage: true });
                process.stdout.write(`${picture}: ${Math.round(fs.statSync(picture).size / 1024)} KB\n`);
            }
        }
    } finally {
        await scene.close();
        await browser.close();
    }
}

main().catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
});
