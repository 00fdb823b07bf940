import * as fs from "node:fs";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { parse } from "yaml";
import { ConfigurationError } from "../clients/config-reader";
import { projectRoot } from "../engine/home";
import { ask, askSecret, Cancelled, Refusal } from "./init/ask";
import { configurationOf, SecretValue, validate, wordsOnGrants } from "./init/configuration";
import { answersOf, problemsOf } from "./init/flags";
import { Answers, Question, questions } from "./init/questions";
import { commandFor, storeSecret } from "./init/secrets";
import { objectionToFile, writeStackFile } from "./init/stack-file";
import { StackCli } from "./stack-cli";
import { printed } from "../clients/user-error";

const usage = `npm run init -- [--yes] [--force] [--cwd FOLDER] [flags]

Asks a few questions and writes a valid Pulumi.STACK.yaml. What a flag says is not asked. Secrets are never written in
clear, and there is no flag for them: they are asked for where the stack exists, and else set with the commands that this
prints. Exit code 0: written; 1: not written; 2: the command was called wrongly.

  --yes           asks nothing, as without a terminal: flags say all that has no default
  --force         replaces the stack's file
  --cwd FOLDER    the folder that holds Pulumi.yaml; default this project

${questions.map(([flag, question]) => describeFlag(flag, question)).join("\n")}
`;

function describeFlag(flag: string, { message, choices, isList }: Question): string {
    const margin = " ".repeat(27);
    const accepted = choices ? `\n${margin}${choices.map(({ value }) => value).join(" | ")}` : "";
    const repeated = isList ? `\n${margin}may be given several times` : "";
    return `  --${flag}`.padEnd(margin.length) + message + accepted + repeated;
}

/** `npm run init`: the configuration of a new stack. */
async function main(): Promise<void> {
    const { yes, force, cwd, help, given } = readArguments();
    if (help) {
        process.stdout.write(usage);
        return;
    }
    const isInteractive = !yes && process.stdin.isTTY && process.stdout.isTTY;
    const fileOf = (stack: string) => path.join(cwd, `Pulumi.${stack.split("/").at(-1)}.yaml`);
    const refuse: Refusal = (flag, answer) => (flag === "stack" ? objectionToFile(fileOf(answer), force) : undefined);
    const { answers, problems } = isInteractive ? { answers: given, problems: problemsOf(given) } : answersOf(given);
    if (problems.length > 0) {
        process.stderr.write(`${problems.join("\n")}\n`);
        process.exitCode = 2;
        return;
    }
    // Nobody is asked twenty questions for a file that cannot be written.
    const objection = answers.stack && refuse("stack", answers.stack);
    if (objection) {
        throw new Error(objection);
    }
    const complete = isInteractive ? await ask(answers, refuse) : answers;
    const project: string = parse(fs.readFileSync(path.join(cwd, "Pulumi.yaml"), "utf8")).name;
    const configuration = configurationOf(complete, project);
    validate(configuration, project);
    const stack = complete.stack!;
    writeStackFile(fileOf(stack), configuration.values, project, force);
    const words = wordsOnGrants(complete);
    process.stdout.write(`${fileOf(stack)} is written.\n${words ? `${words}\n` : ""}`);

    const exists = await stackExists(stack, cwd);
    const missing =
        isInteractive && exists ? await askForSecrets(configuration.secrets, stack, cwd) : configuration.secrets;
    process.stdout.write(nextSteps(stack, exists, missing));
}

async function askForSecrets(secrets: SecretValue[], stack: string, folder: string): Promise<SecretValue[]> {
    const missing: SecretValue[] = [];
    for (const secret of secrets) {
        // A certificate has many lines; a prompt takes one.
        const isLine = secret.key !== "powerBi.certificate";
        const value = isLine ? await askSecret(`What is ${secret.what}? (empty: set it later)`) : "";
        if (value === "") {
            missing.push(secret);
        } else {
            await storeSecret(secret, value, stack, folder);
        }
    }
    return missing;
}

async function stackExists(stack: string, folder: string): Promise<boolean> {
    try {
        await (await StackCli.open(stack, folder)).resources();
        return true;
    } catch {
        return false;
    }
}

function nextSteps(stack: string, exists: boolean, secrets: SecretValue[]): string {
    const steps = [
        ...(exists
            ? []
            : [`pulumi stack init ${stack}    # with --secrets-provider azurekeyvault://VAULT/keys/KEY for a team`]),
        ...secrets.map((secret) => `${commandFor(secret, stack)}    # asks for ${secret.what}`),
        `npm run doctor -- --stack ${stack}    # says what is missing`,
        `pulumi preview --stack ${stack}`,
    ];
    return `Next:\n${steps.map((step) => `  ${step}`).join("\n")}\n`;
}

function readArguments() {
    const flags = questions.map(([flag, { isList }]) => [flag, { type: "string", multiple: isList === true }] as const);
    try {
        const { values } = parseArgs({
            options: {
                ...(Object.fromEntries(flags) as Record<string, { type: "string"; multiple: boolean }>),
                yes: { type: "boolean", short: "y", default: false },
                force: { type: "boolean", default: false },
                help: { type: "boolean", short: "h", default: false },
                cwd: { type: "string", default: projectRoot },
            },
        });
        const { yes, force, help, cwd, ...given } = values;
        const answers: Answers = Object.fromEntries(
            Object.entries(given).map(([flag, value]) => [
                flag,
                Array.isArray(value) ? value.join(" ") : String(value),
            ]),
        );
        return { yes: yes === true, force: force === true, help, cwd: String(cwd), given: answers };
    } catch (error) {
        process.stderr.write(`${(error as Error).message}\n\n${usage}`);
        process.exit(2);
    }
}

main().catch((error: Error) => {
    const words = error instanceof ConfigurationError ? error.problems.join("\n") : printed(error);
    process.stderr.write(`${words}\n`);
    process.exitCode = error instanceof Cancelled ? 130 : 1;
});
