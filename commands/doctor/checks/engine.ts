import { FailedDownload } from "../../../engine/failed-download";
import { engineVersion } from "../../../engine/home";
import projectPackage from "../../../package.json";
import { Check, failure, Finding, Problem, warning } from "../check";
import { Examination } from "../examination";

/** What runs the program. */
export const engine: Check<Examination> = {
    title: "Engine",
    async run(examination) {
        const stack = await examination.stack();
        const version = await stack.version().catch((error: Error) => error);
        if (version instanceof FailedDownload) {
            return { says: "", problems: [failure(version.reason, version.remedy)] };
        }
        if (version instanceof Error) {
            return { says: "", problems: [failure(`no pulumi can be run: ${version.message}`, installPulumi)] };
        }
        return judgeEngine(process.versions.node, version);
    },
};

const installPulumi =
    "npm install, and run this with npm; or install pulumi (https://www.pulumi.com/docs/install) and put it on PATH";

/** Judges the versions of Node and of `pulumi`. */
export function judgeEngine(node: string, pulumi: string): Finding {
    const problems: Problem[] = [];
    const leastNode = Number(/\d+/.exec(projectPackage.engines.node)![0]);
    if (majorAndMinor(node)[0] < leastNode) {
        problems.push(failure(`Node ${node} is too old`, `install Node ${leastNode} or newer`));
    }
    if (isOlder(pulumi, engineVersion)) {
        problems.push(
            warning(
                `pulumi ${pulumi} is older than ${engineVersion}, with which this project is tested`,
                "update pulumi, or run the one that the project brings along: npx pulumi",
            ),
        );
    }
    return { says: `Node ${node}, pulumi ${pulumi}`, problems };
}

function isOlder(version: string, than: string): boolean {
    const [[major, minor], [leastMajor, leastMinor]] = [majorAndMinor(version), majorAndMinor(than)];
    return major < leastMajor || (major === leastMajor && minor < leastMinor);
}

function majorAndMinor(version: string): number[] {
    return version.split(".").slice(0, 2).map(Number);
}
