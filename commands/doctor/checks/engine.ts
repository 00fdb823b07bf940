import { databricksPluginVersion, engineVersion } from "../../../engine/home";
import projectPackage from "../../../package.json";
import { InstalledPlugin } from "../../pulumi-stack";
import { Check, failure, Finding, Problem, warning } from "../check";
import { Examination } from "../examination";

/** What runs the program. */
export interface EngineFacts {
    /** The version of Node. */
    node: string;
    /** The version of `pulumi`. */
    pulumi: string;
    plugins: InstalledPlugin[];
    /** Whether `pulumi` fetches missing plugins by itself. */
    fetchesPlugins: boolean;
}

/** The engine and the plugin that every stack needs. */
export const engine: Check<Examination> = {
    title: "Engine and plugins",
    async run(examination) {
        const stack = await examination.stack();
        return judgeEngine({
            node: process.versions.node,
            pulumi: stack.version,
            plugins: await stack.plugins(),
            fetchesPlugins: fetchesPlugins(process.env),
        });
    },
};

/** Judges what runs the program. */
export function judgeEngine({ node, pulumi, plugins, fetchesPlugins: mayFetch }: EngineFacts): Finding {
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
    problems.push(...missingPlugin(plugins, "databricks", databricksPluginVersion, mayFetch));
    return { says: `Node ${node}, pulumi ${pulumi}, databricks plugin ${databricksPluginVersion}`, problems };
}

/** Says that a plugin is not there in the version that the program asks for. */
export function missingPlugin(plugins: InstalledPlugin[], name: string, version: string, mayFetch: boolean): Problem[] {
    const ofName = plugins.filter((plugin) => plugin.kind === "resource" && plugin.name === name);
    if (ofName.some((plugin) => plugin.version === version)) {
        return [];
    }
    const others = ofName.map((plugin) => plugin.version).join(", ");
    const reason = `the plugin ${name} ${version} is not installed${others ? ` (there is ${others})` : ""}`;
    const install = `pulumi plugin install resource ${name} v${version}`;
    return mayFetch
        ? [warning(reason, `nothing, where the first preview may download it; otherwise: ${install}`)]
        : [failure(`${reason}, and pulumi may not fetch it by itself`, `${install}; or: npm run engine`)];
}

/** Whether `pulumi` fetches missing plugins by itself. */
export function fetchesPlugins(environment: NodeJS.ProcessEnv): boolean {
    return !["true", "1"].includes(environment.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION ?? "");
}

function isOlder(version: string, than: string): boolean {
    const [[major, minor], [leastMajor, leastMinor]] = [majorAndMinor(version), majorAndMinor(than)];
    return major < leastMajor || (major === leastMajor && minor < leastMinor);
}

function majorAndMinor(version: string): number[] {
    return version.split(".").slice(0, 2).map(Number);
}
