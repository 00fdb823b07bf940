import assert from "node:assert/strict";
import { computeReport } from "../../commands/status/compute";
import { renderHtml } from "../../commands/status/html";
import { readPreview } from "../../commands/status/preview";
import { readState } from "../../commands/status/state";
import { renderTerminal } from "../../commands/status/terminal";
import { exportedState, heldFacts, hostileFacts, troubledFacts, urnOf, wellFacts } from "../status-facts";
import { invalid } from "../../clients/config-reader";

const wordsOf = (facts: Parameters<typeof computeReport>[0]) =>
    computeReport(facts).attention.map(({ kind, words }) => `${kind}: ${words}`);

describe("the report of status", () => {
    it("says that all is well when it is", () => {
        const { verdict, attention, untold } = computeReport(wellFacts());
        assert.deepEqual({ verdict, attention, untold }, { verdict: "well", attention: [], untold: [] });
    });

    it("tells of each secret whose it is, how old, and when it ends; the newest first", () => {
        const [{ generations }] = computeReport(troubledFacts()).credentials;
        assert.deepEqual(
            generations.map(({ key, secretId, role, ageInDays, daysLeft }) => [
                key,
                secretId,
                role,
                ageInDays,
                daysLeft,
            ]),
            [
                ["", "s9", "unknown", 40, undefined],
                ["2026-12", "s2", "current", 81, 9],
                ["2026-11", "s1", "retained", 120, 60],
            ],
        );
    });

    it("tells of each datasource its kind, gateway, type and datasets with their last refresh", () => {
        const [{ datasources }] = computeReport(troubledFacts()).credentials;
        const told = datasources.map(({ kind, gateway, name, credentialType, warehouse, datasets }) => ({
            place: [kind, gateway, name, credentialType, warehouse],
            datasets: datasets.map(({ dataset, owner, lastRefresh }) => [
                dataset,
                owner,
                lastRefresh?.status,
                lastRefresh?.error,
            ]),
        }));
        const warehouse = "adb-1.azuredatabricks.net/sql/1.0/warehouses/w1";
        assert.deepEqual(told, [
            { place: ["NoGateway", "", "", "Basic", warehouse], datasets: [["Orders", "sp2", "Completed", undefined]] },
            {
                place: ["Onpremises", "HQ", "dbx", "OAuth2", warehouse],
                datasets: [["Stock", "sp2", "Failed", "GatewayUnreachable: It is offline."]],
            },
        ]);
    });

    it("puts the preview's words of drift where they belong, once, and not those of an earlier run", () => {
        const { credentials, attention } = computeReport(troubledFacts());
        const [{ datasources, drift }] = credentials;
        assert.deepEqual(
            datasources.map((datasource) => datasource.drift),
            [["the owner of it is ben"], ["its type is OAuth2", 'dataset "Stock" in workspace "Sales" is elsewhere']],
        );
        assert.deepEqual(drift, []);
        const words = attention.filter(({ kind }) => kind === "drift").map((item) => [item.credential, item.words]);
        assert.deepEqual(words, [
            ["sales", "the owner of it is ben"],
            ["sales", "its type is OAuth2"],
            ["sales", 'dataset "Stock" in workspace "Sales" is elsewhere'],
            [undefined, "the warehouse is gone"],
        ]);
    });

    it("asks for attention to an end that is near, with the words of the preview, but not for a retained one's", () => {
        const near = wordsOf(troubledFacts()).filter((words) => words.startsWith("expiry"));
        assert.deepEqual(near, [
            "expiry: the secret of app (rotation key 2026-12) expires in 9 days, on 2026-12-04T12:00:00Z. " +
                "Rotate it: pulumi config set rotationKey NEXT-KEY, then pulumi up. [secret-expires]",
        ]);
        assert.deepEqual(wordsOf({ ...wellFacts(), expiryWarningDays: 70 }), []);
        assert.equal(wordsOf({ ...wellFacts(), expiryWarningDays: 100 }).length, 1);
    });

    it("asks for attention first to a rotation that is declared and not done, with the credentials that wait for it", () => {
        const facts = { ...troubledFacts(), rotationKey: "2027-01" };
        const { attention, toRotate } = computeReport(facts);
        assert.deepEqual(attention[0], {
            kind: "rotation",
            words: "rotation key 2027-01 is declared, but not in use: sales uses 2026-12. pulumi up rotates.",
        });
        assert.ok(attention.length > 1);
        assert.deepEqual(toRotate, ["sales"]);
        assert.deepEqual(computeReport(wellFacts()).toRotate, []);
    });

    it("says a rotation once for all credentials, by the keys that they use, and names some", () => {
        const facts = { ...wellFacts(), rotationKey: "2027-01" };
        const [sales] = facts.state.credentials;
        const named = (name: string, rotationKey: string) => ({ ...sales, name, rotationKey });
        const names = ["a", "b", "c", "d", "e", "f"];
        const credentials = [
            ...names.map((name) => named(name, "2026-12")),
            named("g", "2026-11"),
            named("h", "2027-01"),
        ];
        const report = computeReport({
            ...facts,
            order: credentials.map(({ name }) => name),
            state: { ...facts.state, credentials },
        });
        const said = report.attention.filter(({ kind }) => kind === "rotation").map(({ words }) => words);
        assert.deepEqual(said, [
            "rotation key 2027-01 is declared, but not in use: a, b, c, d and 2 more use 2026-12; g uses 2026-11. " +
                "pulumi up rotates.",
        ]);
        assert.deepEqual(report.toRotate, [...names, "g"]);
    });

    it("takes neither a first up that failed nor a credential that is no longer configured for a rotation to do", () => {
        const facts = { ...wellFacts(), rotationKey: "2027-01" };
        const kinds = (changes: Partial<typeof facts>) =>
            computeReport({ ...facts, ...changes }).attention.map(({ kind }) => kind);
        assert.deepEqual(kinds({ order: [] }), []);
        const credentials = facts.state.credentials.map((credential) => ({ ...credential, rotationKey: "" }));
        assert.ok(!kinds({ state: { ...facts.state, credentials } }).includes("rotation"));
    });

    it("asks for attention to a secret in no state, and says how to delete it", () => {
        const [unknown] = wordsOf(troubledFacts()).filter((words) => words.startsWith("unknown"));
        assert.match(unknown, /sales has a secret that is in no state: s9, 40 days old\. .* delete 4001 s9$/);
    });

    it("asks for attention when the next rotation will find no room", () => {
        const facts = wellFacts();
        const [one, two] = facts.live.secrets.sales;
        facts.live.secrets.sales = [one, two, ...["x", "y", "z"].map((id) => ({ ...one, id }))];
        assert.ok(wordsOf(facts).some((words) => /^no room: sales has 5 secrets/.test(words)));
        assert.equal(computeReport(facts).credentials[0].nextRotation.freePlaces, 0);
    });

    it("asks for attention to a datasource that still holds an older secret", () => {
        const facts = wellFacts();
        const text = JSON.stringify(exportedState()).replace(
            /("api":"powerbi","target":\{[^}]*\},)"secretId":"s2","rotationKey":"2026-12"/,
            '$1"secretId":"s1","rotationKey":"2026-11"',
        );
        const [older] = wordsOf({ ...facts, state: readState(JSON.parse(text)) });
        assert.match(
            older,
            /^older secret: datasource "dbx" of gateway "HQ" holds the secret of 2026-11, not that of 2026-12/,
        );
    });

    it("shows a secret that the state names and Databricks does not as deleted, unless the list could not be read", () => {
        const facts = wellFacts();
        facts.live.secrets.sales.pop();
        const statuses = () =>
            computeReport(facts).credentials[0].generations.map(({ secretId, status }) => [secretId, status]);
        assert.deepEqual(statuses(), [
            ["s1", "ACTIVE"],
            ["s2", "DELETED"],
        ]);
        facts.live.secrets = {};
        facts.live.untold = ["secrets of sales: 403"];
        assert.deepEqual(statuses(), [
            ["s1", ""],
            ["s2", ""],
        ]);
        assert.equal(computeReport(facts).verdict, "untold");
    });

    it("knows the end of the secret in use from the state when Databricks cannot be asked", () => {
        const facts = wellFacts();
        facts.live.secrets = {};
        const ends = computeReport(facts).credentials[0].generations.map(({ role, daysLeft }) => [role, daysLeft]);
        assert.deepEqual(ends, [
            ["retained", undefined],
            ["current", 9],
        ]);
        assert.ok(wordsOf(facts).some((words) => /^expiry: .* expires in 9 days/.test(words)));
    });

    it("lists what the next rotation will touch", () => {
        assert.deepEqual(computeReport(wellFacts()).credentials[0].nextRotation, {
            datasources: 2,
            datasets: 2,
            scopeEntries: ["powerbi/sales-client-id"],
            keyVaultSecrets: [],
            refreshes: ["Sales / Orders"],
            hooks: 1,
            freePlaces: 3,
        });
    });

    it("ignores what waits for its deletion: its successor is what is in use", () => {
        const type = "pulumi-nodejs:dynamic/databricks:VerifiedSecret";
        const parent = urnOf("x", "x").replace(/\$x::x$/, "::sales");
        const inputs = { applicationId: "app", secretId: "s0", rotationKey: "2026-10" };
        const state = readState(exportedState([{ urn: urnOf(type, "sales"), type, parent, inputs, delete: true }]));
        assert.equal(state.credentials[0].secretId, "s2");
    });

    it("says that drift could not be told when the preview failed, with its reason", () => {
        const digest = { diagnostics: [{ severity: "error", message: "there is no workspace\n" }] };
        const preview = readPreview({ failed: true, digest, errors: "", said: [] }, []);
        const { verdict, untold } = computeReport({ ...wellFacts(), preview });
        assert.equal(verdict, "untold");
        assert.deepEqual(untold, ["drift, because the preview failed: there is no workspace"]);
    });

    it("tells what is held with its generation and its cause, and asks for attention to it", () => {
        const { verdict, held, attention, told } = computeReport(heldFacts());
        assert.equal(verdict, "attention");
        const [{ credential, rotationKey, gateway, name, datasets, cause, words }] = held;
        assert.deepEqual(
            [credential, rotationKey, gateway, name, datasets.map(({ dataset }) => dataset), cause],
            ["sales", "2026-11", "HQ", "dbx", ["Stock"], 'SP2 administers no gateway "HQ" any more'],
        );
        assert.deepEqual(attention, [{ kind: "held", credential: "sales", words }]);
        assert.deepEqual(
            told.map(({ code, reason }) => [code, reason]),
            [["renamed", 'workspace "A" is called "B" now']],
        );
    });

    it("is well where an up has something to tell and nobody has anything to do", () => {
        const facts = heldFacts();
        const { verdict, told } = computeReport({ ...facts, plan: { ...facts.plan, held: [] } });
        assert.deepEqual([verdict, told.length], ["well", 1]);
    });

    it("says what an up would refuse in the plan's words, once", () => {
        const errors = "error: - there is no workspace\n- nor another";
        const preview = readPreview({ failed: true, digest: {}, errors, said: [] }, []);
        const problems = ["there is no workspace", "nor another"].map((reason) => invalid("x", reason));
        const plan = { problems, held: [], warnings: [] };
        const { verdict, refused, untold } = computeReport({ ...wellFacts(), preview, plan });
        assert.deepEqual([verdict, refused, untold], ["refused", plan.problems, []]);
    });

    it("says that nothing could be planned, where a preview could", () => {
        const plan = { problems: [], held: [], warnings: [], failure: "Power BI: GET /groups got no answer" };
        const { verdict, untold } = computeReport({ ...wellFacts(), plan });
        assert.deepEqual([verdict, untold], ["untold", ["what an up would plan: Power BI: GET /groups got no answer"]]);
    });

    it("sums up what pulumi up would do besides", () => {
        const steps = ["a", "b", "c", "d", "e"].map((name) => ({
            op: "create",
            urn: urnOf("databricks:index/grant:Grant", name),
            newState: { parent: urnOf("x", "x").replace(/\$x::x$/, "::sales") },
        }));
        const preview = readPreview({ failed: false, digest: { steps }, errors: "", said: [] }, []);
        const words = "create Grant a, create Grant b, create Grant c, create Grant d, and 1 more";
        assert.deepEqual(wordsOf({ ...wellFacts(), preview }), [`change: pulumi up would make 5 changes: ${words}`]);
    });
});

