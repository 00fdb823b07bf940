import assert from "node:assert/strict";
import fc from "fast-check";
import { scopeKey, vaultName } from "../../clients/entry-names";

describe("the names of stored entries", () => {
    const anyName = fc.oneof(
        fc.string({ unit: "grapheme", minLength: 1 }),
        fc.string({ unit: "binary", minLength: 1, maxLength: 400 }),
        fc.string({ unit: fc.constantFrom("a", "-", " ", "_", ".", "("), minLength: 1, maxLength: 130 }),
    );

    it("stay as they are where they may", () => {
        assert.equal(scopeKey("powerbi-sales_1.2", "client-secret"), "powerbi-sales_1.2-client-secret");
        assert.equal(vaultName("powerbi-sales", "client-id"), "powerbi-sales-client-id");
    });

    it("can be read where they may not, and are the same each time", () => {
        assert.match(scopeKey("Power BI (Sales)", "client-id"), /^Power-BI-Sales-[0-9a-f]{10}-client-id$/);
        assert.match(scopeKey("営業", "client-id"), /^[0-9a-f]{10}-client-id$/);
        assert.match(vaultName("powerbi_sales", "client-id"), /^powerbi-sales-[0-9a-f]{10}-client-id$/);
        assert.equal(scopeKey("Power BI (Sales)", "client-id"), scopeKey("Power BI (Sales)", "client-id"));
    });

    it("are accepted by Databricks and by a key vault, whatever the name", () => {
        fc.assert(
            fc.property(anyName, fc.constantFrom("tenant-id", "client-id", "client-secret"), (name, entry) => {
                assert.match(scopeKey(name, entry), /^[A-Za-z0-9._-]{1,128}$/);
                assert.match(vaultName(name, entry), /^[A-Za-z0-9-]{1,127}$/);
            }),
            { numRuns: 1000 },
        );
    });

    it("are never those of another name or entry", () => {
        const likes = [
            "Power BI",
            "Power-BI",
            "Power_BI",
            "Power.BI",
            "Power BI ",
            "(Power BI)",
            "x".repeat(200),
            "x".repeat(201),
        ];
        const all = likes.flatMap((name) => ["client-id", "client-secret"].flatMap((entry) => [scopeKey(name, entry)]));
        assert.equal(new Set(all).size, all.length);
        fc.assert(
            fc.property(anyName, anyName, (one, other) => {
                fc.pre(one !== other && Buffer.from(one).toString() !== Buffer.from(other).toString());
                for (const nameOf of [scopeKey, vaultName]) {
                    const names = [one, other].flatMap((name) => [
                        nameOf(name, "client-id"),
                        nameOf(name, "client-secret"),
                    ]);
                    assert.equal(new Set(names).size, 4);
                }
            }),
        );
    });
});
