import type { Readable, Writable } from "node:stream";
import { isCancel, password, select, text } from "@clack/prompts";
import { Answers, objectionTo, Question, questions } from "./questions";

/** Where questions are shown, and where answers come from. Default the terminal. */
export interface Terminal {
    input?: Readable;
    output?: Writable;
}

/** The user does not want to go on. */
export class Cancelled extends Error {}

/** Asks what no flag has said, as far as it is of interest. */
export async function ask(given: Answers, terminal: Terminal = {}): Promise<Answers> {
    const answers: Answers = {};
    for (const [flag, question] of questions) {
        if (question.isAsked && !question.isAsked(answers)) {
            continue;
        }
        answers[flag] = given[flag] ?? (await askOne(question, terminal));
    }
    return answers;
}

/** Asks for a value that is not shown; empty when it is to be set later. */
export async function askSecret(message: string, terminal: Terminal = {}): Promise<string> {
    return demandAnswer((await password({ message, ...terminal })) ?? "").trim();
}

async function askOne(question: Question, terminal: Terminal): Promise<string> {
    const { message, choices, example: placeholder } = question;
    const initial = question.fallback?.();
    if (choices) {
        const options = choices.map(({ value, hint }) => ({ value, label: value, hint }));
        return demandAnswer(await select({ message, options, initialValue: initial, ...terminal }));
    }
    const validate = (value: string | undefined) => objectionTo(question, value || initial || "");
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
