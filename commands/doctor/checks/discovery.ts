import { CredentialPlan } from "../../../planning/plan";
import { Binding } from "../../../settings/binding";
import { CredentialSettings } from "../../../settings/credential";
import { planStack, StackPlan } from "../../plan-stack";
import { Check, Finding, NotMade, Outcome, problemOf } from "../check";
import { Examination } from "../examination";

/**
 * Everything that the configuration names or describes, looked up as a preview does.
 *
 * @param logins the checks of the Databricks logins.
 * @param others the checks of what is in the Databricks workspaces.
 */
export function discovery(logins: string[], others: string[]): Check<Examination> {
    return {
        title: "Discovery",
        needs: [...logins, "Tenant setting"],
        follows: [...others, "Workspaces", "Gateways", "Scanner"],
        async run(examination, earlier) {
            const settings = await examination.settings();
            const { credentials } = settings;
            const scanned = earlier.some(({ title, status }) => title === "Scanner" && status === "passed");
            const tried = { ...settings, credentials: scanned ? credentials : withoutScanner(credentials) };
            const plan = await planStack(tried, await examination.services(), await examination.state());
            const says = plan.problems.length > 0 ? "" : describe(plan.plans);
            return { says, ...judgeDiscovery(plan, earlier) };
        },
    };
}

/** Says what was not found, but for what earlier checks said. */
export function judgeDiscovery(
    { problems, warnings }: Pick<StackPlan, "problems" | "warnings">,
    earlier: Outcome[],
): Pick<Finding, "problems"> | NotMade {
    const told = new Set(earlier.flatMap((outcome) => outcome.problems.map(({ reason }) => reason)));
    const untold = [...problems, ...warnings]
        .map((diagnostic) => problemOf(diagnostic))
        .filter(({ reason }) => !told.has(reason));
    if (untold.length === 0 && problems.length > 0) {
        return { notMade: "nothing more is missing than what is said above" };
    }
    return { problems: untold };
}

function describe(plans: CredentialPlan[]): string {
    const datasets = new Set(
        plans.flatMap(({ cloud, datasources }) =>
            [...cloud, ...datasources.flatMap((datasource) => datasource.datasets)].map(({ datasetId }) => datasetId),
        ),
    );
    const datasources = plans.flatMap((plan) => plan.datasources).length;
    return `${datasets.size} datasets, ${datasources} datasources of gateways`;
}

/** What looks via scanner finds nothing: the places of the other bindings stay. */
function withoutScanner(credentials: CredentialSettings[]): CredentialSettings[] {
    const blind = (binding: Binding): Binding =>
        binding.kind === "discover" && binding.via === "scanner"
            ? { ...binding, via: "workspaces", workspaces: [] }
            : binding;
    return credentials.map((credential) => ({ ...credential, bindings: credential.bindings.map(blind) }));
}
