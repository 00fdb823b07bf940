import { ServiceUrls } from "../../sandbox/sandbox";

/** An instant as services and states write it. */
const instant = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?=(\.\d+)?Z)/g;

/** Takes the addresses of a sandbox out of a text: `${databricks.host}` and the like stand for them, as in world files. */
export function withoutAddresses(text: string, urls: ServiceUrls): string {
    return Object.entries(urls).reduce(
        (rest, [service, url]) => rest.replace(new RegExp(`${hostOf(url)}(?!\\d)`, "g"), () => `\${${service}.host}`),
        text,
    );
}

/** Puts the addresses of a sandbox into a text. */
export function withAddresses(text: string, urls: ServiceUrls): string {
    return Object.entries(urls).reduce(
        (rest, [service, url]) => rest.replaceAll(`\${${service}.host}`, hostOf(url)),
        text,
    );
}

/**
 * Moves every instant in a text. A state that is brought back is as old as it was when it was taken: a secret that had
 * ninety days has them again, whenever a test runs.
 *
 * @param seconds by how much; whole ones, so that fractions stay as they are.
 */
export function movedBy(seconds: number, text: string): string {
    return text.replace(instant, (time) =>
        new Date(Date.parse(`${time}Z`) + seconds * 1000).toISOString().replace(/\.000Z$/, ""),
    );
}

function hostOf(url: string): string {
    return new URL(url).host;
}
