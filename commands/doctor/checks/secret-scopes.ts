import { mergeUses, ScopeUse } from "../../../components/secret-scopes";
import { nameOf, StateResource } from "../../state-resource";
import { Check, failure, Problem } from "../check";
import { Examination } from "../examination";

/** The secret scopes: there where they are used, and not there where they are to be made. */
export function secretScopes(title: string, workspace: string, login: string): Check<Examination> {
    return {
        title,
        needs: [login],
        async run(examination) {
            const credentials = await examination.credentialsIn(workspace);
            const uses = mergeUses(credentials.flatMap(({ credential }) => credential.secretScope ?? []));
            if (uses.length === 0) {
                return { notMade: "not needed: no scopes are configured" };
            }
            const there = await (await examination.databricks(workspace)).listSecretScopes();
            const own = ownScopes(await examination.state());
            return { says: uses.map(({ name }) => name).join(", "), problems: judgeScopes(uses, there.items, own) };
        },
    };
}

/** Says which scopes are missing, and which are there although the stack is to make them. */
export function judgeScopes(uses: ScopeUse[], there: string[], own: string[]): Problem[] {
    return uses.flatMap(({ name, create }) => {
        if (create && there.includes(name) && !own.includes(name)) {
            return [
                failure(
                    `secretScope: there is a scope "${name}" already, and the stack is to make it`,
                    "use the one that is there: secretScope.create: false; or choose another name",
                ),
            ];
        }
        if (!create && !there.includes(name)) {
            const names = there.length > 0 ? `There are: ${there.join(", ")}` : "There are none";
            return [
                failure(
                    `secretScope: there is no scope "${name}" that the login sees. ${names}`,
                    "correct the name, give the login MANAGE on it, or let the stack make it: secretScope.create: true",
                ),
            ];
        }
        return [];
    });
}

function ownScopes(state: StateResource[]): string[] {
    return state
        .filter(({ type }) => type === "databricks:index/secretScope:SecretScope")
        .map((resource) => String(resource.outputs?.name ?? nameOf(resource.urn)));
}
