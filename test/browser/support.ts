import * as fs from "node:fs";
import { Browser, BrowserContextOptions, chromium } from "playwright-core";

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/**
 * Starts a browser without a window.
 *
 * @throws Error that says how to install one.
 */
export async function startBrowser(): Promise<Browser> {
    const named = process.env.CHROMIUM_PATH;
    const executablePath = named || places.find((place) => fs.existsSync(place));
    if (!executablePath || !fs.existsSync(executablePath)) {
        throw new Error(
            `There is no browser at ${named ? `${named} (CHROMIUM_PATH)` : places.join(", ")}. Install one ` +
                "(Debian and Ubuntu: apt-get install chromium), or set CHROMIUM_PATH to a Chromium or Chrome.",
        );
    }
    return chromium.launch({
        executablePath,
        headless: true,
        args: [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            // Letters with coloured edges make large pictures that differ by machine.
            "--disable-lcd-text",
        ],
    });
}

/** The two widths at which pages are looked at. */
export const widths = [1280, 480] as const;

/** What a page is opened with: a width, and light or dark. */
export function screen(width: number, colorScheme: BrowserContextOptions["colorScheme"] = "light") {
    return { viewport: { width, height: 900 }, colorScheme };
}
