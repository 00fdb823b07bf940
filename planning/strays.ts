import { DatabricksTarget } from "../clients/connection-details";
import { BindingScope } from "./binding-scope";
import { Search } from "./search";

/**
 * What is to be said of sources that read a warehouse which is looked for, by its id, at a host that no configured
 * workspace has.
 *
 * @param what has the sources, in words.
 */
export function strays(
    { where, target, hosts }: BindingScope,
    { serves }: Pick<Search, "serves">,
    what: string,
    targets: (DatabricksTarget | undefined)[],
): string[] {
    return targets.flatMap((found) => hosts.strayWords(where, what, found, { target, serves }) ?? []);
}

/** Warns of such sources: they are never left out in silence. */
export function tellStrays(
    scope: BindingScope,
    search: Pick<Search, "serves">,
    what: string,
    targets: (DatabricksTarget | undefined)[],
): void {
    strays(scope, search, what, targets).forEach(scope.warn);
}

/** A datasource of a gateway as the user reads it. */
export function showSource(source: string, gateway: { name: string }): string {
    return `datasource "${source}" of gateway "${gateway.name}"`;
}
