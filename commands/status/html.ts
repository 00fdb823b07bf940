import { createHash } from "node:crypto";
import { html, Markup } from "./markup";
import { renderAttention, renderCredential, renderHeld, renderSummary } from "./page-sections";
import { script } from "./page-script";
import { style } from "./page-style";
import { StatusReport } from "./report";
import { renderTimeline } from "./timeline";
import { counted, minuteOf, verdictInWords } from "./words";

/** The report as one page that needs nothing else: no request leaves it, and no script but its own runs in it. */
export function renderHtml(report: StatusReport): string {
    const policy = [
        "default-src 'none'",
        "img-src data:",
        `style-src ${hashOf(style)}`,
        `script-src ${hashOf(script)}`,
        "base-uri 'none'",
        "form-action 'none'",
    ].join("; ");
    const datasources = report.credentials.flatMap((credential) => credential.datasources).length;
    const page = html`<!doctype html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta http-equiv="Content-Security-Policy" content="${policy}" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="referrer" content="no-referrer" />
                <title>${report.stack}: ${verdictInWords(report)}</title>
                <link rel="icon" href="data:," />
                ${inline("style", style)}
            </head>
            <body>
                <header class="top">
                    <p class="eyebrow">Credentials of Power BI for Databricks</p>
                    <h1>${report.stack} <span class="verdict ${report.verdict}">${verdictInWords(report)}</span></h1>
                    <p class="meta">
                        Rotation key <b>${report.rotationKey}</b> · read on
                        <time datetime="${report.takenAt}">${minuteOf(report.takenAt)}</time>
                    </p>
                </header>
                <main>
                    ${renderSummary(report)} ${renderAttention(report)} ${renderHeld(report)}
                    <section aria-labelledby="generations">
                        <h2 id="generations">Generations</h2>
                        ${renderTimeline(report)}
                    </section>
                    <section aria-labelledby="credentials">
                        <h2 id="credentials">Credentials</h2>
                        <form class="filter" role="search">
                            <label for="filter">Filter</label>
                            <input
                                id="filter"
                                type="search"
                                placeholder="principal, gateway, datasource, dataset, owner, secret id …"
                                autocomplete="off"
                                spellcheck="false"
                            />
                            <label class="check"
                                ><input id="only" type="checkbox" /> only what is to be looked at</label
                            >
                            <output id="shown" for="filter only">${counted(datasources, "datasource")}</output>
                        </form>
                        ${report.credentials.map((credential) => renderCredential(credential, report))}
                    </section>
                </main>
                ${inline("script", script)}
            </body>
        </html>`;
    return `${page.text}\n`;
}

/** An element whose text is exactly what its hash was made of. */
function inline(tag: "style" | "script", text: string): Markup {
    return new Markup(`<${tag}>${text}</${tag}>`);
}

function hashOf(text: string): string {
    return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
