import assert from "node:assert/strict";
import axios from "axios";
import { Readers } from "../../demo/readers";
import * as support from "./support";

const { failsWith, succeeds } = support;

describe("an operator's mistakes with rotation keys", function () {
    this.timeout(support.engineTimeoutInMs);

    let scene: support.Scene;
    let readers: Readers;

    /** Bindings fail from now on, for a cause that reports do not feel. */
    const breakBindings = () =>
        scene.control.faults([
            {
                service: "powerBi",
                method: "PATCH",
                path: "/gateways/",
                status: 403,
                body: { error: { code: "PowerBINotAuthorizedException" } },
            },
        ]);
    const mendBindings = () => scene.control.faults([]);
    const rotateTo = (rotationKey: string, retainedRotationKeys?: string[]) =>
        support.configure(scene.stack, { rotationKey, retainedRotationKeys });
    const secrets = async () => (await support.principal(scene.control, "powerbi-sales")).secrets;
    const ids = async () => (await secrets()).map(({ id }) => id);
    const logsIn = async (clientSecret: string) => {
        const { applicationId } = await support.principal(scene.control, "powerbi-sales");
        const form = "grant_type=client_credentials&scope=all-apis";
        const auth = { username: applicationId, password: clientSecret };
        const address = `${scene.sandbox.urls.databricks}/oidc/v1/token`;
        return (await axios.post(address, form, { auth, validateStatus: () => true })).status === 200;
    };

    before(async () => {
        scene = await support.setScene();
        await scene.control.watchInvariants();
        succeeds(await scene.stack.up());
        readers = scene.readers(support.datasets);
    });
    beforeEach(() => scene.control.forgetRequests());
    afterEach(async () => {
        assert.deepEqual(await scene.control.violations(), []);
        assert.deepEqual(readers.failures, []);
    });
    after(async () => {
        await readers?.stop();
        await scene?.close();
    });

    it("bumped twice while bindings fail: the second is refused before a secret is made, in preview too", async () => {
        await breakBindings();
        rotateTo("2026-12");
        failsWith(
            await scene.stack.up(),
            // Whichever comes first: the engine begins nothing more after one has failed.
            /0 of 1 datasources of powerbi-(sales|finance) were switched to secret/,
            /The others keep the secret that they had, which stays alive; run `pulumi up` again when the cause is gone/,
        );
        assert.equal((await secrets()).length, 2);

        rotateTo("2027-01");
        await scene.control.forgetRequests();
        const sentence = [
            /powerbi-\w+: the last rotation, to rotation key 2026-12, has not come to its end/,
            /no further secret \(rotation key 2027-01\) is made before it has/,
            /`pulumi config set rotationKey 2026-12` and `pulumi up`, which names what is in the way/,
            /`pulumi config set rotationKey 2026-11` instead gives that rotation up/,
        ];
        failsWith(await scene.stack.preview(), ...sentence);
        failsWith(await scene.stack.up(), ...sentence);
        assert.equal(await support.mints(scene.control), 0);
        assert.equal((await secrets()).length, 2);
    });

    it("and set back: it goes on with the secret that it made, and the next rotation is free", async () => {
        const [, made] = await ids();
        rotateTo("2026-12");
        failsWith(await scene.stack.up(), /PowerBINotAuthorizedException/, /SP2 must own the dataset/);
        await mendBindings();
        succeeds(await scene.stack.up());
        assert.equal(await support.mints(scene.control, "powerbi-sales"), 0);
        assert.deepEqual(await ids(), [made]);
        rotateTo("2027-01");
        succeeds(await scene.stack.up());
        assert.notDeepEqual(await ids(), [made]);
    });

    it("set back to the key in use gives a rotation up that cannot end: nothing is bound, what it made is deleted", async () => {
        const inUse = await ids();
        await breakBindings();
        rotateTo("2027-02");
        failsWith(await scene.stack.up(), /which stays alive/);
        assert.equal((await secrets()).length, 2);
        rotateTo("2027-01");
        await scene.control.forgetRequests();
        succeeds(await scene.stack.up());
        assert.equal(await support.mints(scene.control), 0);
        assert.deepEqual(await ids(), inUse);
        await mendBindings();
    });

    it("set back to one whose secret was deleted long ago: a new secret gets that name, as with any other key", async () => {
        const before = await ids();
        rotateTo("2026-11");
        const { output } = succeeds(await scene.stack.up());
        assert.match(output, /\+ +databricks:index:ServicePrincipalSecret powerbi-sales-2026-11 created/);
        // The two of the rotation that was given up left nothing else to do.
        assert.doesNotMatch(output, /ServicePrincipalSecret powerbi-sales-2027-02/);
        assert.equal(await support.mints(scene.control), 2);
        assert.equal((await secrets()).length, 1);
        assert.notDeepEqual(await ids(), before);
    });

    it("a retained key dropped too early, in a run that cannot bind: its secret lives until a run comes to its end", async () => {
        const [former] = await secrets();
        rotateTo("2026-12", ["2026-11"]);
        succeeds(await scene.stack.up());
        await breakBindings();
        rotateTo("2027-01");
        failsWith(await scene.stack.up(), /which stays alive/);
        assert.equal((await secrets()).length, 3);
        assert.ok(await logsIn(former.secret), "who else uses the retained secret is not cut off by a run that failed");
        await mendBindings();
        await scene.control.forgetRequests();
        succeeds(await scene.stack.up());
        assert.equal(await support.mints(scene.control, "powerbi-sales"), 0);
        assert.equal((await secrets()).length, 1);
        assert.ok(!(await logsIn(former.secret)), "a run that came to its end deletes what is listed no more");
    });
});
