import type { Readable, Writable } from "node:stream";
import { isCancel, password, select, text } from "@clack/prompts";
import { Answers, objectionTo, Question, questions } from "./questions";
import { UserError } from "../../clients/user-error";

/** Where questions are shown, and where answers come from. Default the terminal. */
export interface Terminal {
    input?: Readable;
    output?: Writable;
}

/** What is wrong with the answer of a flag; undefined when nothing is. */
export type Refusal = (flag: string, answer: string) => string | undefined;

/** The user does not want to go on. */
export class Cancelled extends UserError {}

/**
 * Asks what no flag has said, as far as it is of interest.
 *
 * @param refuse says what is wrong with an answer beyond its form: a question is asked until nothing is.
 */
export async function ask(
    given: Answers,
    refuse: Refusal = () => undefined,
    terminal: Terminal = {},
): Promise<Answers> {
    const answers: Answers = {};
    for (const [flag, question] of questions) {
        if (question.isAsked && !question.isAsked(answers)) {
            continue;
        }
        const objection = (answer: string) => objectionTo(question, answer) ?? refuse(flag, answer);
        answers[flag] = given[flag] ?? (await askOne(question, objection, terminal));
    }
    return answers;
}

/** Asks for a value that is not shown; empty when it is not given now. */
export async function askSecret(message: string, terminal: Terminal = {}): Promise<string> {
    const answer = (await password({ message, ...terminal })) ?? "";
    return isCancel(answer) ? "" : answer.trim();
}

async function askOne(
    question: Question,
    objection: (answer: string) => string | undefined,
    terminal: Terminal,
): Promise<string> {
    const { message, choices, example: placeholder } = question;
    const initial = question.fallback?.();
    if (choices) {
        const options = choices.map(({ value, hint }) => ({ value, label: value, hint }));
        return demandAnswer(await select({ message, options, initialValue: initial, ...terminal }));
    }
    const validate = (value: string | undefined) => objection(value || initial || "");
    return demandAnswer(
        await text({ message, placeholder, defaultValue: initial, initialValue: initial, validate, ...terminal }),
    );
}

function demandAnswer(answer: string | symbol): string {
    if (isCancel(answer)) {
        throw new Cancelled("Nothing was written.");
    }
    return String(answer);
}
