import assert from "node:assert/strict";
import fc from "fast-check";
import { ConfigurationError } from "../../clients/config-reader";
import { parseSettings, Settings } from "../../settings";
import { toText } from "../../diagnostics/render";

const guid = "0dd5ec7e-0000-4000-8000-000000000001";
const secret = "a-secret-of-a-test";
const credential = {
    servicePrincipal: "powerbi-sales",
    warehouse: "44ff20e73e461e56",
    bindings: [{ workspace: "Sales", dataset: "Sales model" }],
};
const valid: Record<string, unknown> = {
    "databricks:host": "https://adb-1234567890123456.7.azuredatabricks.net",
    "databricks:token": "dapi-of-a-test",
    rotationKey: "2026-12",
    powerBi: { tenantId: guid, clientId: guid, clientSecret: secret },
    credentials: [credential],
};

function parseTexts(values: Record<string, unknown>): Settings {
    const texts = new Map(
        Object.entries(values).flatMap(([key, value]) =>
            value === undefined ? [] : [[key, typeof value === "string" ? value : JSON.stringify(value)] as const],
        ),
    );
    const own = [...texts.keys()].filter((key) => !key.includes(":"));
    const isSecret = (key: string) => key === "powerBi" || key === "databricksWorkspaces" || key.includes(":");
    return parseSettings(own, (key) => texts.get(key), isSecret);
}

const quoted = '"(?:[^"\\\\]|\\\\.)*"';
const pathAndWords = new RegExp(`^(\\w+(:\\w+)?|${quoted})(\\.[\\w-]+|\\[\\d+\\]|\\[${quoted}\\])*: \\S`, "s");

/** The mistakes that are found, each of which begins with the path of a key; none when the settings are accepted. */
function problemsOf(changes: Record<string, unknown>): string[] {
    try {
        parseTexts({ ...valid, ...changes });
        return [];
    } catch (error) {
        assert.ok(error instanceof ConfigurationError, String((error as Error).stack));
        const problems = error.problems.map(toText);
        for (const problem of problems) {
            assert.match(problem, pathAndWords, `names no key: ${problem}`);
            assert.ok(!problem.includes(secret), "a problem repeats the secret");
        }
        return problems;
    }
}

const withCredential = (changes: object) => ({ credentials: [{ ...credential, ...changes }] });
const refuses = (changes: Record<string, unknown>, words: RegExp) => {
    const problems = problemsOf(changes);
    assert.ok(
        problems.some((problem) => words.test(problem)),
        `${JSON.stringify(changes).slice(0, 200)}: ${problems.join("\n") || "accepted"}`,
    );
};

