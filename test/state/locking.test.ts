import assert from "node:assert/strict";
import * as support from "../engine/support";
import { until } from "../until";
import { S3Server, startS3Server } from "./s3-server";

describe("state in S3, with two runs at a time", function () {
    this.timeout(support.engineTimeoutInMs);

    let s3: S3Server;
    let scene: support.Scene;

    before(async () => {
        s3 = await startS3Server();
        scene = await support.setScene({ environment: { ...s3.environment, PULUMI_BACKEND_URL: s3.backendUrl } });
    });
    after(async () => {
        await scene?.close();
        await s3?.close();
    });

    const locks = async () => (await s3.keys()).filter((key) => key.startsWith(".pulumi/locks/"));
    const isLocked = /the stack is currently locked by 1 lock\(s\)\. Either wait for the other process\(es\) to end/;

    it("refuses the second run with the lock's words, and lets the first one end", async () => {
        const first = scene.stack.start("up", "--yes", "--skip-preview", "--stack", scene.stack.name);
        const signal = (name: NodeJS.Signals) => process.kill(-first.processGroup, name);
        try {
            await until(async () => (await locks()).length > 0, first.ended);
            // Held where it is, so that nothing depends on how fast the second one is.
            signal("SIGSTOP");
            await scene.control.forgetRequests();
            const second = await scene.stack.up();
            assert.notEqual(second.exitCode, 0, second.output);
            assert.match(second.output, isLocked);
            assert.deepEqual(await scene.control.requests(), [], "it asked the services for nothing");
        } finally {
            signal("SIGCONT");
        }
        const ended = await first.ended;
        assert.equal(ended.exitCode, 0, ended.output);
        assert.deepEqual(await locks(), []);
        await support.reportsWork(scene.control);
    });

    it("never lets two that start together both change something", async () => {
        support.configure(scene.stack, { rotationKey: "2026-12" });
        const results = await Promise.all([scene.stack.up(), scene.stack.up()]);
        const refused = results.filter(({ exitCode }) => exitCode !== 0);
        // Each writes its lock and looks for others; when both see the other's, both give way.
        assert.ok(refused.length >= 1, results.map(({ output }) => output).join("\n"));
        refused.forEach(({ output }) => assert.match(output, /the stack is currently locked by \d lock\(s\)/));
        assert.deepEqual(await locks(), []);
        if (refused.length === results.length) {
            support.succeeds(await scene.stack.up());
        }
        assert.equal((await support.principal(scene.control, "powerbi-sales")).secrets.length, 1);
        await support.reportsWork(scene.control);
    });

    it("is free again by pulumi cancel, after a run that was killed left its lock", async () => {
        const left = { pid: 1, username: "job", hostname: "runner-1", timestamp: "2026-12-01T06:23:00Z" };
        const [stackFile] = (await s3.keys()).filter((key) => /^\.pulumi\/stacks\/.*\.json$/.test(key));
        const folder = stackFile.replace(/^\.pulumi\/stacks\//, "").replace(/\.json$/, "");
        await s3.put(`.pulumi/locks/organization/${folder}/killed.json`, JSON.stringify(left));
        const refused = await scene.stack.up();
        assert.match(refused.output, isLocked);
        assert.match(refused.output, /created by job@runner-1 \(pid 1\)/);
        support.succeeds(await scene.stack.pulumi("cancel", "--yes", "--stack", "test"));
        support.succeeds(await scene.stack.up());
    });
});
