import { ConfigurationError } from "../../../clients/config-reader";
import { discover } from "../../../discovery/discover";
import { CredentialPlan } from "../../../discovery/plan";
import { Binding } from "../../../settings/binding";
import { CredentialSettings } from "../../../settings/credential";
import { Check, failure, Finding, Outcome, warning } from "../check";
import { Examination } from "../examination";

/** Everything that the configuration names or describes, looked up as a preview does. */
export function discovery(logins: string[], warehouses: string[]): Check<Examination> {
    return {
        title: "Discovery",
        needs: [...logins, "Tenant setting"],
        follows: [...warehouses, "Workspaces", "Gateways", "Scanner"],
        async run(examination, earlier) {
            const { credentials } = await examination.settings();
            const services = await examination.services();
            const addressOf = services.addressOf.bind(services);
            const scanned = earlier.some(({ title, status }) => title === "Scanner" && status === "passed");
            try {
                const tried = scanned ? credentials : withoutScanner(credentials);
                const { plans, warnings } = await discover(tried, services, addressOf);
                return { ...judgeDiscovery([], warnings, earlier), says: describe(plans) };
            } catch (error) {
                if (error instanceof ConfigurationError) {
                    return judgeDiscovery(error.problems, [], earlier);
                }
                throw error;
            }
        },
    };
}

/** Says what was not found, but for what earlier checks said. */
export function judgeDiscovery(problems: string[], warnings: string[], earlier: Outcome[]): Finding {
    const told = earlier.flatMap((outcome) => outcome.problems.map(({ reason }) => reason));
    const isNew = (reason: string) => !told.some((known) => known.startsWith(reason) || reason.startsWith(known));
    const untold = problems.filter(isNew);
    return {
        says: problems.length > untold.length ? "more than what is said above was looked for" : "",
        problems: [
            ...untold.map((reason) => failure(reason, "correct the names in the configuration, or the rights of SP2")),
            ...warnings
                .filter(isNew)
                .map((reason) => warning(reason, "nothing, where it is meant so; else correct the bindings")),
        ],
    };
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
