import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { parseWorld } from "../../sandbox/world/world";
import { load, MadeState, release } from "../states/made-state";
import { movedBy, withAddresses, withoutAddresses } from "../states/portable";
import { scenarios } from "../states/scenarios";

const urls = {
    databricks: "http://127.0.0.1:1801",
    databricks2: "http://127.0.0.1:18012",
    entra: "http://127.0.0.1:1802",
    powerBi: "http://127.0.0.1:1803",
    fabric: "http://127.0.0.1:1804",
    control: "http://127.0.0.1:1805",
};

describe("a state that is kept", () => {
    it("gets the addresses of another sandbox, also where one begins like another", () => {
        const text = "http://127.0.0.1:18012/x 127.0.0.1:1801/y 127.0.0.1:1804";
        const kept = withoutAddresses(text, urls);
        assert.equal(kept, "http://${databricks2.host}/x ${databricks.host}/y ${fabric.host}");
        assert.equal(withAddresses(kept, urls), text);
    });

    it("is as old as it was: every instant is moved, and nothing else that looks like a date", () => {
        const text = '"2026-11-30T23:59:59Z" "2026-11-30T23:59:59.123Z" "2026-11" "2026-11-30T23:59:59.1+00:00"';
        const moved = '"2026-12-01T00:00:01Z" "2026-12-01T00:00:01.123Z" "2026-11" "2026-11-30T23:59:59.1+00:00"';
        assert.equal(movedBy(2, text), moved);
    });

    it("is kept for each scenario, and for no other", () => {
        const folder = path.join(__dirname, "..", "states", release);
        assert.deepEqual(fs.readdirSync(folder).sort(), Object.keys(scenarios).sort());
    });

    for (const name of Object.keys(scenarios)) {
        it(`${name}: the sandbox reads its worlds, and it names no address and no folder`, () => {
            const text = load(name);
            assert.doesNotMatch(text, /127\.0\.0\.1|localhost|\/tmp\/|\/home\/|\/root\//);
            const { world, others, state, config } = JSON.parse(text) as MadeState;
            const hosts = { databricks: new URL(urls.databricks).host, databricks2: new URL(urls.databricks2).host };
            parseWorld(world, name, hosts);
            parseWorld(others, name, hosts);
            assert.match(JSON.stringify(state), /"ciphertext":"v1:/);
            assert.match(config.encryptionsalt, /^v1:/);
        });
    }
});
