import assert from "node:assert/strict";
import { ServiceError } from "../../../clients/service-error";
import { UnexpectedAnswer } from "../../../clients/unexpected-answer";
import { isDefect } from "../../../clients/user-error";
import { AnsweringServer, questions } from "./answering-server";

/** The same JSON with one member left out, or with something else in its place, for each member and element there is. */
function* variants(value: unknown, path = "answer"): Generator<{ where: string; value: unknown }> {
    for (const other of [null, 7, "", "text", true, [], [null], ["text"], {}]) {
        yield { where: `${path} = ${JSON.stringify(other)}`, value: other };
    }
    if (typeof value !== "object" || value === null) {
        return;
    }
    for (const key of Object.keys(value)) {
        const rest = Array.isArray(value) ? [...value] : { ...value };
        const put = (inner: unknown) => Object.assign(Array.isArray(rest) ? [...rest] : { ...rest }, { [key]: inner });
        if (!Array.isArray(value)) {
            yield { where: `${path}.${key} left out`, value: JSON.parse(JSON.stringify(put(undefined))) };
        }
        const inner = (value as Record<string, unknown>)[key];
        for (const variant of variants(inner, `${path}.${key}`)) {
            yield { where: variant.where, value: put(variant.value) };
        }
    }
}

describe("every answer", () => {
    const server = new AnsweringServer();
    before(() => server.start());
    after(() => server.close());
    beforeEach(() => {
        server.contentType = "application/json";
    });

    for (const { name, ask, answer, mayBeEmpty } of questions) {
        it(`to the question for ${name} is taken as the contract has it, and anything else is an UnexpectedAnswer`, async () => {
            server.body = answer;
            await ask(server);
            const texts = ["welcome to the proxy", '"text"', "null", "7", "[]", "", ...(mayBeEmpty ? [] : ["{}"])];
            for (const body of texts) {
                server.body = body;
                await assert.rejects(
                    ask(server),
                    (error: Error) => {
                        assert.ok(error instanceof UnexpectedAnswer, `${body}: ${error.stack}`);
                        const { service, method, path, requestId } = error.details;
                        assert.match(
                            error.message,
                            /^(Power BI|Fabric|Databricks): (GET|POST) \/\S+ answered 200: unexpected answer: \S.* is .*; expected .* \(request id the-request-id\)\.$/,
                        );
                        assert.ok([service, method, path, requestId].every((part) => error.message.includes(part!)));
                        assert.doesNotMatch(error.message, /welcome/, "what came is not repeated");
                        return true;
                    },
                    body,
                );
            }
            server.contentType = "text/html";
            server.body = "<html>log in</html>";
            await assert.rejects(ask(server), /unexpected answer: it is a web page; expected JSON\. A proxy/);
        });

        it(`to the question for ${name} never leads to a defect, whichever member is missing or of another kind`, async () => {
            for (const variant of variants(answer)) {
                server.body = JSON.stringify(variant.value);
                try {
                    await ask(server);
                } catch (error) {
                    assert.ok(!isDefect(error), `${variant.where}: ${(error as Error).stack}`);
                    const isTold = error instanceof ServiceError || /cannot be read/.test((error as Error).message);
                    assert.ok(isTold, `${variant.where}: ${(error as Error).message}`);
                }
            }
        });
    }

    it("to a question that changes something may be empty, or a structure, and is no text and no page", async () => {
        const take = () => server.powerBi.takeOver("w", "d");
        for (const body of ["", "{}", '{"id":"x"}']) {
            server.body = body;
            await take();
        }
        server.body = "welcome to the proxy";
        await assert.rejects(
            take(),
            /Default\.TakeOver answered 200: unexpected answer: it is a text; expected nothing/,
        );
        server.contentType = "text/html";
        await assert.rejects(take(), UnexpectedAnswer);
    });
});
