import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { PassThrough } from "node:stream";
import { parse } from "yaml";
import { ask, askSecret, Cancelled } from "../../commands/init/ask";
import { configurationOf, validate, wordsOnGrants } from "../../commands/init/configuration";
import { answersOf } from "../../commands/init/flags";
import { Answers, questions } from "../../commands/init/questions";
import { argumentsFor, commandFor } from "../../commands/init/secrets";
import { renderStackFile, writeStackFile } from "../../commands/init/stack-file";
import { until } from "../until";

const project = "powerbi-databricks-credentials";

const given: Answers = {
    stack: "prod",
    "databricks-host": "https://adb-1234567890123456.7.azuredatabricks.net",
    "databricks-auth": "pat",
    warehouse: "0044ff",
    "service-principal": "powerbi-sales",
    grant: "main.sales",
    workspace: "Sales",
    dataset: "Sales model",
    "take-over": "yes",
    "power-bi-login": "clientSecret",
    "tenant-id": "7e4a47aa-0000-4000-8000-000000000001",
    "client-id": "c11e47aa-0000-4000-8000-000000000002",
    "rotation-key": "2026-12",
};

function without(...flags: string[]): Answers {
    return Object.fromEntries(Object.entries(given).filter(([flag]) => !flags.includes(flag)));
}

/** Answers that fit a choice: all further questions that it brings with it. */
function complete(choices: Answers): Answers {
    const answers: Answers = {};
    for (const [flag, { isAsked, choices: options, example }] of questions) {
        if (!isAsked || isAsked(answers)) {
            answers[flag] = choices[flag] ?? given[flag] ?? options?.[0].value ?? example ?? "something";
        }
    }
    return answers;
}

describe("init's flags", () => {
    it("say all that is needed, and defaults the rest", () => {
        const { answers, problems } = answersOf(without("rotation-key", "grant"));
        assert.deepEqual(problems, []);
        assert.equal(answers.grant, "");
        assert.equal(answers.bind, "dataset");
        assert.match(answers["rotation-key"]!, /^\d{4}-\d\d$/);
    });

    it("that are missing are all named, with what is accepted", () => {
        const { problems } = answersOf({ "power-bi-login": "secretScope" });
        const named = problems.map((problem) => /^--\S+(?= is missing)/.exec(problem)?.[0]);
        assert.deepEqual(named, [
            "--databricks-host",
            "--databricks-auth",
            "--warehouse",
            "--service-principal",
            "--workspace",
            "--dataset",
            "--secret-scope",
        ]);
        assert.match(problems[1], /Give --databricks-auth azure-cli \| oauth-m2m \| pat/);
    });

    it("with values that cannot be, or that nothing asks for, are refused", () => {
        const problemsOf = (changes: Answers) => answersOf({ ...given, ...changes }).problems;
        assert.match(problemsOf({ "databricks-host": "http://example.com" })[0], /^--databricks-host: .*not https/);
        assert.match(problemsOf({ "power-bi-login": "password" })[0], /"password" is none of the answers; there are /);
        assert.match(problemsOf({ "rotation-key": "a b" })[0], /^--rotation-key: .*no rotation key/);
        assert.match(problemsOf({ stack: "../prod" })[0], /^--stack: expected a name/);
        for (const grant of [
            "main..x",
            ".",
            "a.b.c.d",
            "main.`sales`",
            "`main.sales`",
            "main/sales",
            "main.sales x.",
        ]) {
            assert.match(problemsOf({ grant })[0], /^--grant: ".*" is nothing to grant on; .*CATALOG\.SCHEMA\.TABLE/);
        }
        assert.match(problemsOf({ grant: "`main.sales`" })[0], /without backticks/);
        assert.deepEqual(problemsOf({ "secret-scope": "x" }), [
            "--secret-scope is not used with the other answers; leave it out.",
        ]);
    });
});

