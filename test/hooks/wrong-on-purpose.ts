import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { recordNames } from "../../sandbox/contract/records";
import { readViolations, recordsFolder } from "./records";

/**
 * Does something that sends what no contract allows, in order to see what comes of it. Answers are judged all the same. It
 * has to be wrong: a mark that is needed no more is an error.
 */
export async function wrongOnPurpose<T>(act: () => T | Promise<T>): Promise<T> {
    const folder = recordsFolder();
    if (folder === undefined) {
        return act();
    }
    const marker = path.join(folder, recordNames.marker);
    const before = readViolations().length;
    mkdirSync(folder, { recursive: true });
    writeFileSync(marker, "");
    try {
        return await act();
    } finally {
        rmSync(marker);
        const isWrong = readViolations()
            .slice(before)
            .some(({ onPurpose }) => onPurpose);
        assert.ok(isWrong, "nothing that was sent is against the contract: take wrongOnPurpose away");
    }
}
