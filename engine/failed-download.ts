import { UserError } from "../clients/user-error";

const remedy =
    'let the project build it: eval "$(npm run --silent env -- --engine)", then pulumi login …, and try again';

/**
 * The npm package `pulumi` found no engine and could not download one. It exits with 1 as a failing engine does, so that
 * its words alone tell.
 */
export class FailedDownload extends UserError {
    /** What to do. */
    readonly remedy = remedy;

    private constructor(
        /** What went wrong. */
        readonly reason: string,
    ) {
        super(`${reason}. To do: ${remedy}.`);
    }

    /**
     * Reads what a `pulumi` that failed printed.
     *
     * @returns nothing where an engine was there, and failed.
     */
    static in(printed: string): FailedDownload | undefined {
        // An engine that was downloaded and does not start is ended by the package too, in these words.
        const why = /^pulumi: (?!failed to start)(.+)$/m.exec(printed)?.[1];
        return why !== undefined && /^Downloading pulumi v/m.test(printed)
            ? new FailedDownload(`the Pulumi engine could not be downloaded: ${why.trim()}`)
            : undefined;
    }
}
