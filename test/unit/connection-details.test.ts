import assert from "node:assert/strict";
import fc from "fast-check";
import {
    parseConnectionDetails,
    sameTarget,
    showSource,
    showTarget,
    targetOf,
    warehouseIdOf,
} from "../../clients/connection-details";

const host = fc.oneof(
    fc.stringMatching(/^adb-[0-9]{4,16}\.[0-9]{1,2}\.azuredatabricks\.net$/),
    fc.stringMatching(/^dbc-[0-9a-f]{8}-[0-9a-f]{4}\.cloud\.databricks\.com$/),
    fc.stringMatching(/^127\.0\.0\.1:[1-9][0-9]{3}$/),
);
const warehouseId = fc.stringMatching(/^[0-9a-f]{16}$/);
const kind = fc.constantFrom("Databricks", "DatabricksMultiCloud");
/** The ways in which people and services write the same place. */
const spelledHost = fc.constantFrom<(text: string) => string>(
    (text) => text,
    (text) => text.toUpperCase(),
    (text) => `https://${text}`,
    (text) => `HTTPS://${text}/`,
    (text) => ` ${text}// `,
);
const spelledPath = fc.constantFrom<(id: string) => string>(
    (id) => `/sql/1.0/warehouses/${id}`,
    (id) => `sql/1.0/warehouses/${id}`,
    (id) => `/sql/1.0/warehouses/${id}/`,
    (id) => `/sql/1.0/endpoints/${id}`,
    (id) => ` //sql/1.0/warehouses/${id}// `,
);
const escaped = (text: string) => text.replaceAll("/", "\\/");
/** The shapes of the dataset API, the gateway API, the scanner and Fabric; JSON may have its slashes escaped. */
const shapes: ((kind: string, host: string, httpPath: string) => unknown)[] = [
    (kind, host, httpPath) => ({ kind, path: JSON.stringify({ host, httpPath }) }),
    (kind, host, httpPath) => ({ kind, path: escaped(JSON.stringify({ host, httpPath })) }),
    (kind, host, httpPath) => ({ kind, path: { host, httpPath } }),
    (kind, host, httpPath) =>
        JSON.stringify({ extensionDataSourceKind: kind, extensionDataSourcePath: JSON.stringify({ host, httpPath }) }),
    (kind, host, httpPath) =>
        escaped(
            JSON.stringify({
                extensionDataSourceKind: kind,
                extensionDataSourcePath: JSON.stringify({ host, httpPath }),
            }),
        ),
    (kind, host, httpPath) => ({
        extensionDataSourceKind: kind,
        extensionDataSourcePath: JSON.stringify({ httpPath, host, catalog: "main" }),
    }),
    (kind, host, httpPath) => ({ type: kind, path: `${host};${httpPath}` }),
];

