import * as fs from "node:fs";
import { demand, main, PipelineError } from "./command-line";
import { forgeOfJob } from "./forge-of-job";
import { Manual } from "./manual";

const manual = {
    usage: "npm run comment -- --file FILE --marker NAME [--pull-request NUMBER]",
    does: "Puts a text below the job's pull request, in the place of the one with the same marker.",
    options: {
        file: { type: "string", value: "FILE", does: "holds the text, as Markdown" },
        marker: { type: "string", value: "NAME", does: "tells this comment from others" },
        "pull-request": {
            type: "string",
            value: "NUMBER",
            does: "the pull request; default the one that the job runs for",
        },
    },
} satisfies Manual;

main(manual, async (given) => {
    const file = demand(given.file, "--file", manual.usage);
    const marker = demand(given.marker, "--marker", manual.usage);
    if (!fs.existsSync(file)) {
        throw new PipelineError(`there is no file ${file}: the step before this one wrote none. Look at its log.`);
    }
    const forge = forgeOfJob();
    const number = given["pull-request"] || forge.pullRequest();
    await forge.comment(demand(number, "--pull-request", manual.usage), marker, fs.readFileSync(file, "utf8"));
    return 0;
});
