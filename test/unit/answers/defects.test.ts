import assert from "node:assert/strict";
import { ConfigurationError, invalid } from "../../../clients/config-reader";
import { UnexpectedAnswer } from "../../../clients/unexpected-answer";
import { isDefect, printed } from "../../../clients/user-error";
import { explain } from "../../../commands/doctor/explain";
import { Driftable, Provider, Reading, UnfinishedChange } from "../../../dynamic-providers/provider";
import { heard } from "../../providers/support";

/** A provider whose every step fails. */
class FailingProvider extends Provider<Driftable, object> {
    protected readonly title = "failing";
    protected readonly inputNames = ["drift"] as const;
    protected readonly replaceOn = [] as const;
    protected readonly updateOn = [] as const;

    constructor(private readonly fail: () => never) {
        super();
    }

    protected async make(): Promise<{ id: string; outputs: object }> {
        return this.fail();
    }

    protected subjectOf(): object {
        return {};
    }

    protected async observe(): Promise<Reading<object>> {
        return this.fail();
    }

    protected async change(): Promise<object> {
        return this.fail();
    }
}

const thrownBy = async (fail: () => never) => {
    const provider = new FailingProvider(fail);
    const errors = [];
    for (const step of [provider.create({ drift: [] }), provider.read("id", { drift: [] })]) {
        errors.push(
            await step.then(
                () => assert.fail("it did not fail"),
                (reason: Error & { properties?: object }) => reason,
            ),
        );
    }
    return errors;
};
const request = { service: "Power BI", method: "GET", path: "/x", status: 200 };
const broken = (): never => (undefined as unknown as { map: () => never }).map();

describe("an error", () => {
    it("that was made for the user has no stack, whichever step of a resource it ends", async () => {
        for (const made of [
            new Error("words"),
            new ConfigurationError([invalid("x", "words")]),
            new UnexpectedAnswer(request, "value", "is absent; expected a list"),
        ]) {
            for (const error of await thrownBy(() => {
                throw made;
            })) {
                assert.equal(error.message, made.message);
                assert.equal(error.stack, "");
            }
            assert.equal(isDefect(made), false);
            assert.equal(printed(made), made.message);
        }
    });

    it("that is a defect keeps its stack, which says where it is", async () => {
        for (const error of await thrownBy(broken)) {
            assert.ok(error instanceof TypeError);
            assert.match(error.stack!, /defects\.test\.ts/);
        }
        const [defect] = await thrownBy(broken);
        assert.match(printed(defect), /^TypeError: .*\n.*defects\.test\.ts/s);
        assert.match(explain(defect).reason, /defects\.test\.ts/);
        assert.match(explain(defect).remedy, /a defect of the program: report it/);
        assert.equal(isDefect("a text that was thrown"), true);
    });

    it("that is a defect behind a change that is not finished keeps it too, and the resource stays in the state", async () => {
        const defect = new TypeError("x is not a function");
        let errors: (Error & { properties?: object })[] = [];
        const said = await heard(async () => {
            errors = await thrownBy(() => {
                throw new UnfinishedChange("half-way", "id", { boundAt: "" }, defect);
            });
        });
        assert.match(said, /TypeError: x is not a function/);
        assert.deepEqual(errors[0].properties, { drift: [], boundAt: "" });
        assert.equal(errors[0].stack, defect.stack);
    });

    it("of an odd answer is told by the doctor with what to look at", () => {
        const { remedy } = explain(new UnexpectedAnswer(request, "value", "is absent; expected a list"));
        assert.match(remedy, /look whether a proxy stands before Power BI/);
    });
});
