import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import * as path from "node:path";
import * as readline from "node:readline";
import axios from "axios";
import { projectRoot } from "../../engine/home";
import { wrongOnPurpose } from "../hooks/wrong-on-purpose";

const describeJudged = process.env.CONTRACTS ? describe : () => undefined;

/** A process of its own, with what it prints. */
function run(args: string[], env: NodeJS.ProcessEnv): Promise<{ code: number | null; output: string }> {
    return new Promise((resolve) => {
        const child = spawn(process.execPath, args, { cwd: projectRoot, env });
        let output = "";
        child.stdout.on("data", (part) => (output += part));
        child.stderr.on("data", (part) => (output += part));
        child.on("close", (code) => resolve({ code, output }));
    });
}

describeJudged("a violation of a contract", () => {
    const mocha = path.join("node_modules", "mocha", "bin", "mocha.js");
    const file = path.join("test", "contract", "violating", "tests.ts");

    for (const how of [[], ["--parallel"]]) {
        it(`fails the test that made it and no other${how.length > 0 ? ", in workers too" : ""}`, async () => {
            const env = { ...process.env, CONTRACT_RECORDS: "" };
            const { code, output } = await run([mocha, ...how, file], env);
            const failed = [...output.matchAll(/^ {7}(that .*):$/gm)].map(([, title]) => title);
            assert.deepEqual(
                failed,
                [
                    "that ask what there is not",
                    "that fail by themselves as well",
                    "that only say that they do so on purpose",
                    "that let a fault answer in the place of what they ask wrongly",
                ],
                output,
            );
            assert.equal(code, failed.length);
            assert.match(
                output,
                /The contract was not kept by this test:\n +GET \/api\/2\.0\/nothing: request: path is not known/,
            );
            assert.match(output, /404 !== 200[^]*GET \/api\/2\.0\/nothing-more: request: path is not known/);
            assert.match(output, /nothing that was sent is against the contract: take wrongOnPurpose away/);
            assert.match(
                output,
                /3 exchanges of 1 operations were judged by facts[^]*3 violations, and 1 that a test sent on purpose/,
            );
        });
    }

    it("is nothing where no contracts are named", async () => {
        const env = { ...process.env, CONTRACTS: "", CONTRACT_RECORDS: "" };
        const { code, output } = await run([mocha, file], env);
        assert.doesNotMatch(output, /contract was not kept|were judged/);
        assert.equal(code, 1, output);
    });

    it("is found in a sandbox with a process of its own", async () => {
        const args = ["-r", "ts-node/register/transpile-only", "sandbox/main.ts", "--port", "0"];
        const child = spawn(process.execPath, args, { cwd: projectRoot });
        const ended = new Promise((resolve) => child.on("close", resolve));
        try {
            const [line] = await new Promise<string[]>((resolve) =>
                readline.createInterface(child.stdout).once("line", (text) => resolve([text])),
            );
            const { databricks } = JSON.parse(line);
            // Which fails where nothing wrong is found.
            await wrongOnPurpose(() => axios.get(`${databricks}/api/2.0/nothing`, { validateStatus: () => true }));
        } finally {
            child.kill();
            await ended;
        }
    });
});
