import * as pulumi from "@pulumi/pulumi";
import { ConfigurationError } from "../clients/config-reader";
import { isDefect } from "../clients/user-error";
import { record } from "../diagnostics/record";

/**
 * Ends the program with the words of an error alone: what the user reads needs no stack. A defect keeps its own.
 *
 * @param before what the words begin with.
 */
export function stop(error: Error, before = ""): never {
    if (isDefect(error)) {
        throw error;
    }
    if (error instanceof ConfigurationError) {
        error.problems.forEach(record);
    }
    throw new pulumi.RunError(before + error.message);
}
