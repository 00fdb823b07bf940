import { ResourceValidationPolicy } from "@pulumi/policy";
import { fits } from "../planning/patterns";
import { StackFacts } from "./stack";

/**
 * Judges the addresses on this machine that a stack speaks to: a pipeline that runs a real stack against a sandbox, or
 * against whatever listens there, would hand real secrets to it.
 *
 * @param loopback addresses by their config keys.
 * @param developmentStacks names of stacks that may have them, in which `*` stands for anything.
 * @returns what is wrong and what to do; undefined when nothing is.
 */
export function strayLoopback(
    stack: string,
    loopback: Record<string, string>,
    developmentStacks: string[],
): string | undefined {
    const found = Object.entries(loopback).map(([key, address]) => `${key} (${address})`);
    return found.length === 0 || fits(stack, developmentStacks)
        ? undefined
        : `Stack ${stack} has ${found.join(", ")} on this machine. Development stacks are called ` +
              `${developmentStacks.join(", ")}: take the keys out, or add the stack to \`developmentStacks\` in ` +
              "policy/config.json.";
}

/** The rule about endpoints. */
export function loopbackEndpoints({ name, loopback }: StackFacts): ResourceValidationPolicy {
    return {
        name: "loopback-endpoints",
        description: "Only development stacks speak to services on this machine.",
        configSchema: {
            properties: {
                developmentStacks: {
                    type: "array",
                    items: { type: "string" },
                    description: "Names of stacks that may speak to services on this machine; * stands for anything.",
                },
            },
            required: ["developmentStacks"],
        },
        validateResource: ({ type, getConfig }, reportViolation) => {
            if (type === "pulumi:pulumi:Stack") {
                const { developmentStacks } = getConfig<{ developmentStacks: string[] }>();
                const problem = strayLoopback(name, loopback, developmentStacks);
                if (problem) {
                    reportViolation(problem);
                }
            }
        },
    };
}