describe("init's configuration", () => {
    const choicesOf = (flag: string) =>
        questions.find(([name]) => name === flag)![1].choices!.map(({ value }) => value);

    it("is valid for every login to Databricks and every login of SP2", () => {
        for (const auth of choicesOf("databricks-auth")) {
            for (const login of choicesOf("power-bi-login")) {
                const configuration = configurationOf(
                    complete({ "databricks-auth": auth, "power-bi-login": login }),
                    project,
                );
                assert.doesNotThrow(() => validate(configuration, project), `${auth} ${login}`);
            }
        }
    });

    it("is valid for every way to bind, for a new service principal and an adopted one", () => {
        for (const bind of choicesOf("bind")) {
            const configuration = configurationOf(complete({ bind }), project);
            validate(configuration, project);
            const [credential] = configuration.values[`${project}:credentials`] as { bindings: object[] }[];
            const dataset = { workspace: "Sales", dataset: "Sales model" };
            const rule = { discover: bind, takeOver: true };
            assert.deepEqual(credential.bindings, [
                bind === "dataset" ? { ...dataset, gatewayType: "NoGateway" } : rule,
            ]);
            const cautious = configurationOf(complete({ bind, "take-over": "no" }), project);
            const [{ bindings }] = cautious.values[`${project}:credentials`] as { bindings: object[] }[];
            assert.deepEqual(bindings, [bind === "dataset" ? dataset : { discover: bind }]);
        }
        const id = "0dd5ec7e-0000-4000-8000-000000000001";
        const adopted = configurationOf(complete({ "service-principal": id }), project);
        validate(adopted, project);
        assert.match(JSON.stringify(adopted.values), new RegExp(`"applicationId":"${id}"`));
    });

    it("grants what is named, each once, to a new service principal as to an adopted one", () => {
        const grantsOf = (changes: Answers) => {
            const { values } = configurationOf(complete(changes), project);
            validate({ values, secrets: configurationOf(complete(changes), project).secrets }, project);
            return (values[`${project}:credentials`] as { grants?: object[] }[])[0].grants;
        };
        const named = "main main.sales, main.shared.calendar,main.eu-data main.sales";
        const expected = [
            { catalog: "main" },
            { catalog: "main", schema: "sales" },
            { catalog: "main", schema: "shared", table: "calendar" },
            { catalog: "main", schema: "eu-data" },
        ];
        assert.deepEqual(grantsOf({ grant: named }), expected);
        const adopted = "0dd5ec7e-0000-4000-8000-000000000001";
        assert.deepEqual(grantsOf({ grant: named, "service-principal": adopted }), expected);
        assert.equal(grantsOf({ grant: "" }), undefined);
    });

    it("says of a new service principal without grants that it can read nothing yet, and nothing of an adopted one", () => {
        const adopted = "0dd5ec7e-0000-4000-8000-000000000001";
        assert.match(
            wordsOnGrants(complete({ grant: "" }))!,
            /^powerbi-sales is granted nothing.*permission error.*group.*grants/,
        );
        assert.equal(wordsOnGrants(complete({})), undefined);
        assert.equal(wordsOnGrants(complete({ grant: "", "service-principal": adopted })), undefined);
    });

    it("is not written when it is not valid", () => {
        const configuration = configurationOf(complete({ "databricks-host": "https://example.com" }), project);
        assert.throws(() => validate(configuration, project), /databricks:host: .*no Databricks workspace/);
    });

    it("holds no secret: each is named with the command that stores it, and its value is no argument", () => {
        const { values, secrets } = configurationOf(complete({ "databricks-auth": "oauth-m2m" }), project);
        assert.doesNotMatch(JSON.stringify(values), /clientSecret/);
        assert.deepEqual(
            secrets.map((secret) => commandFor(secret, "prod")),
            [
                "pulumi config set --secret --stack prod databricks:clientSecret",
                "pulumi config set --secret --stack prod --path powerBi.clientSecret",
            ],
        );
        const [certificate] = configurationOf(
            complete({ "databricks-auth": "azure-cli", "power-bi-login": "certificate" }),
            project,
        ).secrets;
        assert.match(commandFor(certificate, "prod"), /--path powerBi\.certificate < FILE\.pem$/);
        assert.equal(argumentsFor(certificate, "prod").at(-1), "powerBi.certificate");
    });
});

