import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { ConfigurationError } from "../../clients/config-reader";
import { parseSettings, Settings } from "../../settings";
import { toText } from "../../diagnostics/render";

const guid = "0dd5ec7e-0000-4000-8000-000000000001";
const credential = {
    servicePrincipal: "powerbi-sales",
    warehouse: "44ff20e73e461e56",
    bindings: [{ workspace: "Sales", dataset: "Sales model" }],
};

const valid: Record<string, unknown> = {
    "databricks:host": "https://adb-1234567890123456.7.azuredatabricks.net",
    "databricks:token": "dapi-of-a-test",
    rotationKey: "2026-12",
    powerBi: { tenantId: "t", clientId: guid, clientSecret: "a-secret-of-a-test" },
    credentials: [credential],
};

/** What is stored encrypted, where a test says nothing else. */
const encrypted = ["powerBi", ...["token", "clientSecret", "azureClientSecret"].map((key) => `databricks:${key}`)];

function parse(changes: Record<string, unknown> = {}, secretKeys = encrypted): Settings {
    const values = Object.entries({ ...valid, ...changes }).filter(([, value]) => value !== undefined);
    const texts = new Map(
        values.map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
    );
    const own = [...texts.keys()].filter((key) => !key.includes(":"));
    return parseSettings(
        own,
        (key) => texts.get(key),
        (key) => secretKeys.includes(key),
    );
}

function problemsOf(changes: Record<string, unknown>, secretKeys?: string[]): string[] {
    try {
        parse(changes, secretKeys);
    } catch (error) {
        assert.ok(error instanceof ConfigurationError, String(error));
        assert.ok(!error.message.includes("a-secret-of-a-test") && !error.message.includes("dapi-of-a-test"));
        return error.problems.map(toText);
    }
    return [];
}

const withCredential = (changes: object) => ({ credentials: [{ ...credential, ...changes }] });

