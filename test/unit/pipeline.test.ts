import assert from "node:assert/strict";
import { readConnection } from "../../clients/connection";
import { notice } from "../../diagnostics/diagnostic";
import { toText } from "../../diagnostics/render";
import { describeDrift } from "../../pipeline/drift-report";
import { describeRotation, readFindings } from "../../pipeline/findings";
import { forgeOfJob } from "../../pipeline/forge-of-job";
import { exitCodeOf } from "../../pipeline/held";
import { nextGenerations, readGenerations, writeGenerations } from "../../pipeline/rotation";
import { summarize } from "../../pipeline/summary";

const urn = (type: string, name: string) =>
    `        [urn=urn:pulumi:prod::powerbi-databricks-credentials::a:b:Parent$${type}::${name}]`;
const preview = [
    "Previewing update (prod):",
    "powerbi-sales: 1 datasource, 2 datasets",
    "  cloud adb-1.azuredatabricks.net/sql/1.0/warehouses/44ff <- Sales / Returns model, Sales / Sales model",
    "    + databricks:index/servicePrincipalSecret:ServicePrincipalSecret: (create)",
    urn("databricks:index/servicePrincipalSecret:ServicePrincipalSecret", "powerbi-sales-2026-12"),
    "    +-pulumi-nodejs:dynamic/power-bi:DatasourceCredential: (replace)",
    "        [id=powerbi-sales/9514e8c3]",
    urn("pulumi-nodejs:dynamic/power-bi:DatasourceCredential", "powerbi-sales"),
    '      ~ rotationKey  : "2026-11" => "2026-12"',
    "    +-databricks:index/secret:Secret: (replace[retain])",
    urn("databricks:index/secret:Secret", "powerbi-sales-client-secret"),
    "    - databricks:index/servicePrincipalSecret:ServicePrincipalSecret: (delete)",
    "        [id=c3b92839]",
    urn("databricks:index/servicePrincipalSecret:ServicePrincipalSecret", "powerbi-sales-2026-11"),
    'warning: drift: the owner of dataset "Sales model" is now ana@example.com, not SP2.',
    "    warning: the secret of powerbi-sales expires in 5 days. Rotate it. [secret-expires]",
    "    warning: a word of another provider",
    "Resources:",
    "    + 1 to create",
    "    - 1 to delete",
    "    +-2 to replace",
    "    4 changes. 30 unchanged",
    "",
    "error: no changes were expected for preview but changes were proposed",
].join("\n");

const found = {
    ...notice("found", {}, "powerbi-sales: 1 datasource, 2 datasets", "nothing"),
    severity: "info" as const,
    details: ["cloud adb-1.azuredatabricks.net/sql/1.0/warehouses/44ff <- Sales / Returns model, Sales / Sales model"],
};
const said = [
    found,
    notice("drift", {}, 'the owner of dataset "Sales model" is now ana@example.com, not SP2', "pulumi up"),
    notice("secret-expires", {}, "the secret of powerbi-sales expires in 5 days", "rotate it"),
];
const run = { exitCode: 0, output: preview, said };

