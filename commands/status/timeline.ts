import { html, Markup, when } from "./markup";
import { CredentialStatus, Generation, StatusReport } from "./report";
import { counted, dayOf, restInWords } from "./words";

/** Heights in pixels. Places along the time are in percent, so that texts keep their size on narrow screens. */
const sizes = { axis: 30, title: 30, lane: 34, bar: 10, end: 6 };
const dayInMs = 24 * 60 * 60 * 1000;

/** A span of time, and where a moment is in it, in percent. */
interface Scale {
    from: number;
    to: number;
    at: (time: string | number) => number;
}

/** All generations on a line of time: from their making to their end, with the moment of the report. */
export function renderTimeline(report: StatusReport): Markup {
    const scale = scaleOf(report);
    const now = Date.parse(report.takenAt);
    const rows = report.credentials.filter(({ generations }) => generations.some(({ createdAt }) => createdAt));
    let y = sizes.axis;
    const drawn = rows.map((credential) => {
        const part = drawCredential(credential, report, scale, y);
        y += sizes.title + sizes.lane * datedOf(credential).length;
        return part;
    });
    const height = y + sizes.end;
    const x = percent(scale.at(now));
    return html`<figure class="timeline">
        <svg role="img" aria-labelledby="timeline-title" width="100%" height="${height}">
            <title id="timeline-title">
                Secrets from their making to their end: ${counted(rows.length, "service principal")}. The tables below
                have the same dates.
            </title>
            ${ticksOf(scale).map((tick) => drawTick(tick, scale, height))} ${drawn}
            <line class="now" x1="${x}" x2="${x}" y1="20" y2="${height}" />
            <text class="now-label" x="${x}" y="14" text-anchor="middle">now</text>
        </svg>
        <figcaption>
            <span class="key current">current</span><span class="key near">current, ends soon</span
            ><span class="key retained">retained</span><span class="key unknown">unknown: in no state</span>
            <span class="hint">the solid part is over</span>
        </figcaption>
    </figure>`;
}

function drawCredential(credential: CredentialStatus, report: StatusReport, scale: Scale, top: number): Markup {
    const lanes = datedOf(credential).map((generation, index) =>
        drawGeneration(generation, report, scale, top + sizes.title + index * sizes.lane),
    );
    return html`<g>
        <text class="name" x="0" y="${top + 20}">${credential.name}</text>
        ${lanes}
    </g>`;
}

function drawGeneration(generation: Generation, report: StatusReport, scale: Scale, top: number): Markup {
    const { createdAt, expiresAt, key, role } = generation;
    const start = scale.at(createdAt!);
    const end = expiresAt === undefined ? 100 : scale.at(expiresAt);
    const over = Math.min(Math.max(scale.at(report.takenAt), start), end);
    const isLate = start > 50;
    const rest = expiresAt === undefined ? "no end known" : `${restInWords(generation)} left`;
    const words = `${key || "no key"} · ${role} · ${(generation.daysLeft ?? 0) < 0 ? "expired" : rest}`;
    const bar = { y: top + 18, height: sizes.bar, rx: sizes.bar / 2 };
    return html`<g class="${lookOf(generation, report)}">
        <title>${words}; made on ${dayOf(createdAt)}, ends on ${dayOf(expiresAt) || "no known day"}</title>
        <text
            class="label"
            x="${percent(isLate ? end : start)}"
            y="${top + 12}"
            text-anchor="${isLate ? "end" : "start"}"
        >
            ${words}
        </text>
        <rect
            class="life"
            x="${percent(start)}"
            width="${percent(end - start)}"
            y="${bar.y}"
            height="${bar.height}"
            rx="${bar.rx}"
        />
        ${when(
            over > start,
            () =>
                html`<rect
                    class="over"
                    x="${percent(start)}"
                    width="${percent(over - start)}"
                    y="${bar.y}"
                    height="${bar.height}"
                    rx="${bar.rx}"
                />`,
        )}
    </g>`;
}

/** The class that a generation has on the page. */
export function lookOf({ role, daysLeft }: Generation, { expiryWarningDays }: StatusReport): string {
    const isNear = role === "current" && daysLeft !== undefined && daysLeft < expiryWarningDays;
    return isNear ? "near" : role;
}

function drawTick(time: number, scale: Scale, height: number): Markup {
    const x = percent(scale.at(time));
    const date = new Date(time);
    const words = date.toLocaleString("en", { month: "short", timeZone: "UTC" });
    const year = date.getUTCMonth() === 0 ? ` ${date.getUTCFullYear()}` : "";
    return html`<line class="tick" x1="${x}" x2="${x}" y1="20" y2="${height}" />
        <text class="tick-label" x="${x}" y="14" dx="4">${words}${year}</text>`;
}

/** The beginnings of months, as many as a narrow screen has room for. */
function ticksOf({ from, to }: Scale): number[] {
    const first = new Date(from);
    const months = (to - from) / (30 * dayInMs);
    const step = [1, 2, 3, 6, 12, 24].find((candidate) => months / candidate <= 6) ?? 60;
    const ticks: number[] = [];
    for (let month = first.getUTCMonth() - (first.getUTCMonth() % step) + step; ; month += step) {
        const time = Date.UTC(first.getUTCFullYear(), month, 1);
        if (time > to - (to - from) / 12) {
            return ticks;
        }
        ticks.push(time);
    }
}

function scaleOf(report: StatusReport): Scale {
    const times = report.credentials
        .flatMap(({ generations }) => generations)
        .flatMap(({ createdAt, expiresAt }) => [createdAt, expiresAt])
        .flatMap((time) => (time === undefined ? [] : [Date.parse(time)]));
    const now = Date.parse(report.takenAt);
    const all = [...times, now - 30 * dayInMs, now + 30 * dayInMs];
    const [from, to] = [Math.min(...all), Math.max(...all)];
    return { from, to, at: (time) => ((new Date(time).getTime() - from) / (to - from)) * 100 };
}

function datedOf({ generations }: CredentialStatus): Generation[] {
    return generations.filter(({ createdAt }) => createdAt !== undefined);
}

function percent(value: number): string {
    return `${Math.round(value * 100) / 100}%`;
}
