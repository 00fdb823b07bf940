import { ConfigurationError } from "../clients/config-reader";
import { Services, WorkspaceAddress } from "../clients/services";
import { Diagnostic } from "../diagnostics/diagnostic";
import { explainHeld } from "../planning/accounting";
import { discover } from "../planning/discover";
import { CredentialPlan } from "../planning/plan";
import { lastUpOf } from "../planning/read-history";
import { HeldOutputs } from "../outputs";
import { Settings } from "../settings";
import { StateResource } from "./state-resource";

/** What holds a secret of a credential and was not found: that secret is kept alive. */
export interface Held extends HeldOutputs {
    /** The name of the credential. */
    credential: string;
    /** What is so, and what to do. */
    diagnostic: Diagnostic;
}

/** What an up would plan now. */
export interface StackPlan {
    /** In the order of the credentials; none where the plan is refused. */
    plans: CredentialPlan[];
    /** Why it would refuse; none where it would not. */
    problems: Diagnostic[];
    held: Held[];
    /** What it would tell: what is held, renames, what is let go or left out. */
    warnings: Diagnostic[];
}

/**
 * Plans as an up does: by the same function, with the history that the state has (invariant I15). What one of the
 * commands refuses no other passes.
 */
export async function planStack(
    { credentials, rotationKeys }: Pick<Settings, "credentials" | "rotationKeys">,
    services: Services,
    state: StateResource[],
): Promise<StackPlan> {
    // A workspace that is known by its id in Azure is where the last up found it.
    const known = state.flatMap(({ inputs }) => (inputs?.databricks as WorkspaceAddress | undefined) ?? []);
    const addressOf = (name: string) =>
        services.connection.databricks[name]?.host === undefined
            ? (known.find(({ workspace }) => workspace === name) ?? services.addressOf(name))
            : services.addressOf(name);
    try {
        const { plans, warnings } = await discover(credentials, services, addressOf, rotationKeys, lastUpOf(state));
        const held = plans.flatMap(({ account }, index) =>
            (account.outputs.held ?? []).map((holder) => {
                const { name } = credentials[index];
                return { credential: name, ...holder, diagnostic: explainHeld(`credentials[${index}]`, name, holder) };
            }),
        );
        return { plans, problems: [], held, warnings };
    } catch (error) {
        if (error instanceof ConfigurationError) {
            return { plans: [], problems: error.problems, held: [], warnings: [] };
        }
        throw error;
    }
}
