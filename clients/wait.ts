/** How long to wait for something, and how often to look. */
export interface WaitOptions {
    /** What is waited for, for the error. */
    what: string;
    timeoutInMs: number;
    /** The pause after the first look; it doubles up to ten times its length. Default 500. */
    pauseInMs?: number;
}

/**
 * Looks again and again, with growing pauses, until it is so.
 *
 * @throws Error that names what was waited for when the time is over; what `isSo` throws is passed on at once.
 */
export async function waitUntil(options: WaitOptions, isSo: () => Promise<boolean>): Promise<void> {
    const end = Date.now() + options.timeoutInMs;
    const first = options.pauseInMs ?? 500;
    for (let pause = first; !(await isSo()); pause = Math.min(pause * 2, first * 10)) {
        if (Date.now() + pause > end) {
            throw new Error(`${options.what}: waited ${Math.round(options.timeoutInMs / 1000)} s in vain`);
        }
        await new Promise((resolve) => setTimeout(resolve, pause));
    }
}
