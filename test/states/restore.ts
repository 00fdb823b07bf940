import { ensureEngine } from "../../engine/ensure";
import { Stack } from "../../engine/stack";
import { startSandbox } from "../../sandbox";
import { Scene, sceneOf, succeeds } from "../engine/support";
import { load, MadeState } from "./made-state";
import { movedBy, withAddresses } from "./portable";

/** A stack with a state that an earlier release left, on a sandbox with the world of that moment. */
export interface RestoredScene extends Scene {
    /** What the services held before the stack was there. */
    others: object;
}

/**
 * Brings a state back. Its secrets stay encrypted: the stack's file has their salt, and the passphrase is that of every
 * stack on the sandbox. It is as old as it was when it was taken: a secret that had ninety days has them again.
 */
export async function restore(name: string): Promise<RestoredScene> {
    await ensureEngine();
    const text = load(name);
    const { made } = JSON.parse(text) as MadeState;
    const age = Math.floor((Date.now() - Date.parse(made.at)) / 1000);
    const moved = movedBy(age, text);
    // The world file's placeholders are the sandbox's to fill.
    const sandbox = await startSandbox({ world: (JSON.parse(moved) as MadeState).world });
    const { state, config, others } = JSON.parse(withAddresses(moved, sandbox.urls)) as MadeState;
    const stack = await Stack.create({ name: "test", base: config, config: {} });
    succeeds(await stack.import(JSON.stringify(state)));
    return { ...sceneOf(sandbox, stack), others };
}
