import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { isDeepStrictEqual } from "node:util";
import { projectRoot } from "../../engine/home";
import { parseWorld } from "../../sandbox/world/world";
import { Scene, setScene } from "../engine/support";
import { MadeState, release, save } from "./made-state";
import { withoutAddresses } from "./portable";
import { scenarios } from "./scenarios";

/** Where the code is that decides what a state looks like. */
const programFolders = [
    "index.ts",
    "outputs.ts",
    "clients",
    "components",
    "diagnostics",
    "dynamic-providers",
    "planning",
    "settings",
];

/**
 * `npm run states [-- NAME …]`: lives the scenarios on the real engine, and keeps the states that they leave. They are
 * those of a release: what the present program leaves is none of it unless it is that release.
 */
async function main(): Promise<void> {
    const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(scenarios);
    for (const name of names) {
        save(name, await make(name));
        process.stderr.write(`${release}/${name}\n`);
    }
}

async function make(name: string): Promise<MadeState> {
    const { live, ...options } = scenarios[name];
    const scene = await setScene(options);
    try {
        const { control, stack, sandbox } = scene;
        const others = await control.world();
        await live(scene);
        const texts = {
            state: await stack.export(),
            config: JSON.stringify(stack.file()),
            world: JSON.stringify(await control.world()),
            others: JSON.stringify(others),
        };
        const { state, config, world, ...rest } = Object.fromEntries(
            Object.entries(texts).map(([part, text]) => [part, portable(text, scene)]),
        );
        assert.ok(sandbox.world.sandboxTime.offsetInSeconds === 0, "the sandbox's clock is the real one");
        const made = { at: new Date().toISOString(), program: commitOf(programFolders) };
        return { state, config, world: withoutDefaults(world), others: withoutDefaults(rest.others), made };
    } finally {
        await scene.close();
    }
}

/** Takes out what is of this sandbox and this machine: addresses, and the lines of code that declared each resource. */
function portable(text: string, { sandbox, stack }: Scene) {
    const isCode = (key: string) => key === "sourcePosition" || key === "stackTrace";
    const result = JSON.parse(withoutAddresses(text, sandbox.urls), (key, value) => (isCode(key) ? undefined : value));
    for (const place of ["127.0.0.1:", projectRoot, stack.folder]) {
        assert.ok(!JSON.stringify(result).includes(place), `${place} is nowhere in what is kept`);
    }
    return result;
}

/**
 * A world without what is a default in it anyway: it can be read, and a later sandbox that knows more reads it too. The
 * keys of gateways stay, which are made anew where a world has none.
 */
function withoutDefaults(world: object): object {
    const parse = (input: object) =>
        parseWorld(input, "the world", { databricks: "${databricks.host}", databricks2: "${databricks2.host}" });
    const full = parse(world);
    const result = structuredClone(full) as unknown as Record<string, unknown>;
    const isSame = () => {
        try {
            return isDeepStrictEqual(parse(result), full);
        } catch {
            return false;
        }
    };
    const prune = (value: unknown): void => {
        if (Array.isArray(value)) {
            return value.forEach(prune);
        }
        if (value === null || typeof value !== "object") {
            return;
        }
        const owner = value as Record<string, unknown>;
        for (const [key, inner] of Object.entries(owner).filter(([name]) => name !== "privateKey")) {
            delete owner[key];
            if (!isSame()) {
                owner[key] = inner;
                prune(inner);
            }
        }
    };
    prune(result);
    return result;
}

function commitOf(paths: string[]): string {
    return execFileSync("git", ["log", "-1", "--format=%H", "--", ...paths], {
        cwd: projectRoot,
        encoding: "utf8",
    }).trim();
}

main().catch((error: Error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exitCode = 1;
});
