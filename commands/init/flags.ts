import { Answers, objectionTo, questions } from "./questions";

/**
 * Judges what is given by flags alone, and fills in what has a fallback.
 *
 * @returns the answers, or what is wrong: each line names a flag.
 */
export function answersOf(given: Answers): { answers: Answers; problems: string[] } {
    const answers: Answers = {};
    const problems = problemsOf(given);
    for (const [flag, question] of questions) {
        if (question.isAsked && !question.isAsked(answers)) {
            continue;
        }
        answers[flag] = given[flag] ?? question.fallback?.();
        if (answers[flag] === undefined) {
            const accepted = question.choices?.map(({ value }) => value).join(" | ") ?? question.example ?? "VALUE";
            problems.push(`--${flag} is missing: ${question.message} Give --${flag} ${accepted}.`);
        }
    }
    const unused = Object.keys(given).filter((flag) => !(flag in answers));
    problems.push(...unused.map((flag) => `--${flag} is not used with the other answers; leave it out.`));
    return { answers, problems };
}

/** What is wrong with the values of flags. */
export function problemsOf(given: Answers): string[] {
    return questions.flatMap(([flag, question]) => {
        const answer = given[flag];
        const objection = answer === undefined ? undefined : objectionTo(question, answer);
        return objection ? [`--${flag}: ${objection}.`] : [];
    });
}
