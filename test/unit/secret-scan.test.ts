import assert from "node:assert/strict";
import fc from "fast-check";
import { SecretScanner } from "../secret-scan";

const value = 'dose/4+"be quiet\\~secret';

describe("the scan for secrets", () => {
    const words = value.split(" ");
    const scanner = new SecretScanner([value]);
    const formsFound = (text: string) => scanner.scan([{ name: "a file", text }]).map(({ form }) => form);

    it("finds a value as it is, in JSON, in an address and in base64 after anything", () => {
        assert.deepEqual(formsFound(`x ${value} y`), ["plain"]);
        assert.equal(formsFound(JSON.stringify({ value: words[0] })).length, 1);
        assert.equal(formsFound(`https://h/?x=${encodeURIComponent(words[0])}`).length, 1);
        fc.assert(
            fc.property(fc.string(), fc.string(), (before, after) => {
                const text = Buffer.from(before + words[1] + after).toString("base64");
                assert.deepEqual(formsFound(text), ["base64"]);
            }),
        );
    });

    it("names source, line and context, and never the value", () => {
        const [finding] = scanner.scan([{ name: "a log", text: `nothing\nclientSecret={${words[1]}}` }]);
        assert.deepEqual(finding, { source: "a log", line: 2, form: "plain", context: "clientSecret={█}" });
    });

    it("finds nothing where there is nothing", () => {
        assert.deepEqual(formsFound("dose be secret"), []);
    });
});
