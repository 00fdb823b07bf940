import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import { Browser, Page } from "playwright-core";
import { computeReport, Facts } from "../../commands/status/compute";
import { renderHtml } from "../../commands/status/html";
import { hostileFacts, troubledFacts } from "../status-facts";
import { screen, startBrowser, widths } from "./support";

describe("the page of status in a browser", function () {
    this.timeout(120_000);

    let browser: Browser;
    let folder: string;
    let requests: string[];
    let complaints: string[];

    before(async () => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "status-page-"));
        browser = await startBrowser();
    });
    after(async () => {
        await browser?.close();
        fs.rmSync(folder, { recursive: true, force: true });
    });

    /** Opens the page from a file, as a mail's attachment or a pipeline's artefact is. */
    const open = async (facts: Facts, ...look: Parameters<typeof screen>): Promise<Page> => {
        const file = path.join(folder, "status.html");
        fs.writeFileSync(file, renderHtml(computeReport(facts)));
        const page = await browser.newPage(screen(...look));
        [requests, complaints] = [[], []];
        page.on("request", (request) => requests.push(request.url()));
        page.on("console", (message) => complaints.push(message.text()));
        page.on("pageerror", (error) => complaints.push(error.message));
        await page.goto(pathToFileURL(file).href);
        return page;
    };

    for (const width of widths) {
        it(`asks for nothing else, complains of nothing and fits into ${width} pixels`, async () => {
            const page = await open(troubledFacts(), width);
            assert.deepEqual(
                requests.filter((address) => !address.startsWith("data:")).map((address) => path.basename(address)),
                ["status.html"],
            );
            assert.deepEqual(complaints, []);
            assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width);
            assert.ok(await page.getByText("its type is OAuth2").first().isVisible());
            await page.close();
        });
    }

    it("shows names that are HTML as text, and runs none of them", async () => {
        const name = `<script>window.ran = 1</script><img src="x" onerror="window.ran = 2">`;
        const page = await open(hostileFacts(name), widths[0]);
        await page.locator("details").evaluateAll((all) => all.forEach((item) => item.setAttribute("open", "")));
        assert.equal(await page.evaluate(() => "ran" in window), false);
        assert.ok(await page.getByText(name).first().isVisible());
        assert.equal(await page.locator("img").count(), 0);
        await page.close();
    });

    it("runs no script that gets into it all the same: its policy allows its own only", async () => {
        const page = await open(troubledFacts(), widths[0]);
        await page.evaluate(() => {
            const script = document.createElement("script");
            script.textContent = "window.ran = 1";
            document.body.append(script);
        });
        assert.equal(await page.evaluate(() => "ran" in window), false);
        assert.match(complaints.join(), /Content Security Policy/);
        await page.close();
    });

    it("filters by what one types, and by what is to be looked at", async () => {
        const page = await open(troubledFacts(), widths[0]);
        const rows = page.locator(".datasources tbody:visible");
        const shown = page.locator("#shown");
        assert.equal(await shown.textContent(), "2 datasources");
        await page.getByLabel("Filter").fill("hq stock");
        assert.equal(await rows.count(), 1);
        assert.equal(await shown.textContent(), "1 of 2 datasources");
        await page.getByLabel("Filter").fill("nothing has this name");
        assert.equal(await page.locator("article:visible").count(), 0);
        await page.getByLabel("Filter").fill("s9");
        assert.equal(await rows.count(), 2, "a secret's id finds its credential");
        await page.close();

        const facts = troubledFacts();
        const calm = { ...facts, preview: { ...facts.preview, drift: facts.preview.drift.slice(0, 1) } };
        const other = await open(calm, widths[0]);
        await other.getByLabel("only what is to be looked at").check();
        assert.equal(await other.locator("#shown").textContent(), "1 of 2 datasources");
        await other.close();
    });

    it("draws the generations where they are in time", async () => {
        const page = await open(troubledFacts(), widths[1]);
        const box = async (selector: string) => (await page.locator(selector).boundingBox())!;
        const now = (await box("line.now")).x;
        const current = await box("g.near .life");
        assert.ok(current.x < now && now < current.x + current.width, "the current one has begun and has not ended");
        const retained = await box("g.retained .life");
        assert.ok(retained.x < current.x, "the retained one was made before it");
        const over = await box("g.retained .over");
        assert.ok(Math.abs(over.x + over.width - now) < 1, "what is over ends now");
        await page.close();
    });

    it("is read by a screen reader: tables with names and heads, a picture with words, fields with labels", async () => {
        for (const width of widths) {
            const page = await open(troubledFacts(), width);
            assert.equal(await page.getByRole("table", { name: "Secrets" }).count(), 1);
            const datasources = page.getByRole("table", { name: "Datasources" });
            assert.equal(await datasources.getByRole("columnheader").count(), 7);
            assert.equal(await datasources.getByRole("cell", { name: "on-premises" }).count(), 1);
            assert.equal(await page.getByRole("img", { name: /^Secrets from their making to their end/ }).count(), 1);
            assert.equal(await page.getByRole("searchbox", { name: "Filter" }).count(), 1);
            assert.equal(await page.getByRole("heading", { level: 1 }).count(), 1);
            await page.close();
        }
    });

    it("is light or dark as the reader's screen is, and light on paper, without the filter and with everything open", async () => {
        const background = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        const light = await open(troubledFacts(), widths[0], "light");
        const dark = await open(troubledFacts(), widths[0], "dark");
        assert.notEqual(await background(light), await background(dark));
        await dark.emulateMedia({ media: "print" });
        await dark.evaluate(() => dispatchEvent(new Event("beforeprint")));
        assert.equal(await background(dark), "rgb(255, 255, 255)");
        assert.equal(await dark.locator("form.filter").isVisible(), false);
        assert.ok(await dark.getByText("Orders").first().isVisible());
        const paper = await dark.pdf();
        assert.equal(paper.subarray(0, 5).toString(), "%PDF-");
        await Promise.all([light.close(), dark.close()]);
    });
});

describe("a machine without a browser", () => {
    it("is told how to install one", async () => {
        const before = process.env.CHROMIUM_PATH;
        process.env.CHROMIUM_PATH = "/nowhere/chromium";
        try {
            await assert.rejects(
                startBrowser(),
                /no browser at \/nowhere\/chromium .*apt-get install chromium.*CHROMIUM_PATH/,
            );
        } finally {
            if (before === undefined) {
                delete process.env.CHROMIUM_PATH;
            } else {
                process.env.CHROMIUM_PATH = before;
            }
        }
    });
});
