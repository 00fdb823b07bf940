import { scopeKey } from "../clients/entry-names";
import { Services } from "../clients/services";

/** A credential that may be stored in a secret scope of its workspace. */
export interface ScopedCredential {
    name: string;
    databricks: string;
    secretScope?: { name: string; create: boolean };
}

/** What the keys of a credential's entries end with. */
const suffixes = ["client-id", "client-secret"];

/**
 * Finds the scopes that the stack is to make and that are there already, with nothing in them but what it puts there: an
 * up that was interrupted has made them, or an answer that said nothing made the state forget them. Any other scope of
 * such a name is somebody's, and is left alone.
 *
 * @param workspace the name of the Databricks workspace.
 */
export async function findOwnScopes(
    databricks: ReturnType<Services["databricks"]>,
    workspace: string,
    credentials: ScopedCredential[],
): Promise<string[]> {
    const users = credentials.filter(
        (credential) => credential.databricks === workspace && credential.secretScope?.create,
    );
    const names = [...new Set(users.map(({ secretScope }) => secretScope!.name))];
    if (names.length === 0) {
        return [];
    }
    const present = (await databricks.listSecretScopes()).items;
    const own = await Promise.all(
        names
            .filter((name) => present.includes(name))
            .map(async (scope) => {
                const ours = users.flatMap(({ name, secretScope }) =>
                    secretScope?.name === scope ? suffixes.map((suffix) => scopeKey(name, suffix)) : [],
                );
                const keys = await databricks.listSecretKeys(scope);
                // An entry that cannot be read may be anybody's.
                const isOurs = keys.unreadable.length === 0 && keys.items.every((key) => ours.includes(key));
                return isOurs ? [scope] : [];
            }),
    );
    return own.flat();
}
