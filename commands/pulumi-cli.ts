import { execFile } from "node:child_process";
import * as path from "node:path";
import { FailedDownload } from "../engine/failed-download";
import { projectRoot } from "../engine/home";

/** What a `pulumi` command printed, and how it ended. */
export interface Printed {
    exitCode: number;
    stdout: string;
    /** Free of secrets, which standard output may hold. */
    stderr: string;
}

/**
 * Runs `pulumi` with the user's own PULUMI_* environment: the one that the project brings along, as `npm run`
 * does, else the one on PATH.
 *
 * It is not the Automation API: that one's preview writes a log of events to a temporary file, and the SDK's debug
 * messages in it hold secrets in plain text (seen with 3.259.0). These commands print to a pipe.
 *
 * @param args the command; secrets are not among them, since others can read them.
 * @param folder where the project's Pulumi.yaml is.
 * @param variables for its environment, besides this one's.
 * @param input what the command reads from standard input; default nothing.
 * @throws Error when there is no `pulumi` that can be run, FailedDownload when its engine could not be downloaded.
 */
export function runPulumi(
    args: string[],
    folder: string,
    variables: Record<string, string> = {},
    input = "",
): Promise<Printed> {
    const bin = path.join(projectRoot, "node_modules", ".bin");
    const env = {
        ...process.env,
        ...variables,
        PATH: [bin, process.env.PATH].join(path.delimiter),
        PULUMI_SKIP_UPDATE_CHECK: "true",
    };
    const all = [...args, "--non-interactive", "--color", "never"];
    return new Promise((resolve, reject) => {
        const options = { cwd: folder, env, maxBuffer: Infinity };
        const command = execFile("pulumi", all, options, (error, stdout, stderr) => {
            if (error && typeof error.code !== "number") {
                reject(new Error(`pulumi cannot be run (${error.code ?? error.signal}): npm ci installs it.`));
            }
            const failed = error && FailedDownload.in(stderr);
            if (failed) {
                reject(failed);
            }
            resolve({ exitCode: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
        });
        // A command that ends without reading is told by its exit code.
        command.stdin?.on("error", () => {});
        command.stdin?.end(input);
    });
}

/** Why a command failed, without what `pulumi` says besides. */
export function reasonIn({ stderr }: Printed): string {
    return /^error: ([\s\S]*)/m.exec(stderr)?.[1].trim() || stderr.trim() || "it did not say why";
}
