import { isDefect } from "./user-error";
import { Meaning, meaningOf } from "./service-codes";

/**
 * What a look at one thing came to. Only `found` and `gone` are facts: nothing that cannot be undone is decided on the
 * others.
 */
export type Observation<T> =
    | { outcome: "found"; value: T }
    /** The service says by its own code that it is not there, or that the caller does not see it. */
    | { outcome: "gone"; error: Error }
    /** It was not told: for a reason that the service's code gives, or for one that nobody knows. */
    | { outcome: "unreadable"; meaning?: Meaning; error: Error }
    /** A list that should have it does not. */
    | { outcome: "notMentioned" };

/**
 * Looks at one thing. Whatever a service answers is an observation; a defect of this program is none, and is thrown.
 *
 * @param read asks for it.
 */
export async function observe<T>(read: () => Promise<T>): Promise<Observation<T>> {
    try {
        return { outcome: "found", value: await read() };
    } catch (error) {
        if (isDefect(error)) {
            throw error;
        }
        const meaning = meaningOf(error);
        return meaning === "notFound"
            ? { outcome: "gone", error: error as Error }
            : { outcome: "unreadable", meaning, error: error as Error };
    }
}

/** Why something was not found, as an error. */
export function reasonOf(observation: Exclude<Observation<unknown>, { outcome: "found" }>): Error {
    return observation.outcome === "notMentioned" ? new Error("it is not mentioned any more") : observation.error;
}
