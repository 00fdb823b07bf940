import { ResourceValidationPolicy } from "@pulumi/policy";
import { rotationMarginInDays } from "../settings";
import { StackFacts } from "./stack";

const secondsPerDay = 24 * 60 * 60;

/**
 * Judges the lifetime of a secret against the interval of rotations.
 *
 * @param lifetime as Databricks takes it, seconds with an `s` behind; undefined for Databricks' own, the longest there is.
 * @returns what is wrong and what to do; undefined when nothing is.
 */
export function tooShortLived(lifetime: string | undefined, intervalInDays: number): string | undefined {
    if (lifetime === undefined) {
        return undefined;
    }
    const seconds = Number(/^(\d+(?:\.\d+)?)s$/.exec(lifetime)?.[1] ?? NaN);
    if (Number.isNaN(seconds)) {
        return `Its lifetime is ${JSON.stringify(lifetime)}; expected seconds, like "7776000s".`;
    }
    const days = Math.floor(seconds / secondsPerDay);
    const least = intervalInDays + rotationMarginInDays;
    return days >= least
        ? undefined
        : `It lives ${days} days, and secrets are rotated every ${intervalInDays} days: give at least ${least} ` +
              "(credentials[].lifetimeDays), or rotate more often (rotationIntervalDays).";
}

/** The rule about lifetimes. */
export function secretLifetime(stack: StackFacts): ResourceValidationPolicy {
    return {
        name: "secret-lifetime",
        description: "A secret outlives its rotation, with days to spare for a rotation that fails.",
        configSchema: {
            properties: {
                rotationIntervalDays: {
                    type: "integer",
                    minimum: 1,
                    description: "The interval by which stacks are judged that do not declare rotationIntervalDays.",
                },
            },
            required: ["rotationIntervalDays"],
        },
        validateResource: (args, reportViolation) => {
            if (args.type === "databricks:index/servicePrincipalSecret:ServicePrincipalSecret") {
                const { rotationIntervalDays: fallback } = args.getConfig<{ rotationIntervalDays: number }>();
                const problem = tooShortLived(args.props.lifetime, stack.rotationIntervalDays ?? fallback);
                if (problem) {
                    reportViolation(problem);
                }
            }
        },
    };
}
