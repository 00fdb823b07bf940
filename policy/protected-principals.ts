import { ResourceValidationPolicy } from "@pulumi/policy";
import { StackFacts } from "./stack";

/** The types of SP1, and of SP2 where a stack makes it. */
const principalTypes = [
    "databricks:index/servicePrincipal:ServicePrincipal",
    "azuread:index/application:Application",
    "azuread:index/servicePrincipal:ServicePrincipal",
];

/**
 * Judges whether a resource would have to be protected.
 *
 * @returns what is wrong and what to do; undefined when nothing is.
 */
export function unprotected(type: string, isProtected: boolean, production: boolean): string | undefined {
    return production && principalTypes.includes(type) && !isProtected
        ? "A deleted service principal comes back with another id, without its grants, and every secret of it is gone. " +
              "Set the config key `protect` to auto or true; to take the stack down, see docs/operate.md, Decommission."
        : undefined;
}

/** The rule about protection. */
export function protectedPrincipals({ production }: StackFacts): ResourceValidationPolicy {
    return {
        name: "protected-principals",
        description: "Service principals of a production stack are protected from deletion.",
        validateResource: ({ type, opts }, reportViolation) => {
            const problem = unprotected(type, opts.protect, production);
            if (problem) {
                reportViolation(problem);
            }
        },
    };
}
