import * as fs from "node:fs";
import { demand, main, PipelineError, readArguments } from "./command-line";
import { forgeOfJob } from "./forge-of-job";

const usage = "npm run comment -- --file FILE --marker NAME [--pull-request NUMBER]";

/** Puts a text below the job's pull request; the comment with the same marker is replaced, so that there is one. */
main(async () => {
    const given = readArguments(usage, {
        file: { type: "string" },
        marker: { type: "string" },
        "pull-request": { type: "string" },
    });
    const file = demand(given.file, "--file", usage);
    const marker = demand(given.marker, "--marker", usage);
    if (!fs.existsSync(file)) {
        throw new PipelineError(`there is no file ${file}: the step before this one wrote none. Look at its log.`);
    }
    const forge = forgeOfJob();
    const number = given["pull-request"] || forge.pullRequest();
    await forge.comment(demand(number, "--pull-request", usage), marker, fs.readFileSync(file, "utf8"));
    return 0;
});
