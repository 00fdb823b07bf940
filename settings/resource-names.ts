import { mainWorkspace } from "../clients/connection";
import { Diagnostic, problem } from "../diagnostics/diagnostic";
import { CredentialSettings } from "./credential";
import { shown } from "./values";

/** Something that gets a resource of its own: the kind of resource, and what its name is made of. */
interface Labelled {
    where: string;
    kind: string;
    parts: string[];
}

/**
 * Names of resources that two things would share: the parts of a name are joined by a dash, which may be in the parts
 * too, "sales" with "eu-data" and "sales-eu" with "data" for instance. The engine would refuse them in words that do not
 * say where they come from.
 */
export function sharedResourceNames(credentials: CredentialSettings[], rotationKeys: string[]): Diagnostic[] {
    const all = credentials.flatMap((credential, index) => labelsOf(credential, `credentials[${index}]`, rotationKeys));
    const known = new Map<string, Labelled>();
    return all.flatMap((item) => {
        const key = `${item.kind} ${item.parts.join("-")}`;
        const first = known.get(key) ?? item;
        known.set(key, first);
        return JSON.stringify(first.parts) === JSON.stringify(item.parts)
            ? []
            : [
                  problem(
                      "name-clash",
                      { where: item.where },
                      `${item.kind} ${item.parts.map(shown).join(" with ")} would have the same resource name as ` +
                          `${first.parts.map(shown).join(" with ")} at ${first.where}`,
                      "rename one of them",
                  ),
              ];
    });
}

function labelsOf(credential: CredentialSettings, where: string, rotationKeys: string[]): Labelled[] {
    const { name, grants, secretScope, databricks } = credential;
    const securables = grants.flatMap(({ catalog, schema, table }) => [
        catalog,
        ...(schema ? [`${catalog}.${schema}`] : []),
        ...(schema && table ? [`${catalog}.${schema}.${table}`] : []),
    ]);
    const scope = secretScope && (databricks === mainWorkspace ? [secretScope.name] : [databricks, secretScope.name]);
    return [
        ...rotationKeys.map((key) => ({ where, kind: "secret", parts: [name, key] })),
        ...securables.map((full) => ({ where: `${where}.grants`, kind: "grant", parts: [name, full.toLowerCase()] })),
        ...(scope ? [{ where: `${where}.secretScope`, kind: "scope", parts: scope }] : []),
        ...(secretScope?.readers ?? []).map((reader) => ({
            where: `${where}.secretScope.readers`,
            kind: "reader",
            parts: [scope!.join("-"), reader],
        })),
    ];
}
