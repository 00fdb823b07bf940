import { PreviewFacts, readPreview } from "../../status/preview";
import { Check, failure, Problem, warning } from "../check";
import { Examination } from "../examination";

/** What `pulumi preview` says: the last word, for what it refuses fails an up, and what it finds to differ an up heals. */
export const preview: Check<Examination> = {
    title: "Preview",
    needs: ["Discovery"],
    async run(examination) {
        const facts = readPreview(await (await examination.stack()).preview());
        const { length } = facts.changes;
        const says = facts.failure !== undefined ? "" : `an up would make ${length} change${length === 1 ? "" : "s"}`;
        return { says, problems: judgePreview(facts) };
    },
};

/** Says why a preview fails, and what it found to differ from what was declared. */
export function judgePreview({ failure: reason, drift }: PreviewFacts): Problem[] {
    return [
        ...(reason === undefined ? [] : [failure(reason, "see the words of the error: an up fails with them too")]),
        ...drift.map(({ words }) =>
            warning(words, "pulumi up heals it, where what is declared is right; else declare it"),
        ),
    ];
}
