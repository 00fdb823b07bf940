import { isDeepStrictEqual } from "node:util";
import { Diagnostic, drift } from "../diagnostics/diagnostic";
import { nameOf, StateResource } from "./state-resource";

/** A step of `pulumi preview --json`: the resource as the refresh before it left it, and as it is to be. */
export interface Step {
    op: string;
    urn: string;
    oldState?: { outputs?: Record<string, unknown> };
    newState?: { parent?: string };
}

/** Our own resources say themselves what differs (dynamic-providers/provider.ts). */
const ownTypes = /^pulumi-nodejs:dynamic\//;

/**
 * What differs of the resources of other providers: the refresh of a preview found them otherwise than the state has them,
 * and the preview would change them. A change of the declaration alone is none.
 *
 * @param state the resources as they were before the preview.
 */
export function driftOf(steps: Step[], state: StateResource[]): Diagnostic[] {
    const stored = new Map(state.map((resource) => [resource.urn, resource]));
    return steps.flatMap(({ op, urn, oldState }) => {
        const known = stored.get(urn);
        if (!known || ownTypes.test(known.type) || known.delete || !["create", "update", "replace"].includes(op)) {
            return [];
        }
        const what = `${known.type.split(/[:/]/).at(-1)} ${nameOf(urn)}`;
        if (op === "create") {
            return [drift({ resource: urn }, `${what} is gone`)];
        }
        const changed = changedKeys(known.outputs ?? {}, oldState?.outputs ?? {});
        return changed.length > 0 ? [drift({ resource: urn }, `${what} was changed: ${changed.join(", ")}`)] : [];
    });
}

/** The outputs that differ. A secret is written in another way by each command, and is left out; so is what a bridge notes. */
function changedKeys(before: Record<string, unknown>, now: Record<string, unknown>): string[] {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])].filter((key) => !key.startsWith("__"));
    return keys.filter((key) => !isHidden(now[key]) && !isDeepStrictEqual(before[key], now[key])).sort();
}

function isHidden(value: unknown): boolean {
    return JSON.stringify(value ?? null).includes('"[secret]"');
}
