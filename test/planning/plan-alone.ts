import { isDefect } from "../../clients/user-error";
import { Services } from "../../clients/services";
import { CredentialPlan } from "../../planning/plan";
import { StackOutputs } from "../../outputs";
import { describePlan } from "../../planning/describe";
import { discover } from "../../planning/discover";
import { findAddresses } from "../../planning/workspace-addresses";
import { isMutation } from "../../sandbox/control-client";
import { parseSettings } from "../../settings";
import { Bench } from "../providers/support";
import { toText } from "../../diagnostics/render";

/** What the program does before it declares anything. */
export interface Planned {
    /** Why it stops; empty where it goes on. */
    refusal: string;
    /** What it says: the plan of each credential, and the warnings. */
    output: string;
    /** In the order of the credentials; none where it stops. */
    plans: CredentialPlan[];
}

/**
 * Plans as the program does in a preview, in this process: an engine would add nothing.
 *
 * @param config values by their keys; those of the project without its name.
 * @param lastUp what the last up put out; nothing for a stack that was never up.
 */
export async function planAlone(
    bench: Bench,
    config: Record<string, unknown>,
    lastUp: StackOutputs["credentials"] = {},
): Promise<Planned> {
    const ops = { host: bench.sandbox.urls.databricks2, authType: "pat", token: "dapi-sandbox-deployer-2" };
    const values: Record<string, unknown> = {
        ...bench.config,
        "databricks:authType": "pat",
        ...(ops.host ? { databricksWorkspaces: { ops } } : {}),
        rotationKey: "2026-11",
        ...config,
    };
    const read = (key: string) => {
        const value = values[key];
        return value === undefined || typeof value === "string" ? value : JSON.stringify(value);
    };
    const own = Object.keys(values).filter((key) => !key.includes(":") && key !== "run");
    try {
        const { credentials, connection, rotationKeys } = parseSettings(own, read, () => true);
        const addressOf = await findAddresses(connection);
        const { plans, warnings } = await discover(credentials, new Services(read), addressOf, rotationKeys, lastUp);
        const lines = credentials.map(({ name }, index) => toText(describePlan(name, plans[index])));
        const output = [...lines, ...warnings.map((warning) => `warning: ${toText(warning)}`)].join("\n");
        return { refusal: "", output, plans };
    } catch (error) {
        if (isDefect(error)) {
            throw error;
        }
        return { refusal: (error as Error).message, output: "", plans: [] };
    }
}

/** The requests since the last `forgetRequests` that change something. */
export async function mutations({ control }: Bench): Promise<string[]> {
    return (await control.requests()).filter(isMutation).map(({ method, path }) => `${method} ${path}`);
}