describe("what the pipelines read of a run", () => {
    it("is what changes, differs, was found, warns and failed", () => {
        const findings = readFindings(run);
        assert.deepEqual(findings.changes, [
            { operation: "create", type: "ServicePrincipalSecret", name: "powerbi-sales-2026-12" },
            { operation: "replace", type: "DatasourceCredential", name: "powerbi-sales" },
            { operation: "replace", type: "Secret", name: "powerbi-sales-client-secret" },
            { operation: "delete", type: "ServicePrincipalSecret", name: "powerbi-sales-2026-11" },
        ]);
        assert.deepEqual(findings.drift, ['the owner of dataset "Sales model" is now ana@example.com, not SP2']);
        assert.equal(findings.found.length, 2);
        assert.deepEqual(findings.warnings, [said[2], "a word of another provider"]);
        assert.deepEqual(findings.counts, [
            "+ 1 to create",
            "- 1 to delete",
            "+-2 to replace",
            "4 changes. 30 unchanged",
        ]);
        assert.equal(findings.errors.length, 1);
    });

    it("is also what will be taken over: it cannot be undone, and a pull request is where it is approved", () => {
        const words = "takes over Sales / Sales model (from ana@example.com; schedule on; no other sources)";
        const taking = { ...run, said: [{ ...found, details: [...found.details, words] }] };
        assert.deepEqual(readFindings(taking).found.slice(2), [`  ${words}`]);
        assert.match(summarize("preview", "prod", taking), /takes over Sales/);
    });

    it("is each of several refusals once: the engine shows them as a list", () => {
        const refusals = ["A", "B"].map((name) => ({
            ...notice("gone", {}, name, "look"),
            severity: "error" as const,
        }));
        const output = `error: ${refusals.map((one) => `- ${toText(one)}`).join("\nerror: ")}\nerror: update failed`;
        assert.deepEqual(readFindings({ output, said: refusals }).errors, [...refusals, "update failed"]);
    });

    it("is a warning with everything that it is about, a line for each", () => {
        const details = ["Sales / A (from ana)", "Sales / B (from ben)"];
        const left = { ...notice("unproven", {}, "2 datasets are left out", "say takeOver: true"), details };
        assert.match(
            summarize("preview", "prod", { ...run, said: [left] }),
            /\n- 2 datasets are left out\. Say takeOver: true\. \[unproven\]\n    - Sales \/ A \(from ana\)\n    - Sales \/ B/,
        );
    });

    it("says of a rotation what is minted, bound and deleted, and nothing of other changes", () => {
        assert.deepEqual(describeRotation(readFindings(run).changes), [
            "minted and tried: `powerbi-sales-2026-12`",
            "bound anew in Power BI: `powerbi-sales`",
            "deleted at the end: `powerbi-sales-2026-11`",
        ]);
        assert.deepEqual(describeRotation([{ operation: "create", type: "Grant", name: "main" }]), []);
    });

    it("tells drift in words, and a change that was not deployed apart from it", () => {
        assert.match(describeDrift("prod", run, "https://run").body, /- the owner of dataset "Sales model" is now/);
        const undeployed = { ...run, said: [] };
        assert.match(describeDrift("prod", undeployed, "https://run").body, /declared that was not deployed/);
    });
});