describe("the settings", () => {
    it("have defaults for all that may be left out", () => {
        const { credentials, rotationKeys, connection } = parse();
        assert.deepEqual(rotationKeys, ["2026-12"]);
        assert.equal(connection.endpoints.powerBi, "https://api.powerbi.com");
        const [first] = credentials;
        assert.equal(first.name, "powerbi-sales");
        assert.equal(first.lifetimeDays, 90);
        assert.equal(first.verification, "query");
        assert.equal(first.databricks, "databricks");
        const [binding] = first.bindings;
        assert.ok(binding.kind === "dataset" && binding.refresh === false && !binding.allowCredentialLoss);
    });

    it("put the key in use before the retained ones", () => {
        assert.deepEqual(parse({ retainedRotationKeys: ["2026-11"] }).rotationKeys, ["2026-12", "2026-11"]);
    });

    it("accept plain http and a plain secret on this machine only", () => {
        const endpoints = { entra: "http://127.0.0.1:1", powerBi: "http://localhost:2", fabric: "http://127.0.0.1:3" };
        assert.deepEqual(problemsOf({ "databricks:host": "http://127.0.0.1:8080", endpoints }, []), []);
        assert.match(problemsOf({}, [])[0], /powerBi\.clientSecret: it is stored as plain text.*--secret --path/);
        for (const [name, more] of [
            ["token", {}],
            ["clientSecret", { "databricks:clientId": "c" }],
            ["azureClientSecret", { "databricks:azureTenantId": "t", "databricks:azureClientId": "a" }],
        ] as const) {
            const login = { "databricks:token": undefined, [`databricks:${name}`]: "dapi-of-a-test", ...more };
            assert.deepEqual(problemsOf(login), []);
            assert.deepEqual(problemsOf(login, ["powerBi"]), [
                `databricks:${name}: it is stored as plain text. ` +
                    `Store it encrypted: pulumi config set --secret databricks:${name}. [plain-secret]`,
            ]);
        }
        assert.match(
            problemsOf({ endpoints: { powerBi: "http://example.com" } })[0],
            /endpoints\.powerBi: .*is not https/,
        );
    });

    it("protect service principals in production, which is what is not all on this machine, and wherever it is asked for", () => {
        const endpoints = { entra: "http://127.0.0.1:1", powerBi: "http://localhost:2", fabric: "http://127.0.0.1:3" };
        const sandbox = { "databricks:host": "http://127.0.0.1:8080", endpoints };
        assert.equal(parse().protect, true);
        assert.equal(parse({ protect: "auto" }).protect, true);
        assert.equal(parse({ protect: "false" }).protect, false);
        assert.equal(parse(sandbox).protect, false);
        assert.equal(parse({ ...sandbox, protect: "true" }).protect, true);
        assert.equal(parse({ ...sandbox, endpoints: { ...endpoints, fabric: undefined } }).protect, true);
        assert.match(problemsOf({ protect: "yes" })[0], /protect: .*expected true, false or auto/);
    });

    it("say how patiently and how often Power BI is asked", () => {
        assert.equal(parse().connection.requestsPerMinute, 120);
        const { requestsPerMinute, requestTimeoutInMs } = parse({
            requestsPerMinute: "600",
            requestTimeoutInSeconds: "90",
        }).connection;
        assert.deepEqual([requestsPerMinute, requestTimeoutInMs], [600, 90_000]);
        assert.match(problemsOf({ requestsPerMinute: "0" })[0], /^requestsPerMinute: /);
        assert.match(problemsOf({ requestsPerMinute: "often" })[0], /^requestsPerMinute: /);
    });

    it("pick the endpoints of the cloud", () => {
        const endpointsOf = (cloud: string) => parse({ cloud }).connection.endpoints;
        assert.equal(endpointsOf("public").fabric, "https://api.fabric.microsoft.com");
        assert.deepEqual(endpointsOf("usgovhigh"), {
            entra: "https://login.microsoftonline.us",
            powerBi: "https://api.high.powerbigov.us",
            powerBiScope: "https://high.analysis.usgovcloudapi.net/powerbi/api/.default",
        });
        assert.equal(endpointsOf("usgov").entra, "https://login.microsoftonline.com");
        assert.equal(endpointsOf("dod").powerBi, "https://api.mil.powerbigov.us");
        assert.equal(endpointsOf("china").powerBi, "https://api.powerbi.cn");
    });

    it("accept Databricks on Azure, AWS and GCP, and in sovereign clouds", () => {
        for (const host of [
            "adb-1.7.azuredatabricks.net",
            "dbc-a1b2.cloud.databricks.com",
            "1234.5.gcp.databricks.com",
            "adb-1.7.databricks.azure.us",
            "adb-1.7.databricks.azure.cn",
        ]) {
            assert.deepEqual(problemsOf({ "databricks:host": `https://${host}` }), []);
        }
    });

    it("read every login of Databricks from where the databricks provider reads it", () => {
        const loginOf = (values: Record<string, unknown>) =>
            parse({ "databricks:token": undefined, ...values }).connection.databricks.databricks.login;
        const clientId = "c";
        assert.deepEqual(loginOf({ "databricks:authType": "github-oidc", "databricks:clientId": clientId }), {
            kind: "oidc",
            clientId,
            audience: undefined,
            source: { from: "github" },
        });
        assert.deepEqual(
            loginOf({
                "databricks:authType": "azure-client-secret",
                "databricks:azureTenantId": "t",
                "databricks:azureClientId": "a",
                "databricks:azureClientSecret": "s",
            }),
            { kind: "azure", login: { login: "clientSecret", tenantId: "t", clientId: "a", clientSecret: "s" } },
        );
        assert.equal(loginOf({ "databricks:authType": "azure-cli" }).kind, "azure");
        assert.equal(loginOf({ "databricks:authType": "azure-msi" }).kind, "azure");
        assert.equal(loginOf({ "databricks:clientId": "c", "databricks:clientSecret": "s" }).kind, "oauth-m2m");
    });

    it("take host and login from a profile of ~/.databrickscfg, as the databricks provider does", () => {
        const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "profile-")), "databrickscfg");
        fs.writeFileSync(
            file,
            "[prod]\nhost = https://dbc-9.cloud.databricks.com\nclient_id = c\nclient_secret = s-with=signs\n",
        );
        process.env.DATABRICKS_CONFIG_FILE = file;
        try {
            const none = { "databricks:host": undefined, "databricks:token": undefined };
            const { databricks } = parse({ ...none, "databricks:profile": "prod" }).connection.databricks;
            assert.equal(databricks.host, "https://dbc-9.cloud.databricks.com");
            assert.equal(databricks.login.kind, "oauth-m2m");
            assert.match(
                problemsOf({ "databricks:profile": "test" })[0],
                /there is no profile "test" .* There are: prod/,
            );
        } finally {
            delete process.env.DATABRICKS_CONFIG_FILE;
            fs.rmSync(path.dirname(file), { recursive: true });
        }
    });

    it("take an application id in any case, for one service principal, and keep the name that resources have", () => {
        const adopt = (applicationId: string) => ({ ...credential, servicePrincipal: undefined, applicationId });
        const [{ applicationId, name }] = parse({ credentials: [adopt(guid.toUpperCase())] }).credentials;
        assert.deepEqual([applicationId, name], [guid, guid.toUpperCase()]);
        const twice = { credentials: [adopt(guid), adopt(guid.toUpperCase())] };
        assert.match(problemsOf(twice).join(), /credentials: "0dd5ec7e-\S+" is named twice\. Name it once/);
    });

    it("need no login of SP2 while nothing is bound", () => {
        assert.deepEqual(problemsOf({ powerBi: {}, ...withCredential({ bindings: [] }) }), []);
        assert.match(problemsOf({ powerBi: {} })[0], /powerBi: expected the login of SP2/);
    });

    const aws = { host: "https://dbc-1.cloud.databricks.com", authType: "pat", token: "dapi-of-a-test" };
    const mistakes: [string, Record<string, unknown>, RegExp][] = [
        ["a cloud that is none", { cloud: "moon" }, /^cloud: expected one of public, usgov, usgovhigh, dod, china/],
        [
            "a foreign host for Power BI's secrets",
            { endpoints: { powerBi: "https://api.powerbi.com.example.org" } },
            /endpoints\.powerBi: .* is none of Microsoft's services; secrets are sent there/,
        ],
        [
            "a foreign host for Databricks' secrets",
            { "databricks:host": "https://azuredatabricks.net.example.org" },
            /databricks:host: .* is no Databricks workspace; secrets are sent there/,
        ],
        [
            "a login that is none",
            { powerBi: { login: "password" } },
            /powerBi\.login: expected one of clientSecret, certificate/,
        ],
        [
            "a certificate without its key",
            {
                powerBi: {
                    login: "certificate",
                    tenantId: "t",
                    clientId: guid,
                    certificate: "-----BEGIN CERTIFICATE-----",
                },
            },
            /powerBi\.certificate: is no PEM text with both/,
        ],
        [
            "an authType that is not supported",
            { "databricks:authType": "basic" },
            /databricks:authType: "basic" is not supported\. Set it to one of pat/,
        ],
        [
            "an authType without its values",
            { "databricks:authType": "oauth-m2m" },
            /databricks:authType: oauth-m2m needs clientId and clientSecret/,
        ],
        [
            "a secret of a further workspace in plain text",
            { databricksWorkspaces: { aws } },
            /databricksWorkspaces\.aws\.token: it is stored as plain text/,
        ],
        [
            "a secret of Azure's with which a further workspace is logged in to, in plain text",
            {
                databricksWorkspaces: {
                    germany: {
                        host: aws.host,
                        authType: "azure-client-secret",
                        azureTenantId: "t",
                        azureClientId: "c",
                        azureClientSecret: "a-secret-of-a-test",
                    },
                },
            },
            /databricksWorkspaces\.germany\.azureClientSecret: it is stored as plain text/,
        ],
        [
            "a secret scope of a workspace that is not configured",
            {
                "databricks:host": undefined,
                databricksWorkspaces: { germany: { host: aws.host, authType: "azure-cli" } },
                powerBi: { secretScope: "powerbi_credentials" },
                ...withCredential({ databricks: "germany" }),
            },
            /^databricks:host: expected the workspace whose secret scope powerBi\.secretScope names/,
        ],
        [
            "a secret that ends before the next rotation",
            { rotationIntervalDays: 90, ...withCredential({ lifetimeDays: 90 }) },
            /lifetimeDays: 90 days are too short for a rotation every 90 days\. Give at least 93/,
        ],
        [
            "a binding of no kind",
            withCredential({ bindings: [{ workspce: "Sales", dataset: "x" }] }),
            /bindings\[0\]\.workspace: expected a name or an id/,
        ],
        [
            "a discovery that refreshes what a gateway does not tell",
            withCredential({ bindings: [{ discover: "warehouse", via: "gateways", refresh: true }] }),
            /bindings\[0\]\.refresh: a gateway does not tell which datasets use it/,
        ],
        [
            "a discovery on gateways by what a gateway does not tell: workspaces",
            withCredential({ bindings: [{ discover: "warehouse", via: "gateways", workspaces: ["Finance *"] }] }),
            /bindings\[0\]\.workspaces: a gateway does not tell which workspaces use it; .* or leave it out/,
        ],
        ...["workspaces", "datasets"].map((kind): [string, Record<string, unknown>, RegExp] => [
            `a discovery on gateways that excludes what a gateway does not tell: ${kind}`,
            withCredential({ bindings: [{ discover: "host", via: "gateways", exclude: { [kind]: ["Test *"] } }] }),
            new RegExp(`bindings\\[0\\]\\.exclude\\.${kind}: a gateway does not tell which ${kind} use it`),
        ]),
        [
            "an SP2 with a password and no place for it",
            { powerBiServicePrincipal: { displayName: "x", password: { rotationKey: "1" } } },
            /powerBiServicePrincipal: has a password but neither secretScope nor keyVault/,
        ],
        ["an unknown key", { rotatonKey: "x" }, /^rotatonKey: unknown key\. The keys are rotationKey/],
        [
            "an unknown key of a credential",
            withCredential({ warehous: "x" }),
            /^credentials\[0\]\.warehous: unknown key/,
        ],
        ["no rotation key", { rotationKey: undefined }, /^rotationKey: expected a text that names the generation/],
        [
            "a rotation key with a slash",
            { rotationKey: "a/b" },
            /^rotationKey: "a\/b" is no rotation key; accepted are/,
        ],
        ["3000 days", withCredential({ lifetimeDays: 3000 }), /lifetimeDays: 3000 days cannot be.*1 to 730 days/],
        ["0 days", withCredential({ lifetimeDays: 0 }), /lifetimeDays: 0 days cannot be/],
        ["half a day", withCredential({ lifetimeDays: 0.5 }), /lifetimeDays: expected a whole number of days/],
        [
            "two ways to name a principal",
            withCredential({ applicationId: "0dd5ec7e-0000-4000-8000-000000000001" }),
            /either/,
        ],
        ["no principal", withCredential({ servicePrincipal: undefined }), /name either servicePrincipal/],
        [
            "a table without its schema",
            withCredential({ grants: [{ catalog: "main", table: "t" }] }),
            /needs its schema/,
        ],
        [
            "a refresh of another kind",
            withCredential({ bindings: [{ ...credential.bindings[0], refresh: "yes" }] }),
            /"wait"/,
        ],
        ["no credentials", { credentials: [] }, /^credentials: is empty/],
        ["a text for a structure", { credentials: "powerbi-sales" }, /^credentials: expected a structure/],
        [
            "a host without a scheme",
            { "databricks:host": "adb-1.azuredatabricks.net" },
            /databricks:host: .*is not an address/,
        ],
        [
            "no client secret",
            { powerBi: { tenantId: "t", clientId: guid } },
            /powerBi\.clientSecret: .*pulumi config set --secret/,
        ],
        ["a name that is used twice", { credentials: [credential, credential] }, /"powerbi-sales" is named twice/],
        ["a retained key that is in use", { retainedRotationKeys: ["2026-12"] }, /"2026-12" is named twice/],
        [
            "no login for Databricks",
            { "databricks:token": undefined },
            /databricks:authType: no login for Databricks\. Set it to one of pat, oauth-m2m/,
        ],
    ];
    for (const [mistake, changes, words] of mistakes) {
        it(`say where and what to do about ${mistake}`, () => {
            const problems = problemsOf(changes);
            assert.ok(
                problems.some((problem) => words.test(problem)),
                problems.join("\n"),
            );
            assert.ok(problems.length <= 2, problems.join("\n"));
        });
    }

    it("report all mistakes at once", () => {
        assert.equal(problemsOf({ rotatonKey: "x", ...withCredential({ lifetimeDays: 3000 }) }).length, 2);
    });
});
