import { DatabricksClient, SecretInfo } from "../../../clients/databricks";
import { hasStatus } from "../../../clients/service-error";
import { maxSecrets, shortageOf, takenSlots } from "../../../dynamic-providers/secret-slots";
import { CredentialSettings } from "../../../settings/credential";
import { nameOf, StateResource } from "../../state-resource";
import { Check, failure, Problem } from "../check";
import { Examination } from "../examination";
import { ownPrincipal } from "./service-principals";

/** Room for the secrets that are to be made: Databricks keeps five of each service principal. */
export function secretSlots(title: string, workspace: string, login: string): Check<Examination> {
    return {
        title,
        needs: [login],
        async run(examination) {
            const databricks = await examination.databricks(workspace);
            const state = await examination.state();
            const { rotationKeys } = await examination.settings();
            const { userName } = await examination.currentUser(workspace);
            const problems: Problem[] = [];
            const seen: string[] = [];
            for (const { credential } of await examination.credentialsIn(workspace)) {
                const id = await principalId(databricks, state, credential);
                if (id === undefined) {
                    continue;
                }
                const secrets = await listSecrets(databricks, id);
                if (!secrets) {
                    problems.push(mayNotList(credential.name, userName));
                    continue;
                }
                seen.push(`${credential.name} has ${secrets.length} of ${maxSecrets} secrets`);
                problems.push(...judgeSlots(credential.name, id, secrets, newKeys(state, credential, rotationKeys)));
            }
            return seen.length + problems.length > 0
                ? { says: seen.join(", "), problems }
                : { notMade: "not needed: no service principal is there yet" };
        },
    };
}

/** Says that there is no room for secrets, and which there are. */
export function judgeSlots(
    name: string,
    servicePrincipalId: string,
    secrets: SecretInfo[],
    keys: string[],
    now = new Date(),
): Problem[] {
    const shortage = keys.length > 0 ? shortageOf(name, servicePrincipalId, secrets, keys, now) : undefined;
    if (shortage === undefined) {
        return [];
    }
    const [reason, remedy] = shortage.split("\nDelete ");
    return [failure(reason.replace(" Nothing was changed. It has:", " It has:"), `delete ${remedy}`)];
}

/** The rotation keys whose secrets the stack has yet to make. */
export function newKeys(
    state: StateResource[],
    { name }: Pick<CredentialSettings, "name">,
    rotationKeys: string[],
): string[] {
    const made = state
        .filter(({ type }) => type === "databricks:index/servicePrincipalSecret:ServicePrincipalSecret")
        .map(({ urn }) => nameOf(urn));
    return rotationKeys.filter((key) => !made.includes(`${name}-${key}`));
}

async function principalId(
    databricks: DatabricksClient,
    state: StateResource[],
    credential: CredentialSettings,
): Promise<string | undefined> {
    if (credential.applicationId === undefined) {
        return ownPrincipal(state, credential)?.id;
    }
    return (await databricks.findServicePrincipals("applicationId", credential.applicationId))[0]?.id;
}

/** The secrets; undefined where the login may not list them, or the service principal is gone. */
async function listSecrets(databricks: DatabricksClient, id: string): Promise<SecretInfo[] | undefined> {
    try {
        return takenSlots(await databricks.listSecrets(id));
    } catch (error) {
        if (hasStatus(error, 403)) {
            return undefined;
        }
        if (hasStatus(error, 404)) {
            return [];
        }
        throw error;
    }
}

function mayNotList(name: string, userName: string): Problem {
    return failure(
        `${userName} may not see the secrets of ${name}, so that it cannot make any`,
        `make ${userName} an admin of the workspace`,
    );
}