describe("the settings, hardened", () => {
    describe("an address that secrets are sent to", () => {
        const databricks = "adb-1.7.azuredatabricks.net";
        const foreign = [
            `https://${databricks}.example.org`,
            `https://${databricks}@example.org`,
            `https://user:${secret}@${databricks}`,
            `https://x@${databricks}`,
            `https://example.org/#.${databricks}`,
            `https://example.org/?.${databricks}`,
            `https://example.org\\.${databricks}`,
            `https://example.org\\@${databricks}`,
            `https://${databricks}\\@example.org`,
            `https://example.org/${databricks}`,
            `https://example.org%2f.${databricks}`,
            `https://${databricks}/?o=1@example.org`,
            `https://${databricks}/\\example.org`,
            `https://${databricks}/ example.org`,
            `https://${databricks}..`,
            `https://${databricks}:x`,
            `https://example.org/?o=1.${databricks}`,
            `https://xazuredatabricks.net`,
            `https://azuredatabricks.net`,
            `https://${databricks}\n.example.org`,
            `https://adb-1.7.azuredatabri\tcks.net`,
            `https:${databricks}`,
            `https:///${databricks}`,
            `//${databricks}`,
            `http://${databricks}`,
            `ftp://${databricks}`,
            "http://127.0.0.1.example.org",
            "http://127.0.0.1@example.org",
            "http://localhost.example.org",
            "http://example.org#127.0.0.1",
            "javascript:alert(1)",
            "https://ａdb-1.7.azuredatabricks.net",
        ];
        for (const address of foreign) {
            it(`is refused for Databricks when it is ${JSON.stringify(address).replace(secret, "…")}`, () => {
                refuses({ "databricks:host": address }, /^databricks:host: /);
                const ops = { host: address, authType: "azure-cli" };
                refuses({ databricksWorkspaces: { ops } }, /^databricksWorkspaces\.ops\.host: /);
            });
        }

        it("is refused for Microsoft's services unless it is theirs, to the letter", () => {
            for (const [key, host] of Object.entries({
                entra: "login.microsoftonline.com",
                powerBi: "api.powerbi.com",
                fabric: "api.fabric.microsoft.com",
            })) {
                for (const address of [
                    `https://${host}.example.org`,
                    `https://${host}@example.org`,
                    `https://x@${host}`,
                    `https://${host}/x`,
                    `https://${host}?`,
                    `https://${host}#`,
                    `https://${host}:8443`,
                    `https://x.${host}`,
                    `http://${host}`,
                    `https://${databricks}`,
                ]) {
                    refuses({ endpoints: { [key]: address } }, new RegExp(`^endpoints\\.${key}: `));
                }
                assert.deepEqual(problemsOf({ endpoints: { [key]: `https://${host}/` } }), []);
            }
        });

        it("is accepted as people write it: with a slash at the end, in capitals", () => {
            for (const address of [`https://${databricks}/`, `HTTPS://ADB-1.7.AzureDatabricks.net`]) {
                const { connection } = parseTexts({ ...valid, "databricks:host": address });
                assert.equal(connection.databricks.databricks.host, `https://${databricks}`);
            }
            assert.deepEqual(problemsOf({ "databricks:host": "http://[::1]:8080" }), []);
        });
    });

    describe("an id or name", () => {
        it("has to be a GUID where one is needed, and is not repeated: it may be a secret at the wrong place", () => {
            for (const id of ["powerbi-sales", `${guid}x`, "", `{${guid}}`, "../..", secret]) {
                refuses(withCredential({ servicePrincipal: undefined, applicationId: id }), /applicationId: expected/);
                const powerBi = { tenantId: guid, clientId: id, clientSecret: secret };
                refuses({ powerBi }, /^powerBi\.clientId: expected/);
            }
        });

        it("has to be a tenant's id or domain where one is needed", () => {
            for (const tenantId of ["../common", "a/b", "a?b", "a b", "evil.example.org#", "a@b"]) {
                refuses(
                    { powerBi: { tenantId, clientId: guid, clientSecret: secret } },
                    /^powerBi\.tenantId: expected/,
                );
            }
            const domain = { tenantId: "contoso.onmicrosoft.com", clientId: guid, clientSecret: secret };
            assert.deepEqual(problemsOf({ powerBi: domain }), []);
        });

        const places: Record<string, (name: string) => Record<string, unknown>> = {
            servicePrincipal: (name) => withCredential({ servicePrincipal: name }),
            warehouse: (name) => withCredential({ warehouse: name }),
            workspace: (name) => withCredential({ bindings: [{ workspace: name, dataset: "x" }] }),
            dataset: (name) => withCredential({ bindings: [{ workspace: "x", dataset: name }] }),
            gateway: (name) => withCredential({ bindings: [{ gateway: name, datasource: "x" }] }),
            datasource: (name) => withCredential({ bindings: [{ gateway: "x", datasource: name }] }),
            workspaces: (name) => withCredential({ bindings: [{ discover: "host", workspaces: [name] }] }),
            readers: (name) => withCredential({ secretScope: { name: "s", readers: [name] } }),
        };
        for (const [place, at] of Object.entries(places)) {
            it(`may hold what people write, as ${place}, and nothing that steers a terminal or fills the screen`, () => {
                for (const name of [
                    'it\'s "quoted" `so` \\ there',
                    "x' or name ne '",
                    "営業 🚀 مبيعات e\u0301",
                    "a::b$c",
                    "../..",
                    "%2e%2e/?#",
                    "n".repeat(256),
                ]) {
                    assert.deepEqual(problemsOf(at(name)), [], name);
                }
                refuses(at("n".repeat(257)), new RegExp(`${place}.*: is 257 characters long; 256 is the most`));
                refuses(at("n".repeat(400)), new RegExp(`${place}.*: is 400 characters long; 256 is the most`));
                for (const bad of [
                    "a\nb",
                    "a\r\n::set-output::b",
                    "a\u001b[2Jb",
                    "a\u0000b",
                    "a\u202eb",
                    "a\u2028b",
                    "a\u0085b",
                ]) {
                    refuses(
                        at(bad),
                        new RegExp(`${place}.*: holds a character that cannot be shown \\(U\\+[0-9A-F]{4}\\)`),
                    );
                }
            });
        }

        it("of a secret scope is one that Databricks takes", () => {
            for (const name of ["a b", "Power BI (Sales)", "ü", "a:b", "n".repeat(129), "a\nb"]) {
                refuses(withCredential({ secretScope: { name } }), /secretScope\.name: .*letters, digits/);
                refuses({ powerBi: { secretScope: name } }, /^powerBi\.secretScope: .*letters, digits/);
            }
            assert.deepEqual(problemsOf(withCredential({ secretScope: { name: "team@x/powerbi_1.2-3" } })), []);
        });

        it("of a key vault or resource group is one that Azure takes", () => {
            const keyVault = { resourceGroup: "security", name: "kv-powerbi" };
            for (const name of ["x", "../x", "kv_powerbi", "1kv", "kv-", "k".repeat(25)]) {
                refuses(withCredential({ keyVault: { ...keyVault, name } }), /keyVault\.name: /);
            }
            for (const resourceGroup of ["../x", "a/b", "a b", "x.", "r".repeat(91)]) {
                refuses(withCredential({ keyVault: { ...keyVault, resourceGroup } }), /keyVault\.resourceGroup: /);
            }
            assert.deepEqual(problemsOf(withCredential({ keyVault })), []);
        });

        it("of a catalog, schema or table is one part: dots and backticks would make it another's", () => {
            for (const bad of ["main.sales", "`main`", "my catalog", "a/b", "a\nb", "n".repeat(256)]) {
                for (const grant of [
                    { catalog: bad },
                    { catalog: "main", schema: bad },
                    { catalog: "main", schema: "sales", table: bad },
                ]) {
                    const part = Object.keys(grant).at(-1);
                    refuses(withCredential({ grants: [grant] }), new RegExp(`grants\\[0\\]\\.${part}: .*one part`));
                }
            }
            assert.deepEqual(problemsOf(withCredential({ grants: [{ catalog: "main-1_ü" }] })), []);
        });

        it("that JavaScript has a meaning for is a name like any other, or there is none of that name", () => {
            for (const name of ["constructor", "toString", "__proto__", "hasOwnProperty"]) {
                refuses(withCredential({ databricks: name }), /databricks: there is no workspace/);
                refuses({ "databricks:authType": name }, /^databricks:authType: ".*" is not supported/);
                refuses({ cloud: name }, /^cloud: expected one of/);
                refuses({ [name]: "x" }, /: unknown key/);
                assert.deepEqual(problemsOf(withCredential({ servicePrincipal: name })), []);
            }
            const further = JSON.parse('{"__proto__":{"host":"https://x.azuredatabricks.net","authType":"azure-cli"}}');
            assert.notDeepEqual(problemsOf({ databricksWorkspaces: further }), []);
        });

        it("never gives two things one resource name: the engine would refuse it without saying what to change", () => {
            const two = (one: object, other: object) => ({
                credentials: [
                    { ...credential, servicePrincipal: "sales", ...one },
                    { ...credential, servicePrincipal: "sales-eu", ...other },
                ],
            });
            refuses(
                two({ grants: [{ catalog: "eu-data" }] }, { grants: [{ catalog: "Data" }] }),
                /^credentials\[1\]\.grants: grant "sales-eu" with "data" would have the same resource name as "sales" with "eu-data" at credentials\[0\]\.grants/,
            );
            refuses(
                two({ secretScope: { name: "a", readers: ["b-c"] } }, { secretScope: { name: "a-b", readers: ["c"] } }),
                /^credentials\[1\]\.secretScope\.readers: reader "a-b" with "c"/,
            );
            refuses(
                { rotationKey: "eu-1", retainedRotationKeys: ["1"], ...two({}, {}) },
                /^credentials\[1\]: secret "sales-eu" with "1"/,
            );
            const shared = { grants: [{ catalog: "main" }], secretScope: { name: "s", readers: ["analysts"] } };
            assert.deepEqual(problemsOf(two(shared, shared)), []);
        });

        it("that differs from another in case only shares no place that ignores case", () => {
            const keyVault = { resourceGroup: "security", name: "kv-powerbi" };
            const two = (changes: object, others: object = changes) => ({
                credentials: [
                    { ...credential, ...changes },
                    { ...credential, servicePrincipal: "PowerBI-Sales", ...others },
                ],
            });
            refuses(two({ keyVault }), /^credentials\[1\]\.keyVault: its entries would be those of credentials\[0\]/);
            const secretScope = { name: "powerbi" };
            refuses(
                two({ secretScope }),
                /^credentials\[1\]\.secretScope: its entries would be those of credentials\[0\]/,
            );
            assert.deepEqual(problemsOf(two({ secretScope }, { secretScope: { name: "other" } })), []);
        });
    });

    describe("whatever is configured", () => {
        const keys = [
            ...["rotationKey", "retainedRotationKeys", "rotationIntervalDays", "expiryWarningDays", "cloud", "powerBi"],
            ...[
                "verificationTimeoutInSeconds",
                "requestTimeoutInSeconds",
                "requestsPerMinute",
                "databricksWorkspaces",
                "endpoints",
                "powerBiServicePrincipal",
            ],
            ...["credentials", "databricks:host", "databricks:token", "databricks:authType", "unknown"],
        ];
        const anyText = fc.oneof(
            fc.string({ unit: "binary" }),
            fc.json(),
            fc.constantFrom(
                "",
                "null",
                "[]",
                "{}",
                "0",
                "-1",
                "1e99",
                "true",
                '"x"',
                "[null]",
                "__proto__",
                "constructor",
            ),
        );

        it("the program answers with settings or with mistakes that name their key, and with nothing else", () => {
            fc.assert(
                fc.property(fc.dictionary(fc.constantFrom(...keys), anyText), (changes) => void problemsOf(changes)),
                { numRuns: 1000 },
            );
        });

        const any = fc.anything({ withNullPrototype: false, maxDepth: 1 });
        const nearlyRight = fc.record(
            {
                servicePrincipal: any,
                applicationId: any,
                databricks: any,
                warehouse: any,
                lifetimeDays: any,
                grants: fc.array(fc.record({ catalog: any, schema: any, table: any }, { requiredKeys: [] })),
                secretScope: fc.record({ name: any, create: any, readers: any }, { requiredKeys: [] }),
                keyVault: any,
                bindings: fc.array(
                    fc.record(
                        {
                            kind: any,
                            workspace: any,
                            dataset: any,
                            discover: any,
                            via: any,
                            refresh: any,
                            exclude: any,
                        },
                        { requiredKeys: [] },
                    ),
                ),
            },
            { requiredKeys: [] },
        );

        it("a credential of the right shape with any values is accepted or refused by its path", () => {
            fc.assert(
                fc.property(fc.array(nearlyRight, { maxLength: 2 }), (credentials) => {
                    for (const problem of problemsOf({ credentials: JSON.stringify(credentials) ?? "null" })) {
                        assert.match(problem, /^credentials/);
                    }
                }),
                { numRuns: 300 },
            );
        });

        const name = fc
            .string({ unit: "grapheme", minLength: 1, maxLength: 60 })
            .filter(
                (text) =>
                    text.trim() !== "" &&
                    text.length <= 256 &&
                    !/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u.test(text),
            );
        const part = fc.stringMatching(/^[a-z0-9_-]{1,30}$/);
        const right = fc.record(
            {
                warehouse: name,
                lifetimeDays: fc.integer({ min: 1, max: 730 }),
                verification: fc.constantFrom("query", "token"),
                privacyLevel: fc.constantFrom("None", "Public", "Organizational", "Private"),
                grants: fc.array(
                    fc.record({ catalog: part, schema: part, table: part }, { requiredKeys: ["catalog", "schema"] }),
                ),
                secretScope: fc.record({ name: fc.stringMatching(/^[A-Za-z0-9_.-]{1,128}$/), readers: fc.array(name) }),
                bindings: fc.array(
                    fc.oneof(
                        fc.record({ workspace: name, dataset: name, refresh: fc.constantFrom(true, false, "wait") }),
                        fc.record({ gateway: name, datasource: name }),
                        fc.record({ discover: fc.constantFrom("warehouse", "host"), workspaces: fc.array(name) }),
                    ),
                ),
            },
            { requiredKeys: ["warehouse"] },
        );

        it("valid settings are accepted, with the values that were given", () => {
            const names = fc.uniqueArray(name, {
                selector: (text) => text.trim().toLowerCase(),
                minLength: 1,
                maxLength: 4,
            });
            fc.assert(
                fc.property(names, fc.array(right, { minLength: 4, maxLength: 4 }), (servicePrincipals, others) => {
                    const credentials = servicePrincipals.map((servicePrincipal, index) => ({
                        servicePrincipal,
                        ...others[index],
                    }));
                    const settings = parseTexts({ ...valid, credentials });
                    assert.deepEqual(
                        settings.credentials.map(({ name: given, warehouse }) => [given, warehouse]),
                        credentials.map(({ servicePrincipal, warehouse }) => [
                            servicePrincipal.trim(),
                            warehouse.trim(),
                        ]),
                    );
                }),
                { numRuns: 300 },
            );
        });
    });
});
