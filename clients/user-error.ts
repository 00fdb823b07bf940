/** An error that was made for who runs this: its words are all that they need. Plain `Error`s of this program are so too. */
export class UserError extends Error {}

/**
 * Whether an error, or the one that caused it, is a defect of this program or of what it uses: a `TypeError`, a failed
 * assertion, anything that was not made to be read. Only its stack says where to look, so it is not taken away.
 */
export function isDefect(error: unknown): boolean {
    return defectOf(error) !== undefined;
}

/** The defect behind an error; undefined where there is none. */
export function defectOf(error: unknown): unknown {
    if (!(error instanceof Error)) {
        return error ?? new Error("something was thrown that is no error");
    }
    if (error instanceof UserError || error.constructor === Error) {
        return error.cause === undefined ? undefined : defectOf(error.cause);
    }
    return error;
}

/** An error as a command prints it: in its words, and a defect with its stack. */
export function printed(error: unknown): string {
    const defect = defectOf(error);
    if (defect === undefined) {
        return (error as Error).message;
    }
    return defect instanceof Error ? (defect.stack ?? defect.message) : String(defect);
}
