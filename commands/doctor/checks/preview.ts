import { changesInWords } from "../../status/attention";
import { PreviewFacts, readPreview } from "../../status/preview";
import { Check, failure, Problem, warning } from "../check";
import { Examination } from "../examination";

/** What `pulumi preview` says: the last word, for what it refuses fails an up, and what it finds to differ an up heals. */
export const preview: Check<Examination> = {
    title: "Preview",
    needs: ["Discovery"],
    async run(examination) {
        const state = await examination.state();
        const facts = readPreview(await (await examination.stack()).preview(), state);
        const isFirst = state.length === 0;
        const says =
            isFirst && facts.failure === undefined ? changesInWords(facts.changes.map(({ words }) => words)) : "";
        return { says, problems: judgePreview(facts, isFirst) };
    },
};

const heal =
    "pulumi up, where what is declared is right and nothing above stands in its way; else declare what is there";
const look =
    "see the words of the error: an up fails with them too. Where a login was changed since the last up, run once " +
    "`pulumi up --refresh=false`: a refresh uses the login of the last up";

/** Says why a preview fails, and what differs from what was declared; before the first up everything does. */
export function judgePreview({ failure: reason, drift, changes }: PreviewFacts, isFirst: boolean): Problem[] {
    const toDo = isFirst ? [] : changes.map(({ words }) => words);
    return [
        ...(reason === undefined ? [] : [failure(reason, look)]),
        ...drift.map(({ reason }) => warning(reason, heal)),
        ...(toDo.length > 0 ? [warning(changesInWords(toDo), heal)] : []),
    ];
}