describe("init's file", () => {
    const { values } = configurationOf(complete({}), project);

    it("has comments, and texts that no reader takes for a date or a number", () => {
        const text = renderStackFile(values, project);
        assert.match(text, /# Change it to rotate: .*\n {2}powerbi-databricks-credentials:rotationKey: "2026-12"/);
        assert.match(text, /# SP2: the Entra service principal/);
        assert.match(text, /warehouse: "0044ff"/);
        assert.deepEqual(parse(text).config, values);
    });

    it("replaces another only when told to, and keeps how that one's secrets are encrypted", () => {
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), "init-"));
        const file = path.join(folder, "Pulumi.prod.yaml");
        try {
            fs.writeFileSync(file, "secretsprovider: awskms://alias/k\nencryptedkey: abc\nconfig:\n  a:b: c\n");
            assert.throws(() => writeStackFile(file, values, project, false), /is there already.*--force/);
            writeStackFile(file, values, project, true);
            const { config, ...rest } = parse(fs.readFileSync(file, "utf8"));
            assert.deepEqual(rest, { secretsprovider: "awskms://alias/k", encryptedkey: "abc" });
            assert.deepEqual(config, values);
        } finally {
            fs.rmSync(folder, { recursive: true });
        }
    });
});

describe("init's questions", () => {
    /** A terminal at which somebody types each text when something new is asked. */
    function terminal(...typed: string[]) {
        const [input, output] = [new PassThrough(), new PassThrough()];
        let shown = "";
        const messages = new Set<string>();
        output.on("data", (chunk: Buffer) => {
            shown += chunk.toString("utf8");
            // A question begins with its sign; what is drawn again is no new one.
            for (const [, message] of shown.matchAll(/[◆▲]\S* {2}(.*?\?)/g)) {
                if (!messages.has(message)) {
                    messages.add(message);
                    setImmediate(() => input.write(typed.shift() ?? "\u0003"));
                }
            }
        });
        return { input, output, shown: () => shown, left: () => typed.length };
    }

    it("are asked for what no flag says, one after the other, with defaults", async () => {
        const { shown, left, ...streams } = terminal("\r", "Sales warehouse\r", "\r", "\r", "\r");
        const answers = await ask(without("stack", "warehouse", "grant", "power-bi-login"), undefined, streams);
        assert.equal(answers.stack, "prod");
        assert.equal(answers.warehouse, "Sales warehouse");
        assert.equal(answers.grant, "");
        assert.equal(answers.bind, "dataset");
        assert.equal(answers["power-bi-login"], "clientSecret");
        assert.equal(left(), 0);
        assert.doesNotMatch(shown(), /Where is the Databricks workspace/);
        validate(configurationOf(answers, project), project);
    });

    it("take several grants in one line, and say what none means", async () => {
        const { shown, left, ...streams } = terminal("main.sales main.shared\r");
        const { grant } = await ask({ ...without("grant"), bind: "dataset" }, undefined, streams);
        assert.equal(grant, "main.sales main.shared");
        assert.match(shown().replace(/\s+/g, " "), /What may it read\?.*empty: /);
        assert.equal(left(), 0);
    });

    it("are asked again while the answer cannot be", async () => {
        const { left, shown, ...streams } = terminal("\r");
        const typed = until(() => shown().includes("there is one already")).then(() => streams.input.write("2\r"));
        const refuse = (_: string, answer: string) => (answer === "prod" ? "there is one already" : undefined);
        const { stack } = await ask({ ...without("stack"), bind: "dataset" }, refuse, streams);
        await typed;
        assert.equal(stack, "prod2");
        assert.equal(left(), 0);
    });

    it("can be broken off, and nothing is written", async () => {
        const { input, output } = terminal("\u0003");
        await assert.rejects(ask({}, undefined, { input, output }), Cancelled);
    });

    it("do not show a secret that is typed", async () => {
        const { shown, input, output } = terminal("a-secret-of-a-test\r");
        assert.equal(await askSecret("What is it?", { input, output }), "a-secret-of-a-test");
        assert.doesNotMatch(shown(), /a-secret/);
        const empty = terminal("\r");
        assert.equal(await askSecret("What is it?", { input: empty.input, output: empty.output }), "");
    });
});
