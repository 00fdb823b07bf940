import assert from "node:assert/strict";
import { Readers } from "../../demo/readers";
import { RunningCommand } from "../../engine/stack";
import { until } from "../until";
import * as support from "./support";

const { failsWith, succeeds } = support;

describe("an operator's mistakes with runs", function () {
    this.timeout(support.engineTimeoutInMs);

    let scene: support.Scene;
    let readers: Readers;
    let backup: string;

    const secrets = async () => (await support.principal(scene.control, "powerbi-sales")).secrets;
    const signal = ({ processGroup }: RunningCommand, name: NodeJS.Signals) => process.kill(-processGroup, name);
    /** Starts a rotation, and answers while Power BI takes its time with the credentials. */
    const startRotation = async (rotationKey: string, delayInMs: number) => {
        await scene.control.faults([{ service: "powerBi", method: "PATCH", path: "/gateways/", delayInMs }]);
        support.configure(scene.stack, { rotationKey });
        await scene.control.forgetRequests();
        const run = scene.stack.start("up", "--yes", "--skip-preview", "--stack", scene.stack.name);
        // A datasource is read just before its credential is set.
        await support.answered(
            scene.control,
            run.ended,
            /^POST .*\/credentials\/secrets$/,
            /^GET .*\/gateways\/.*\/datasources\//,
        );
        return run;
    };
    /** One plain up finishes the rotation that was interrupted, with the secret that it had made. */
    const goesOn = async () => {
        await scene.control.faults([]);
        await scene.control.forgetRequests();
        succeeds(await scene.stack.up());
        // The other credential's may not have been made yet.
        assert.equal(await support.mints(scene.control, "powerbi-sales"), 0);
        assert.equal((await secrets()).length, 1);
    };

    before(async () => {
        scene = await support.setScene();
        await scene.control.watchInvariants();
        succeeds(await scene.stack.up());
        backup = await scene.stack.export();
        readers = scene.readers(support.datasets);
    });
    afterEach(async () => {
        assert.deepEqual(await scene.control.violations(), []);
        assert.deepEqual(readers.failures, []);
    });
    after(async () => {
        await readers?.stop();
        await scene?.close();
    });

    it("two at once: the second is refused, says who has the stack, and asks nothing of any service", async () => {
        const first = await startRotation("2026-12", 4000);
        // Held where it is, so that nothing depends on how fast the second one is.
        signal(first, "SIGSTOP");
        try {
            await scene.control.forgetRequests();
            failsWith(
                await scene.stack.up(),
                /the stack is currently locked by 1 lock/,
                /created by \S+@\S+ \(pid \d+\)/,
                /Either wait for the other process\(es\) to end or delete the lock file with `pulumi cancel`/,
            );
        } finally {
            signal(first, "SIGCONT");
        }
        // What every run asks first.
        const asked = (await scene.control.requests()).filter(({ path: at }) =>
            /\/groups\?|\/sql\/warehouses$/.test(at),
        );
        assert.deepEqual(asked, []);
        succeeds(await first.ended);
        assert.equal((await secrets()).length, 1);
    });

    it("Ctrl-C: the credential at hand is set, nothing is deleted, and the next up goes on", async () => {
        const run = await startRotation("2027-01", 4000);
        signal(run, "SIGINT");
        failsWith(await run.ended, /\^C received; cancelling/, /error: update canceled/);
        assert.equal((await secrets()).length, 2);
        await goesOn();
    });

    it("Ctrl-C twice: it ends at once, the lock is given back, and the next up goes on", async () => {
        const run = await startRotation("2027-02", 4000);
        signal(run, "SIGINT");
        // Two signals at once would be one.
        await until(() => run.printed().includes("^C received; cancelling"), run.ended);
        signal(run, "SIGINT");
        failsWith(await run.ended, /\^C received; terminating/);
        assert.equal((await secrets()).length, 2);
        await goesOn();
    });

    it("killed: the lock stays, the error says how to take it away, and after that the next up goes on", async () => {
        const run = await startRotation("2027-03", 4000);
        signal(run, "SIGKILL");
        await run.ended;
        failsWith(await scene.stack.up(), /the stack is currently locked by 1 lock.*`pulumi cancel`/);
        succeeds(await scene.stack.pulumi("cancel", "--yes", scene.stack.name));
        await goesOn();
    });

    it("a state from an old backup: the secrets that it knows are gone, others are made, and none that is bound is deleted", async () => {
        const [bound] = await secrets();
        succeeds(await scene.stack.import(backup));
        await scene.control.forgetRequests();
        support.succeedsWith(
            await scene.stack.up(),
            /secret \S+ \(rotation key 2026-11\) of \S+ was deleted in Databricks/,
            /\+ +databricks:index:ServicePrincipalSecret powerbi-sales-2027-03 created/,
        );
        assert.equal(await support.mints(scene.control), 2);
        // The one that was bound until then is in no state any more: it is somebody's to look at, not the stack's to delete.
        const [left, made] = await secrets();
        assert.equal(left.id, bound.id);
        const outputs = (await scene.stack.outputs()) as { credentials: Record<string, { secretId: string }> };
        assert.equal(outputs.credentials["powerbi-sales"].secretId, made.id);
        assert.equal((await scene.stack.preview("--expect-no-changes")).exitCode, 0);
    });
});