describe("connection details", () => {
    it("of each shape and spelling tell the same place", () => {
        const spelled = [kind, host, spelledHost, warehouseId, spelledPath, fc.constantFrom(...shapes)] as const;
        fc.assert(
            fc.property(...spelled, (kind, host, spellHost, id, spellPath, shape) => {
                const target = parseConnectionDetails(shape(kind, spellHost(host), spellPath(id)));
                assert.deepEqual(target, { host, httpPath: `/sql/1.0/warehouses/${id}` });
                assert.ok(sameTarget(target, targetOf(host.toUpperCase(), id)));
                assert.equal(warehouseIdOf(target), id);
                assert.equal(showTarget(target), `${host}/sql/1.0/warehouses/${id}`);
            }),
            { numRuns: 1000 },
        );
    });

    it("of another warehouse, host or kind are never taken for it", () => {
        fc.assert(
            fc.property(
                kind,
                host,
                host,
                warehouseId,
                warehouseId,
                fc.constantFrom(...shapes),
                (kind, host, other, id, otherId, shape) => {
                    const target = targetOf(host, id);
                    const parsed = (kind: string, host: string, id: string) =>
                        parseConnectionDetails(shape(kind, host, `/sql/1.0/warehouses/${id}`));
                    fc.pre(host !== other && id !== otherId);
                    assert.ok(!sameTarget(parsed(kind, other, id)!, target));
                    assert.ok(!sameTarget(parsed(kind, host, otherId)!, target));
                    assert.ok(!sameTarget(parsed(kind, `${host}.example.org`, id)!, target));
                    assert.ok(!sameTarget(parsed(kind, `example.org/${host}`, id)!, target));
                    assert.ok(!sameTarget(parsed(kind, `x@${host}`, id)!, target));
                    assert.ok(!sameTarget(parsed(kind, host, `${id}/../${otherId}`)!, target));
                    assert.equal(parsed("Sql", host, id), undefined);
                },
            ),
        );
    });

    it("once read stay as they are when they are read again", () => {
        const anyText = fc.oneof(
            fc.webUrl(),
            fc.string({ unit: "grapheme" }),
            fc.constantFrom("https://https://h//", "/ /a/ /"),
        );
        fc.assert(
            fc.property(kind, anyText, anyText, fc.constantFrom(...shapes), (kind, host, httpPath, shape) => {
                const once = parseConnectionDetails(shape(kind, host, httpPath));
                fc.pre(once !== undefined);
                assert.deepEqual(parseConnectionDetails({ kind, path: JSON.stringify(once) }), once);
            }),
            { numRuns: 1000 },
        );
    });

    it("that are anything at all are never an error", () => {
        const anything = fc.oneof(
            fc.anything({ withNullPrototype: false }),
            fc.json(),
            fc.string({ unit: "binary" }),
            fc.record({ kind: fc.jsonValue(), path: fc.oneof(fc.json(), fc.jsonValue()) }),
            fc.record({ kind, path: fc.oneof(fc.json(), fc.jsonValue(), fc.string()) }),
            fc.constantFrom('{"kind":{"toString":1},"path":"{}"}', '{"type":{"toString":null,"valueOf":null}}'),
            fc.constant({ kind: Object.create(null), path: "h;p" }),
        );
        fc.assert(
            fc.property(anything, fc.string(), (details, datasourceType) => {
                const target = parseConnectionDetails(details);
                assert.ok(target === undefined || (typeof target.host === "string" && target.httpPath.startsWith("/")));
                assert.equal(typeof showSource({ datasourceType, connectionDetails: details }), "string");
            }),
            { numRuns: 2000 },
        );
    });

    describe("of other sources, as messages show them", () => {
        const show = (datasourceType: string, connectionDetails: unknown) =>
            showSource({ datasourceType, connectionDetails });

        it("say what and where it is", () => {
            assert.equal(show("Sql", { server: "sql.example.com", database: "erp" }), "Sql sql.example.com erp");
            assert.equal(show("Web", { url: "https://example.com/data.csv" }), "Web https://example.com/data.csv");
            assert.equal(show("File", '{"path":"\\\\\\\\share\\\\x.xlsx"}'), "File \\\\share\\x.xlsx");
            assert.equal(
                show("Extension", { kind: "Snowflake", path: "x.example.com;WH" }),
                "Extension Snowflake x.example.com",
            );
            const databricks = { kind: "Databricks", path: '{"host":"adb-1.7.azuredatabricks.net","httpPath":"/a"}' };
            assert.equal(show("Extension", databricks), "adb-1.7.azuredatabricks.net/a");
        });

        it("never show what may be a password or a key in them", () => {
            for (const details of [
                { url: "https://user:pa55word@example.com/data?sig=pa55word#pa55word" },
                { url: "https://example.com/x?code=pa55word" },
                { connectionString: "Driver=x;Uid=u;Pwd=pa55word" },
                { path: "dsn=x;uid=u;pwd=pa55word" },
                { kind: "Odbc", path: "dsn=x;PWD = pa55word" },
                { server: "pwd=pa55word;x", database: "d" },
                { password: "pa55word", accountKey: "pa55word", server: { x: "pa55word" } },
                "Server=x;Password=pa55word",
                ["pa55word"],
            ]) {
                for (const given of [details, JSON.stringify(details)]) {
                    assert.doesNotMatch(show("ODBC", given), /pa55word/, JSON.stringify(given));
                }
            }
        });
    });
});