describe("the summary of a run", () => {
    it("stays below GitHub's limit, keeps the end of the output, and says what is missing", () => {
        const output = `${"x".repeat(99)}\n`.repeat(3000) + preview;
        const summary = summarize("preview", "prod", { ...run, output });
        assert.ok(summary.length < 65_536);
        assert.match(summary, /\d+ lines are left out/);
        assert.match(summary, /30 unchanged/);
        assert.match(summary, /\*\*Rotation\*\*/);
    });

    it("stays below it too with more changes than fit", () => {
        const change = preview.split("\n").slice(3, 5);
        const many = Array.from({ length: 2000 }, (_, index) => change.join("\n").replace("2026-12", `key-${index}`));
        const summary = summarize("preview", "prod", { ...run, output: many.join("\n") });
        assert.ok(summary.length < 65_536);
        assert.match(summary, /^### preview of `prod`/);
        assert.match(summary, /… and \d+ more/);
    });

    it("calls a run that found changes none that failed, and one that broke by its exit code", () => {
        assert.doesNotMatch(summarize("drift", "prod", { ...run, exitCode: 7 }), /failed/);
        assert.match(summarize("deploy", "prod", { exitCode: 255, output: "error: no", said: [] }), /failed.*255/);
        assert.match(
            summarize("deploy", "prod", { exitCode: 0, output: "Resources:\n    40 unchanged\n", said: [] }),
            /no changes/,
        );
    });

    it("cannot be broken out of by backticks in the output", () => {
        const summary = summarize("deploy", "prod", { exitCode: 0, output: "```` </details>", said: [] });
        assert.match(summary, /`````text\n```` <\/details>\n`````/);
    });
});

describe("a run that went well, and in which something was not found that holds a secret", () => {
    const holder = notice(
        "held",
        { where: "credentials[0]" },
        'the cloud datasource s1 (h/w), read by Sales / Orders, holds the secret of rotation key "k1" and was not found in ' +
            'this run: SP2 does not see workspace "Sales". That secret is kept alive, 100% of it',
        "give it back",
    );
    const held = { ...run, said: [...said, holder] };
    const endOf = (exitCode: number, { said }: typeof held, environment: NodeJS.ProcessEnv = {}) => {
        const printed: string[] = [];
        const [out, err] = [process.stdout.write, process.stderr.write];
        process.stdout.write = process.stderr.write = (text: string | Uint8Array) => printed.push(String(text)) > 0;
        try {
            return { exitCode: exitCodeOf({ exitCode, said }, environment), printed: printed.join("") };
        } finally {
            [process.stdout.write, process.stderr.write] = [out, err];
        }
    };

    it("exits 7 and says last what holds which generation and what to do; one that failed keeps its exit code", () => {
        const { exitCode, printed } = endOf(0, held);
        assert.equal(exitCode, 7);
        assert.match(
            printed,
            /1 thing that holds it was not found.*\(exit code 7\):\n- credentials\[0\]: .*Give it back\. \[held\]\n$/,
        );
        assert.deepEqual(endOf(255, held), { exitCode: 255, printed: "" });
        assert.deepEqual(endOf(0, run), { exitCode: 0, printed: "" });
        assert.equal(endOf(7, held).exitCode, 7);
        assert.notEqual(endOf(7, held).printed, "", "drift beside it does not hide it");
    });

    it("is a warning of the job in both systems, in one line", () => {
        const line = toText(holder).replace("100%", "100%25");
        assert.ok(
            endOf(0, held, { GITHUB_ACTIONS: "true" }).printed.startsWith(
                `::warning title=A secret is kept alive::${line}\n`,
            ),
        );
        assert.ok(
            endOf(0, held, { TF_BUILD: "True" }).printed.startsWith(`##vso[task.logissue type=warning]${line}\n`),
        );
    });

    it("has them in its summary, above the warnings and in the headline", () => {
        const summary = summarize("deploy", "prod", held);
        assert.match(summary, /^### deploy of `prod`: `\+ 1 to create`.*; something is to do, see _Held_\n/);
        assert.match(
            summary,
            /\*\*Held: an older secret is kept alive\*\*\n\n- credentials\[0\]: .*\n\n\*\*Warnings\*\*\n\n- the secret of/,
        );
        assert.deepEqual(readFindings(held).warnings, readFindings(run).warnings);
    });

    it("is told in the report that the drift job keeps, also where nothing differs", () => {
        const both = describeDrift("prod", held, "https://run");
        assert.match(both.title, /^Drift: prod/);
        assert.match(both.body, /- the owner of dataset [^]*Not found, so that .* kept alive:\n\n- credentials\[0\]: /);
        const alone = describeDrift("prod", { output: "", said: [holder] }, "https://run");
        assert.match(alone.title, /^Held: stack prod keeps an older secret alive$/);
        assert.match(alone.body, /^Not found[^]*- credentials\[0\]: [^]*https:\/\/run/);
        assert.doesNotMatch(alone.body, /declared that was not deployed/);
    });
});

describe("the next rotation key", () => {
    const now = new Date("2026-12-09T00:00:00Z");
    const next = (current: string, retained: string[], request = {}) =>
        nextGenerations({ current, retained }, { emergency: false, now, ...request });

    it("is the month, and retains the former one alone", () => {
        assert.deepEqual(next("2026-11", ["2026-10", "2026-09"]), { current: "2026-12", retained: ["2026-11"] });
    });

    it("has a number when the month's key is in use or retained", () => {
        assert.equal(next("2026-12", []).current, "2026-12-2");
        assert.equal(next("2026-11", ["2026-12"]).current, "2026-12-2");
        assert.equal(next("2026-12-2", ["2026-12"]).current, "2026-12-3");
        // A key that is ahead of its month counts on: one from before would look older than the one that is kept.
        assert.equal(next("2027-05", []).current, "2027-05-2");
        assert.equal(next("2027-05-2", ["2027-05"]).current, "2027-05-3");
    });

    it("retains nothing in an emergency", () => {
        assert.deepEqual(next("2026-11", ["2026-10"], { emergency: true }), { current: "2026-12", retained: [] });
    });

    it("is refused when it is the one in use, or none that is accepted", () => {
        assert.throws(() => next("2026-11", [], { key: "2026-11" }), /the key in use, so nothing would rotate/);
        assert.throws(() => next("2026-11", [], { key: "a b" }), /--key a b: .* is no rotation key; accepted are/);
    });
});

describe("a stack's file with another rotation key", () => {
    const project = "powerbi-databricks-credentials";
    const edit = (text: string) =>
        writeGenerations(text, project, "Pulumi.prod.yaml", { current: "2026-12", retained: ["2026-11"] });

    const before = [
        "# Ours.",
        "config:",
        "  databricks:host:   https://adb-1.azuredatabricks.net # production",
        `  ${project}:rotationKey: '2026-11' # change it to rotate`,
        `  ${project}:credentials:`,
        "    - { servicePrincipal:   powerbi-sales }",
    ].join("\n");

    it("keeps comments, spaces and quotes of everything else", () => {
        const after = edit(before).split("\n");
        assert.deepEqual(after, [
            ...before.split("\n").slice(0, 3),
            `  ${project}:rotationKey: "2026-12" # change it to rotate`,
            `  ${project}:retainedRotationKeys: ["2026-11"]`,
            ...before.split("\n").slice(4),
        ]);
    });

    for (const [form, text] of [
        ["a list in brackets", ' ["2026-10", "2026-09"] # for a roll-back'],
        ["a list of lines", '\n    - "2026-10"\n    # an older one\n    - 2026-09a # kept by hand'],
        ["an empty list", " []"],
    ]) {
        it(`replaces ${form} of retained keys`, () => {
            const line = `  ${project}:retainedRotationKeys:${text}\n  ${project}:cloud: public # ours\n`;
            const after = edit(`${before}\n${line}`);
            const read = readGenerations(after, project, "Pulumi.prod.yaml");
            assert.deepEqual(read, { current: "2026-12", retained: ["2026-11"] });
            assert.match(after, new RegExp(`\n  ${project}:retainedRotationKeys: \\["2026-11"\\]`));
            assert.match(after, new RegExp(`\n  ${project}:cloud: public # ours\n$`));
        });
    }

    it("is refused where there is no key yet, or where it is no text", () => {
        assert.throws(() => edit("config: {}"), /Pulumi\.prod\.yaml has no .*:rotationKey\. Set the first one by hand/);
        const number = before.replace("'2026-11'", "11");
        assert.throws(() => readGenerations(number, project, "Pulumi.prod.yaml"), /expected rotationKey to be a text/);
    });
});

describe("the forge of a job", () => {
    it("says outside of a job, and in one without its token, what is missing", () => {
        assert.throws(() => forgeOfJob({}), /neither a job of GitHub Actions .* nor of Azure DevOps/);
        assert.throws(() => forgeOfJob({ GITHUB_ACTIONS: "true" }), /GITHUB_TOKEN is not set: map it in the step/);
        assert.throws(() => forgeOfJob({ TF_BUILD: "True" }), /SYSTEM_ACCESSTOKEN is not set: map it in the step/);
    });
});

describe("the login of a job", () => {
    const environment = {
        AZURE_TENANT_ID: "job.example.com",
        AZURE_CLIENT_ID: "c11e47aa-0000-4000-8000-00000000000a",
        AZURE_SERVICE_CONNECTION_ID: "the job's connection",
        DATABRICKS_HOST: "https://adb-1234567890123456.7.azuredatabricks.net",
        DATABRICKS_TOKEN: "dapi-of-a-test",
    };
    const loginOf = (powerBi: object) =>
        readConnection((key) => (key === "powerBi" ? JSON.stringify(powerBi) : undefined), environment).powerBi;

    it("is whose the environment says, where the configuration names nobody", () => {
        assert.deepEqual(loginOf({ login: "github" }), {
            login: "github",
            tenantId: "job.example.com",
            clientId: "c11e47aa-0000-4000-8000-00000000000a",
        });
        assert.deepEqual(loginOf({ login: "azureDevOps", clientId: "c11e47aa-0000-4000-8000-00000000000b" }), {
            login: "azureDevOps",
            tenantId: "job.example.com",
            clientId: "c11e47aa-0000-4000-8000-00000000000b",
            serviceConnectionId: "the job's connection",
        });
    });

    it("takes nothing from the environment that is for other logins", () => {
        assert.throws(
            () => loginOf({ clientId: "c11e47aa-0000-4000-8000-00000000000b", clientSecret: "a-secret-of-a-test" }),
            /tenantId/,
        );
        assert.deepEqual(loginOf({ login: "azureCli" }), { login: "azureCli" });
    });
});
