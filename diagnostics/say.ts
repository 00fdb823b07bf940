import * as pulumi from "@pulumi/pulumi";
import { Diagnostic } from "./diagnostic";
import { record } from "./record";
import { toText } from "./render";

/** Says something in a run of the program: on the screen, and as data to the command that runs it. */
export async function say(diagnostic: Diagnostic): Promise<void> {
    record(diagnostic);
    const text = toText(diagnostic);
    switch (diagnostic.severity) {
        case "error":
            return pulumi.log.error(text);
        case "warning":
            return pulumi.log.warn(text);
        case "info":
            return pulumi.log.info(text);
    }
}
