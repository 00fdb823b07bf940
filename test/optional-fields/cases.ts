import { AnswerType } from "./answers";

/** What is wrong with an answer in one case. */
export interface Case {
    /** The answer's type. */
    answer: string;
    /** The field that is left out, or what comes instead of the answer. */
    field: string;
    faults: object[];
    /** The same in the first elements of lists only; worth trying where it matters that the field is missing. */
    ofFirst?: Case;
}

/** What comes instead of an answer with status 200. */
const replacements = {
    "{}": { body: {} },
    "a text": { body: "OK", headers: { "content-type": "text/plain; charset=utf-8" } },
    "a web page": {
        body: "<!DOCTYPE html><html><body>Sign in</body></html>",
        headers: { "content-type": "text/html; charset=utf-8" },
    },
};

/** All cases of an answer: each of its fields left out, everywhere and in the first elements of lists; and other answers. */
export function casesOf(type: AnswerType, isRequired: (answer: string, field: string) => boolean): Case[] {
    const { name: answer, services, method, path, fields, list } = type;
    const faults = (change: object) => services.map((service) => ({ service, method, path, ...change }));
    const dropped = [...fields.entries()]
        .filter(([field]) => !isRequired(answer, field))
        .map(([field, { isOneOfSeveral }]) => ({
            answer,
            field,
            faults: faults({ drops: field }),
            ofFirst: isOneOfSeveral ? firstOnly(answer, field, faults) : undefined,
        }));
    const empty = list === undefined ? {} : { [`{"${list}": []}`]: { body: { [list]: [] } } };
    const replaced = Object.entries({ ...empty, ...replacements }).map(([field, change]) => ({
        answer,
        field,
        faults: faults({ status: 200, ...change }),
    }));
    return [...dropped, ...replaced];
}

function firstOnly(answer: string, field: string, faults: (change: object) => object[]): Case {
    const ofFirst = field.replaceAll("*", "0");
    return { answer, field: ofFirst, faults: faults({ drops: ofFirst }) };
}
