import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import * as path from "node:path";
import { planStack } from "../../commands/plan-stack";
import { StackCli } from "../../commands/stack-cli";
import { Services } from "../../clients/services";
import { projectRoot } from "../../engine/home";
import { StackOutputs } from "../../outputs";
import { parseSettings } from "../../settings";
import { Breakage, breakages, credentials, worldWithGateway } from "./breakages";
import { shareOf } from "../share";
import * as support from "./support";
import { askAll } from "./verdicts";
import { toText } from "../../diagnostics/render";

const { succeeds } = support;

/** `npm run verdicts` tries all of them: here it is one whose remedy is at the services, and two that an up ends. */
const share = shareOf(breakages, 5);

describe("broken stacks: preview, status and doctor say the same, and what they advise works", function () {
    this.timeout(support.engineTimeoutInMs);

    let scene: support.Scene;
    let cli: StackCli;
    const own = { ...process.env };

    before(async () => {
        scene = await support.setScene({ world: worldWithGateway(), config: { credentials } });
        // The commands run here, on the engine and the state of the stack.
        Object.assign(process.env, scene.stack.variables());
        cli = await StackCli.open("test", scene.stack.folder);
        succeeds(await scene.stack.up());
    });
    after(async () => {
        for (const name of Object.keys(process.env)) {
            delete process.env[name];
        }
        Object.assign(process.env, own);
        await scene?.close();
    });

    /** Fails unless a report on each model that is there reads its data. */
    async function reportsWork(): Promise<void> {
        const { powerBi } = await scene.control.world();
        for (const { id, datasets, name } of powerBi.workspaces) {
            for (const model of datasets.filter((dataset: { name: string }) => dataset.name !== "Ledger model")) {
                const result = await scene.control.query(id, model.id);
                assert.ok(result.ok, `${name} / ${model.name}: ${JSON.stringify(result)}`);
            }
        }
    }

    /** What an up would refuse, hold or tell, planned as it does. */
    async function plannedWords(): Promise<string[]> {
        const { keys, read, isSecret } = await cli.configuration();
        const settings = parseSettings(keys, read, isSecret);
        const plan = await planStack(settings, new Services(read), await cli.resources());
        return [...plan.problems, ...plan.warnings].map(toText);
    }

    it(`there are ${breakages.length} of them, each kind of verdict among them`, () => {
        assert.ok(breakages.length >= 12);
        const kinds = new Set(breakages.map(({ verdict }) => verdict));
        assert.deepEqual([...kinds].sort(), ["drift", "fine", "refused", "told"]);
    });

    for (const { name, breaks, verdict, says, remedy, follow } of share) {
        it(`${name}: ${verdict}`, async () => {
            const world = await scene.control.world();
            await scene.control.edit(breaks);
            const { verdicts, words } = await askAll(cli);
            // What is done in the services is done at once; what needs an up waits for the one that heals all of them.
            await (follow ? scene.control.edit(follow) : scene.control.restore(world));
            const all = Object.entries(words)
                .map(([command, said]) => `${command}:\n${said}`)
                .join("\n\n");
            assert.deepEqual(verdicts, { preview: verdict, status: verdict, doctor: verdict }, all);
            for (const said of says ? Object.values(words) : []) {
                assert.match(said, says!, all);
            }
            if (remedy) {
                assert.match(words.doctor, remedy, all);
            }
            assert.deepEqual(await plannedWords(), []);
            await reportsWork();
        });
    }

    /** Breaks things together, and follows what was advised of each. */
    async function breakAndConfigure(chosen: Breakage[]): Promise<void> {
        for (const { breaks, configures } of chosen) {
            await scene.control.edit(breaks);
            configures?.(scene.stack);
        }
    }

    const logins = share.filter(({ isLogin }) => isLogin);
    if (logins.length > 0) {
        it("logins that broke are well after what was advised and one up without a refresh", async () => {
            await breakAndConfigure(logins);
            succeeds(await scene.stack.up("--refresh=false"));
            await reportsWork();
        });
    }

    it("all others together are well after what was advised and one up", async () => {
        await breakAndConfigure(share.filter(({ follow, isLogin }) => !follow && !isLogin));
        succeeds(await scene.stack.up());
        assert.deepEqual(await plannedWords(), []);
        await reportsWork();
    });

    it("all is well in the end", async () => {
        const { verdicts, words } = await askAll(cli);
        assert.deepEqual(
            verdicts,
            { preview: "fine", status: "fine", doctor: "fine" },
            Object.values(words).join("\n"),
        );
    });

    it("npm run deploy exits 7 where something is held, having done all else", async () => {
        await scene.control.edit(breakages[0].breaks);
        const { exitCode, output } = await deploy();
        assert.equal(exitCode, 7, output);
        assert.match(
            output,
            /warning: credentials\[0\]: datasource "dbx-hq" of Onpremises gateway "HQ cluster".*\[held\]/,
        );
        assert.match(output, /It went well, and 1 thing [^]*- credentials\[0\]: .*rotation key "2026-11".*release: \[/);
        const { credentials: told } = (await scene.stack.outputs()) as unknown as StackOutputs;
        assert.deepEqual(
            told["powerbi-sales"].held?.map(({ datasource, rotationKey, cause }) => [datasource, rotationKey, cause]),
            [["dbx-hq", "2026-11", 'SP2 administers no gateway "HQ cluster" any more']],
        );
        await reportsWork();
    });

    function deploy(): Promise<{ exitCode: number; output: string }> {
        const script = path.join(projectRoot, "pipeline", "deploy.ts");
        return new Promise((resolve, reject) => {
            const args = ["-r", require.resolve("ts-node/register/transpile-only"), script, "--stack", "test"];
            const env = { ...process.env, TS_NODE_PROJECT: path.join(projectRoot, "tsconfig.json") };
            const child = spawn(process.execPath, args, { cwd: scene.stack.folder, env });
            let output = "";
            [child.stdout, child.stderr].forEach((stream) => stream.on("data", (chunk) => (output += String(chunk))));
            child.on("error", reject);
            child.on("close", (code) => resolve({ exitCode: code ?? -1, output }));
        });
    }
});