describe("status in a terminal", () => {
    it("shows secrets, datasources and what to look at as tables without colours", () => {
        const text = renderTerminal(computeReport(troubledFacts()), false);
        assert.match(text, /^Stack prod {2}\d+ things to look at\n/);
        assert.match(text, /2026-12 {2}current {3}s2 +ACTIVE {2}2026-09-05 {2}81 days +2026-12-04 {2}9 days/);
        assert.match(text, /KIND +GATEWAY +DATASOURCE +BOUND +TYPE/);
        assert.match(text, /on-premises {2}HQ +dbx +2026-12 {2}OAuth2 +1 +1 failed +2/);
        assert.match(
            text,
            /next rotation: 1 new secret, 2 datasources \(read by 2 datasets\), 1 scope entry, 1 refresh, 1 hook/,
        );
        assert.match(text, /the last refresh of Sales \/ Stock failed on .*: GatewayUnreachable: It is offline\./);
        assert.ok(!text.includes("\u001b"));
    });

    it("has a section of what is held, and of what is good to know", () => {
        const text = renderTerminal(computeReport(heldFacts()), false);
        assert.match(text, /^Stack prod {2}1 thing to look at\n/);
        assert.match(
            text,
            /\nNot found, so that its secret is kept alive\n +CREDENTIAL +KEY +KIND +GATEWAY +DATASOURCE +READ BY +WHY\n/,
        );
        assert.match(
            text,
            /\n +sales +2026-11 +on-premises +HQ +dbx +Sales \/ Stock +SP2 administers no gateway "HQ" any more\n/,
        );
        assert.match(
            text,
            /\nTo look at\n +- datasource "dbx" .* Give the right back\. \[held\]\n\nGood to know\n +- workspace "A"/,
        );
        assert.doesNotMatch(renderTerminal(computeReport(wellFacts()), false), /Not found|Good to know/);
    });

    it("says first that an up would refuse", () => {
        const plan = { problems: [invalid("x", "there is no workspace")], held: [], warnings: [] };
        const text = renderTerminal(computeReport({ ...wellFacts(), plan }), false);
        assert.match(
            text,
            /^Stack prod {2}An up would refuse, for 1 reason\n[^]*\nAn up would refuse\n +- x: there is no workspace\. Correct the value\. \[invalid-value\]\n/,
        );
    });

    it("names a rotation that is declared and not done first", () => {
        const text = renderTerminal(computeReport({ ...troubledFacts(), rotationKey: "2027-01" }), false);
        assert.match(text, /\nTo look at\n {2}- rotation key 2027-01 is declared, but not in use: /);
    });

    it("counts only what the next rotation touches", () => {
        const facts = wellFacts();
        const bare = { hooks: 0, scopeEntries: [], refreshes: [] };
        const credentials = facts.state.credentials.map((credential) => ({ ...credential, ...bare }));
        const text = renderTerminal(computeReport({ ...facts, state: { ...facts.state, credentials } }), false);
        assert.match(text, /next rotation: 1 new secret, 2 datasources \(read by 2 datasets\); 3 of 5 places/);
    });

    it("colours what is bad, and leaves the columns where they are", () => {
        const report = computeReport(troubledFacts());
        const colored = renderTerminal(report, true);
        assert.match(colored, /\u001b\[31mOAuth2\u001b\[0m/);
        assert.equal(colored.replace(/\u001b\[\d+m/g, ""), renderTerminal(report, false));
    });

    it("lets no name steer the terminal", () => {
        const text = renderTerminal(computeReport(hostileFacts("\u001b[2J\u0007\u009b31m\u202e\nline")), false);
        assert.doesNotMatch(text, /[\u0007\u001b\u009b\u202e]/);
        assert.match(text, /^ {2}on-premises .* line +dbx /m, "a row stays a row");
    });
});

describe("status as a page", () => {
    it("escapes every name", () => {
        const page = renderHtml(computeReport(hostileFacts(`<script>alert(1)</script>"'&`)));
        assert.equal(page.match(/<script/g)?.length, 1, "the page's own script is the only one");
        assert.ok(page.includes("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;"));
    });

    it("names no other place: what it needs is in it", () => {
        assert.doesNotMatch(renderHtml(computeReport(troubledFacts())), /(src|href)="(?!#|data:,)/);
    });

    it("names a rotation that is declared and not done first, and marks the credentials that wait for it", () => {
        const page = renderHtml(computeReport({ ...wellFacts(), rotationKey: "2027-01" }));
        const [first] = page.match(/<li>\s*<div><span class="kind">.*?<\/li>/s)!;
        assert.match(first, /class="kind">rotation<.*rotation key 2027-01 is declared, but not in use/s);
        assert.match(page, /<article class="credential" id="credential-1" data-look>/);
        assert.match(page, /data-title="Bound"/);
    });

    it("has a table of what is held, with generation and cause, and what to do above it", () => {
        const page = renderHtml(computeReport(heldFacts()));
        assert.match(page, /class="kind">held<[^]*Give the right back/);
        const [, section] = page.match(/<h2 id="held">([^]*?)<\/section>/)!;
        for (const words of [
            "2026-11",
            "HQ",
            "dbx",
            "Sales / Stock",
            "SP2 administers no gateway &quot;HQ&quot; any more",
        ]) {
            assert.ok(section.includes(words), words);
        }
        assert.doesNotMatch(renderHtml(computeReport(wellFacts())), /id="held"/);
    });

    it("draws a bar for each generation, with its role in words", () => {
        const page = renderHtml(computeReport(troubledFacts()));
        assert.equal(page.match(/class="life"/g)?.length, 3);
        for (const words of [
            "2026-12 · current · 9 days left",
            "2026-11 · retained · 60 days left",
            "no key · unknown · no end known",
        ]) {
            assert.ok(page.includes(words), words);
        }
    });
});
