import { findAdopted } from "../../../planning/service-principals";
import { objectionTo } from "../../../dynamic-providers/unused-name";
import { CredentialSettings } from "../../../settings/credential";
import { nameOf, StateResource } from "../../state-resource";
import { Check, failure, Problem, problemOf } from "../check";
import { Examination } from "../examination";

/** The service principals for Power BI: names that are free, or service principals that can be adopted. */
export function servicePrincipals(title: string, workspace: string, login: string): Check<Examination> {
    return {
        title,
        needs: [login],
        async run(examination) {
            const databricks = await examination.databricks(workspace);
            const state = await examination.state();
            const problems: Problem[] = [];
            const seen: string[] = [];
            for (const { where, credential } of await examination.credentialsIn(workspace)) {
                const { name, servicePrincipal: displayName, applicationId } = credential;
                if (displayName === undefined) {
                    seen.push(`${applicationId} is adopted`);
                    await findAdopted(
                        where,
                        { applicationId },
                        databricks,
                        (said) => void problems.push(problemOf(said)),
                    );
                    continue;
                }
                const own = ownPrincipal(state, credential);
                const found = await databricks.findServicePrincipals("displayName", displayName);
                const others = found.filter((principal) => principal.id !== own?.id);
                const objection = own ? undefined : objectionTo(displayName, others);
                seen.push(own ? `${name} is the stack's` : objection ? `${name} is taken` : `${name} is free`);
                if (objection) {
                    problems.push(failure(`${where}.servicePrincipal: ${objection.reason}`, objection.remedy));
                }
            }
            return seen.length > 0
                ? { says: seen.join(", "), problems }
                : { notMade: "not needed: no credential is in this workspace" };
        },
    };
}

/** The service principal that the stack made for a credential. */
export function ownPrincipal(
    state: StateResource[],
    { name }: Pick<CredentialSettings, "name">,
): StateResource | undefined {
    return state.find(
        (resource) =>
            resource.type === "databricks:index/servicePrincipal:ServicePrincipal" && nameOf(resource.urn) === name,
    );
}
