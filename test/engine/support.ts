import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { ReportDataset, Readers } from "../../demo/readers";
import { ensureEngine } from "../../engine/ensure";
import { CommandResult, Stack, StackConfig } from "../../engine/stack";
import { devWorldFile, estateWorldFile, RunningSandbox, startSandbox } from "../../sandbox";
import { ControlClient } from "../../sandbox/control-client";
import { until } from "../until";

/** The namespace of the project's configuration keys. */
export const project = "powerbi-databricks-credentials";

/** The world of Pulumi.dev.yaml, and the ids in it. */
export const sales = { workspaceId: "90000000-0000-4000-8000-0000000000a1", name: "Sales" };
export const finance = { workspaceId: "90000000-0000-4000-8000-0000000000b1", name: "Finance" };
export const datasets = [
    { workspaceId: sales.workspaceId, datasetId: "d0000000-0000-4000-8000-0000000000a1", name: "Sales model" },
    { workspaceId: sales.workspaceId, datasetId: "d0000000-0000-4000-8000-0000000000a2", name: "Returns model" },
    { workspaceId: finance.workspaceId, datasetId: "d0000000-0000-4000-8000-0000000000b1", name: "Ledger model" },
];
export const sp2 = "c11e47aa-0000-4000-8000-000000000002";

/** A sandbox with a stack on it. */
export interface Scene {
    sandbox: RunningSandbox;
    control: ControlClient;
    stack: Stack;
    /** People who open reports until they are stopped, at the latest when the scene closes. */
    readers(datasets: ReportDataset[], pauseInMs?: number): Readers;
    close(): Promise<void>;
}

/** The time that making the engine may take on a machine that has none. */
export const engineTimeoutInMs = 40 * 60_000;

/** What `setScene` takes. */
export interface SceneOptions {
    /** The stack's name. Default `test`. */
    name?: string;
    /** Which of the project's stacks, and its world. Default `dev`. */
    base?: "dev" | "estate";
    /** Another world than the base's. */
    world?: object;
    /** Changes of the project's configuration, by its keys. */
    config?: StackConfig;
    /** Changes of the databricks provider's configuration, by its keys. */
    databricks?: StackConfig;
    programFolder?: string;
    /** Variables for the commands. */
    environment?: Record<string, string>;
}

/** Starts a sandbox and makes a stack on it. */
export async function setScene(options: SceneOptions = {}): Promise<Scene> {
    const { name = "test", base = "dev", config = {}, databricks = {}, programFolder, environment } = options;
    await ensureEngine();
    const sandbox = await startSandbox({ world: options.world ?? (base === "dev" ? devWorldFile : estateWorldFile) });
    const { urls } = sandbox;
    const { entra, powerBi, fabric } = urls;
    const prefixed = (prefix: string, values: StackConfig) =>
        Object.fromEntries(Object.entries(values).map(([key, value]) => [`${prefix}:${key}`, value]));
    const stack = await Stack.create({
        name,
        base,
        programFolder,
        environment,
        config: {
            ...prefixed("databricks", { host: urls.databricks, ...databricks }),
            ...prefixed(project, { endpoints: { entra, powerBi, fabric }, ...config }),
        },
    });
    if (base === "estate") {
        const key = `${project}:databricksWorkspaces`;
        const { ops } = stack.config()[key] as { ops: object };
        configure(stack, { databricksWorkspaces: { ops: { ...ops, host: urls.databricks2 } } });
    }
    return sceneOf(sandbox, stack);
}

/** A stack on a sandbox as a scene. */
export function sceneOf(sandbox: RunningSandbox, stack: Stack): Scene {
    const control = new ControlClient(sandbox.urls.control);
    const all: Readers[] = [];
    const readers = (datasets: ReportDataset[], pauseInMs = 50) => {
        const made = new Readers(control, datasets, pauseInMs);
        all.push(made);
        return made;
    };
    const close = async () => {
        await Promise.all(all.map((made) => made.stop()));
        await sandbox.close();
        stack.remove();
    };
    return { sandbox, control, stack, readers, close };
}

