import { readFileSync } from "node:fs";
import { z } from "zod";
import { databricksWorld } from "./databricks-world";
import { doubtsWorld } from "../doubts";
import { ciWorld } from "./ci-world";
import { entraWorld } from "./entra-world";
import { powerBiWorld } from "./power-bi-world";

const world = z.strictObject({
    databricks: databricksWorld.prefault({}),
    /** A second workspace, in another cloud. */
    databricks2: databricksWorld.prefault({ workspaceId: "6543210987654321", cloud: "AWS" }),
    entra: entraWorld.prefault({}),
    powerBi: powerBiWorld.prefault({}),
    ci: ciWorld.prefault({}),
    /** How the services behave where nobody knows. */
    doubts: doubtsWorld.prefault({}),
    sandboxTime: z
        .strictObject({
            /** How far the sandbox's clock is ahead of the real one. */
            offsetInSeconds: z.number().default(0),
        })
        .prefault({}),
});

/** Everything that the services know. The live state is this object: it can be taken out, changed and put back. */
export type World = z.infer<typeof world>;

/** A world as it may be written in a file: what is left out gets a default. */
export type WorldInput = z.input<typeof world>;

type WorkspaceHosts = Record<"databricks" | "databricks2", string>;

/** A world that is not as it should be; the message names each place. */
export class InvalidWorldError extends Error {}

/**
 * Validates a world and fills in its defaults.
 *
 * @param input a parsed world file
 * @param origin where the world comes from, for the error message
 * @param hosts what `${databricks.host}` and `${databricks2.host}` stand for in every string
 */
export function parseWorld(input: unknown, origin: string, hosts: WorkspaceHosts): World {
    const parsed = world.safeParse(replacePlaceholders(input, hosts));
    if (!parsed.success) {
        const problems = parsed.error.issues.map((issue) => `${pathOf(issue.path)}: ${issue.message}`);
        throw new InvalidWorldError(`${origin} is not a valid world: ${problems.join("; ")}`);
    }
    return parsed.data;
}

/** Reads a world file without validating it. */
export function readWorldFile(path: string): unknown {
    try {
        return JSON.parse(readFileSync(path, "utf8"));
    } catch (error) {
        throw new InvalidWorldError(`${path} is not a valid world: ${(error as Error).message}`);
    }
}

function pathOf(path: PropertyKey[]): string {
    return (
        path.reduce<string>((text, part) => {
            const name = typeof part === "number" ? `[${part}]` : String(part);
            return text && typeof part !== "number" ? `${text}.${name}` : text + name;
        }, "") || "the world"
    );
}

function replacePlaceholders(value: unknown, hosts: WorkspaceHosts): unknown {
    if (typeof value === "string") {
        return value.replace(/\$\{(databricks2?)\.host\}/g, (_, name: keyof WorkspaceHosts) => hosts[name]);
    }
    if (Array.isArray(value)) {
        return value.map((item) => replacePlaceholders(item, hosts));
    }
    if (value !== null && typeof value === "object") {
        const entries = Object.entries(value).map(([key, item]) => [key, replacePlaceholders(item, hosts)]);
        return Object.fromEntries(entries);
    }
    return value;
}
