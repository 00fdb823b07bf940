/** Longer times are limits, and no pauses. */
const longestInMs = 10_000;

/** What is done where services are asked again after a pause, without the pauses. */
export async function withoutPauses<T>(work: () => Promise<T>): Promise<T> {
    const { setTimeout: genuine } = globalThis;
    const shortened = (act: (...args: unknown[]) => void, pauseInMs = 0, ...args: unknown[]) =>
        genuine(act, pauseInMs > longestInMs ? pauseInMs : 0, ...args);
    globalThis.setTimeout = Object.assign(shortened, genuine) as typeof genuine;
    try {
        return await work();
    } finally {
        globalThis.setTimeout = genuine;
    }
}