/** Changes configuration values of the project. */
export function configure(stack: Stack, values: StackConfig): void {
    stack.configure(Object.fromEntries(Object.entries(values).map(([key, value]) => [`${project}:${key}`, value])));
}

/** Fails with what the command printed unless it succeeded. */
export function succeeds(result: CommandResult): CommandResult {
    assert.equal(result.exitCode, 0, result.output);
    return result;
}

/** Fails unless the command succeeded and the user reads all of this: an up tells the drift that it heals as a preview does. */
export function succeedsWith(result: CommandResult, ...words: RegExp[]): CommandResult {
    words.forEach((expected) => assert.match(succeeds(result).output, expected));
    return result;
}

/** Fails unless the command failed and the user reads all of this. */
export function failsWith(result: CommandResult, ...words: RegExp[]): CommandResult {
    assert.notEqual(result.exitCode, 0, result.output);
    words.forEach((expected) => assert.match(result.output, expected));
    return result;
}

/** Fails unless a preview that expects no changes found some, and the user reads all of this. */
export function showsDrift(preview: CommandResult, ...words: RegExp[]): CommandResult {
    assert.equal(preview.exitCode, 7, preview.output);
    words.forEach((expected) => assert.match(preview.output, expected));
    return preview;
}

/**
 * How many secrets were made since the last `forgetRequests`.
 *
 * @param displayName of the service principal that they were made for; default of any.
 */
export async function mints(control: ControlClient, displayName?: string): Promise<number> {
    const id = displayName === undefined ? "" : (await principal(control, displayName)).id;
    const path = `${id}/credentials/secrets`;
    const sent = await control.requests();
    return sent.filter((request) => request.method === "POST" && request.path.endsWith(path) && request.status === 200)
        .length;
}

/** Waits until the sandbox has answered one request of a run after another. */
export async function answered(control: ControlClient, run: Promise<unknown>, ...sequence: RegExp[]): Promise<void> {
    await until(async () => {
        let next = 0;
        for (const { method, path } of await control.requests()) {
            next += sequence[next]?.test(`${method} ${path}`) ? 1 : 0;
        }
        return next === sequence.length;
    }, run);
}

/** The service principal that the stack made under a name. */
export async function principal(control: ControlClient, displayName: string) {
    const world = await control.world();
    const found = world.databricks.servicePrincipals.find(
        (candidate: { displayName: string }) => candidate.displayName === displayName,
    );
    assert.ok(found, `there is a service principal ${displayName}`);
    return found as { id: string; applicationId: string; secrets: { id: string; secret: string; status: string }[] };
}

/** What people other than the stack's principals hold: permissions, owners and privileges. */
export async function othersHoldings(control: ControlClient): Promise<unknown> {
    const { databricks } = await control.world();
    const ours = databricks.servicePrincipals
        .filter((item: { displayName: string }) => /^powerbi-(sales|finance)$/.test(item.displayName))
        .map((item: { applicationId: string }) => item.applicationId);
    return {
        acls: databricks.warehouses.map((warehouse: { acl: { servicePrincipalName?: string }[] }) =>
            warehouse.acl.filter((entry) => !ours.includes(entry.servicePrincipalName)),
        ),
        owners: databricks.warehouses.map((warehouse: { creatorName: string }) => warehouse.creatorName),
        grants: databricks.securables.map((securable: { grants: { principal: string }[] }) =>
            securable.grants.filter((grant) => !ours.includes(grant.principal)),
        ),
    };
}

/** Asserts that a report on each dataset reads its data. */
export async function reportsWork(control: ControlClient): Promise<void> {
    for (const { workspaceId, datasetId, name } of datasets) {
        const result = await control.query(workspaceId, datasetId);
        assert.ok(result.ok, `a report on ${name} works: ${JSON.stringify(result)}`);
    }
}

/** All texts of the files below a folder. */
export function textsBelow(folder: string): string {
    return fs
        .readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name), "utf8"))
        .join("\n");
}
