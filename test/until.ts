import { setTimeout as sleep } from "node:timers/promises";

/** How often it is looked. */
const pauseInMs = 50;

/**
 * Waits for a fact, however long it takes on a machine that is busy; the test's own timeout is the only limit.
 *
 * @param isSo looks whether it is so.
 * @param source what brings it about. When it has ended and it is not so, it never will be: the wait fails with what it
 *     came to.
 */
export async function until(isSo: () => boolean | Promise<boolean>, source?: Promise<unknown>): Promise<void> {
    let end: { words: string } | undefined;
    source?.then(
        (result) => (end = { words: JSON.stringify(result) }),
        (error: Error) => (end = { words: error.message }),
    );
    for (;;) {
        const isOver = end;
        if (await isSo()) {
            return;
        }
        if (isOver) {
            throw new Error(`what was waited for did not come about: ${isOver.words}`);
        }
        await sleep(pauseInMs);
    }
}
