import assert from "node:assert/strict";
import fc from "fast-check";
import {
    isSameWarehouse,
    parseConnectionDetails,
    sameTarget,
    showSource,
    showTarget,
    targetOf,
    warehouseIdOf,
    warehouseIn,
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
    (text) => `${text}/?o=1234567890123456`,
    (text) => `https://${text}?o=1234567890123456`,
    (text) => `https://${text}/sql/warehouses/x?o=1#y`,
    // Where there is a port, this would be another.
    (text) => (text.includes(":") ? text : `${text}:443`),
    (text) => (text.includes(":") ? text : `https://${text}:443/?o=1`),
    (text) => (text.includes(":") ? text : `${text}.`),
    (text) => (text.includes(":") ? text : `https://${text}.:443/`),
);
const spelledPath = fc.constantFrom<(id: string) => string>(
    (id) => `/sql/1.0/warehouses/${id}`,
    (id) => `sql/1.0/warehouses/${id}`,
    (id) => `/sql/1.0/warehouses/${id}/`,
    (id) => `/sql/1.0/endpoints/${id}`,
    (id) => ` //sql/1.0/warehouses/${id}// `,
    (id) => `/sql/1.0/warehouses/${id}?o=1234567890123456`,
    (id) => `sql/1.0/endpoints/${id}/?o=1&x=/y`,
    (id) => `/sql/1.0/warehouses/${id.toUpperCase()}`,
    (id) => `/SQL/1.0/Warehouses/${id}`,
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
                    assert.ok(!sameTarget(parsed(kind, `${host}\\.example.org`, id)!, target));
                    assert.ok(!sameTarget(parsed(kind, `${host.replace(/:.*/, "")}:8443`, id)!, target));
                    assert.ok(!sameTarget(parsed(kind, `${host}..`, id)!, target));
                    assert.ok(!sameTarget(parsed(kind, host, `${id}/x`)!, target));
                    assert.ok(!sameTarget(parsed(kind, host, `/${id}`)!, target));
                    assert.ok(!sameTarget(parsed(kind, host, `${id}#`)!, target));
                    assert.ok(!sameTarget(parsed(kind, host, `x?o=${id}`)!, target));
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
            fc.stringMatching(/^[hH.:/? 43o=-]{0,12}$/),
            fc.constantFrom("https://https://h//", "/ /a/ /", "h.:443.", "h:443:443", "h:443/ ", "h..:443"),
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

    const spellings: [string, { host?: string; httpPath?: string }, boolean][] = [
        ["as Databricks shows it", {}, true],
        ["with a scheme", { host: "https://adb-1.7.azuredatabricks.net" }, true],
        ["with the usual port", { host: "adb-1.7.azuredatabricks.net:443" }, true],
        ["with a slash behind the host", { host: "adb-1.7.azuredatabricks.net/" }, true],
        ["as the browser's address", { host: "https://adb-1.7.azuredatabricks.net/?o=1" }, true],
        ["with a host in capitals", { host: "ADB-1.7.AzureDatabricks.NET" }, true],
        ["with a dot behind the host", { host: "adb-1.7.azuredatabricks.net." }, true],
        ["with the workspace's id behind the path", { httpPath: "/sql/1.0/warehouses/44ff20e73e461e56?o=1" }, true],
        ["with an id in capitals", { httpPath: "/sql/1.0/warehouses/44FF20E73E461E56" }, true],
        ["with a path in capitals", { httpPath: "/SQL/1.0/WAREHOUSES/44FF20E73E461E56" }, true],
        ["without a slash before the path", { httpPath: "sql/1.0/warehouses/44ff20e73e461e56" }, true],
        ["by the former name, endpoints", { httpPath: "/sql/1.0/endpoints/44ff20e73e461e56" }, true],
        ["with a slash behind the path", { httpPath: "/sql/1.0/warehouses/44ff20e73e461e56/" }, true],
        ["at another port", { host: "adb-1.7.azuredatabricks.net:8443" }, false],
        ["at another host", { host: "adb-1.8.azuredatabricks.net" }, false],
        ["at a custom URL, which nobody knows", { host: "sales.databricks.com" }, false],
        ["below a host", { host: "x.adb-1.7.azuredatabricks.net" }, false],
        ["of another id", { httpPath: "/sql/1.0/warehouses/44ff20e73e461e57" }, false],
        ["with a longer path", { httpPath: "/sql/1.0/warehouses/44ff20e73e461e56/x" }, false],
        ["of another version", { httpPath: "/sql/2.0/warehouses/44ff20e73e461e56" }, false],
        ["of a cluster", { httpPath: "/sql/protocolv1/o/1/44ff20e73e461e56" }, false],
    ];
    for (const [words, change, isSame] of spellings) {
        it(`of a warehouse ${words} are ${isSame ? "its own" : "another's"}`, () => {
            const shown = { host: "adb-1.7.azuredatabricks.net", httpPath: "/sql/1.0/warehouses/44ff20e73e461e56" };
            const path = JSON.stringify({ ...shown, ...change });
            const target = parseConnectionDetails({ kind: "Databricks", path })!;
            assert.equal(sameTarget(target, targetOf(shown.host, "44ff20e73e461e56")), isSame);
            assert.deepEqual(isSame, JSON.stringify(target) === JSON.stringify(shown));
        });
    }

    it("of a cluster name no warehouse; the case of its name counts, that of the path before it does not", () => {
        const cluster = (httpPath: string) => ({ host: "h", httpPath });
        const written = cluster("sql/protocolv1/o/1/Analysts");
        assert.ok(sameTarget(written, cluster("/SQL/ProtocolV1/O/1/Analysts/?o=1")));
        assert.ok(!sameTarget(written, cluster("sql/protocolv1/o/1/analysts")));
        assert.equal(warehouseIdOf(written), undefined);
    });

    it("at a further host of the workspace are the warehouse's, by its id; a cluster's there may be anybody's", () => {
        const target = targetOf("adb-1.7.azuredatabricks.net", "44ff");
        const hosts = ["sales.databricks.com"];
        assert.ok(isSameWarehouse(targetOf("https://SALES.databricks.com/?o=1", "44FF"), target, hosts));
        assert.ok(isSameWarehouse(target, target, []));
        assert.ok(!isSameWarehouse(targetOf("sales.databricks.com", "55ff"), target, hosts));
        assert.ok(!isSameWarehouse(targetOf("sales.databricks.com:8443", "44ff"), target, hosts));
        assert.ok(!isSameWarehouse(targetOf("sales.databricks.com", "44ff"), target, []));
        const cluster = { host: "adb-1.7.azuredatabricks.net", httpPath: "/sql/protocolv1/o/1/x" };
        assert.ok(!isSameWarehouse({ ...cluster, host: hosts[0] }, cluster, hosts));
    });

    it("are also what a person may name a warehouse by: its HTTP path, or the browser's address of its page", () => {
        const id = "44ff20e73e461e56";
        for (const path of [`/sql/1.0/warehouses/${id}`, `sql/1.0/endpoints/${id.toUpperCase()}/?o=1`]) {
            assert.deepEqual(warehouseIn(path), { id });
        }
        const host = "adb-1.7.azuredatabricks.net";
        for (const page of [
            `/sql/warehouses/${id}?o=1`,
            `:443/sql/warehouses/${id}/monitoring`,
            `/sql/1.0/warehouses/${id}`,
        ]) {
            assert.deepEqual(warehouseIn(`https://${host}${page}`), { id, host });
        }
        for (const other of [
            id,
            "Sales warehouse",
            `/sql/warehouses/${id}`,
            `https://${host}/?o=1`,
            `https://${host}/sql/queries/${id}`,
            "",
        ]) {
            assert.equal(warehouseIn(other), undefined, other);
        }
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
