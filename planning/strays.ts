import { DatabricksTarget } from "../clients/connection-details";
import { Diagnostic, Severity } from "../diagnostics/diagnostic";
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
    severity: Severity = "warning",
): Diagnostic[] {
    return targets.flatMap((found) => hosts.explainStray(where, severity, what, found, { target, serves }) ?? []);
}

/** A datasource of a gateway as the user reads it. */
export function showSource(source: string, gateway: { name: string }): string {
    return `datasource "${source}" of gateway "${gateway.name}"`;
}
