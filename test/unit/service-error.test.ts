import assert from "node:assert/strict";
import { AxiosError, AxiosHeaders, InternalAxiosRequestConfig } from "axios";
import fc from "fast-check";
import { redact } from "../../clients/redaction";
import { toServiceError } from "../../clients/service-error";

/** Secrets as users may have them: of any characters, and as the services make them. */
const secret = fc.oneof(
    fc.string({ minLength: 8, maxLength: 60, unit: "grapheme" }).filter((text) => text.trim().length >= 8),
    fc.stringMatching(/^dose[0-9a-f]{32}$/),
    fc.stringMatching(/^[A-Za-z0-9_~.-]{3}8Q~[A-Za-z0-9_~.-]{34}$/),
);
/** How a service may repeat it. */
const repeated: ((value: string) => string)[] = [
    (value) => value,
    (value) => `Invalid credential ${value}.`,
    (value) => JSON.stringify({ credentialData: [{ name: "password", value }] }),
    (value) => JSON.stringify({ credentials: JSON.stringify({ value }) }),
    (value) => `grant_type=client_credentials&client_secret=${encodeURIComponent(Buffer.from(value).toString())}`,
    (value) => new URLSearchParams({ client_secret: value }).toString(),
    (value) => `first line\n${value}\r\nlast line`,
];
/** The shapes of errors that the services have. */
const bodies: ((text: string) => unknown)[] = [
    (text) => ({ error_code: text, message: "m" }),
    (text) => ({ error_code: "INVALID", message: text }),
    (text) => ({ errorCode: text, message: text, requestId: text }),
    (text) => ({ Message: text }),
    (text) => ({ schemas: ["urn"], detail: text, status: "401" }),
    (text) => ({ error: text, error_description: text }),
    (text) => ({ error: "invalid_client", error_description: text, error_codes: [text] }),
    (text) => ({ error: { code: text, message: text } }),
    (text) => ({
        error: {
            code: "C",
            "pbi.error": { code: text, details: [{ code: "X_UnderlyingErrorMessage", detail: { value: text } }] },
        },
    }),
    (text) => ({ error: { message: { value: text } } }),
    (text) => text,
    (text) => `<html><body>${text}</body></html>`,
    (text) => [text],
    (text) => ({ [text]: text }),
];
const headerNames = ["requestid", "x-ms-request-id", "x-request-id", "x-databricks-request-id", "location"];

function answered(data: unknown, headers: Record<string, string>, authorization?: string): AxiosError {
    const config = {
        method: "patch",
        baseURL: "https://api.powerbi.com/v1.0/myorg",
        url: "/gateways/g",
        headers: new AxiosHeaders(authorization ? { Authorization: authorization } : {}),
    } as InternalAxiosRequestConfig;
    return new AxiosError("refused", "ERR_BAD_REQUEST", config, undefined, {
        status: 400,
        statusText: "Bad Request",
        data,
        headers,
        config,
    });
}

/** All that a user or a log may get to see of an error. */
function shown(error: Error): string {
    return [error.message, error.stack, JSON.stringify(error), Object.values(error).map(String).join()].join("\n");
}

function holds(text: string, value: string): boolean {
    const forms = [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(Buffer.from(value).toString())];
    return forms.some((form) => text.includes(form));
}

describe("the error of a service", () => {
    const anyAnswer = [
        fc.constantFrom(...repeated),
        fc.constantFrom(...bodies),
        fc.constantFrom(...headerNames),
    ] as const;

    it("never repeats a secret of the request, whatever body or header it comes back in", () => {
        fc.assert(
            fc.property(secret, ...anyAnswer, (value, repeat, body, header) => {
                const error = toServiceError("Power BI", answered(body(repeat(value)), { [header]: value }), [value]);
                // What is left of a message is fixed text, of which a secret of some common letters may be a part.
                fc.pre(!holds(shown(toServiceError("Power BI", answered({}, {}))) + repeat(""), value));
                assert.ok(!holds(shown(error), value), "the error repeats the secret");
            }),
            { numRuns: 2000 },
        );
    });

    it("never repeats the login in the request's header, though nobody lists it", () => {
        fc.assert(
            fc.property(
                fc.stringMatching(/^[\x21-\x7e]{12,60}$/),
                ...anyAnswer,
                fc.boolean(),
                (value, repeat, body, header, basic) => {
                    const encoded = Buffer.from(`client:${value}`).toString("base64");
                    const authorization = basic ? `Basic ${encoded}` : `Bearer ${value}`;
                    const error = toServiceError(
                        "X",
                        answered(body(repeat(value) + encoded), { [header]: encoded }, authorization),
                    );
                    assert.ok(!holds(shown(error), value), "the error repeats the login");
                    assert.ok(!basic || !shown(error).includes(encoded), "the error repeats the login in base64");
                },
            ),
        );
    });

    it("never repeats what looks like a secret, though nobody knew it", () => {
        const unknown = fc.oneof(
            fc.stringMatching(/^dose[0-9a-f]{32}$/),
            fc.stringMatching(/^dapi[0-9a-f]{32}(-[0-9])?$/),
            fc.stringMatching(/^[A-Za-z0-9]{3}8Q~[A-Za-z0-9_~.-]{34}$/),
            fc.stringMatching(/^eyJ[A-Za-z0-9_-]{20,40}\.[A-Za-z0-9_-]{20,60}\.[A-Za-z0-9_-]{20,43}$/),
        );
        fc.assert(
            fc.property(unknown, ...anyAnswer, (value, repeat, body, header) => {
                const error = toServiceError("Power BI", answered(body(repeat(value)), { [header]: value }));
                assert.ok(!holds(shown(error), value), "the error repeats the secret");
            }),
        );
    });

    it("still says what the service said", () => {
        const body = {
            error: { code: "DM_GWPipeline_Gateway_InvalidConnectionCredentials", message: "Basic credentials: no." },
        };
        const error = toServiceError(
            "Power BI",
            answered(body, { requestid: "0e8f7b0c-7a70-4d47-a3d3-000000000001" }),
            ["x1"],
        );
        assert.equal(
            error.message,
            "Power BI: PATCH /v1.0/myorg/gateways/g answered 400 DM_GWPipeline_Gateway_InvalidConnectionCredentials: " +
                "Basic credentials: no (request id 0e8f7b0c-7a70-4d47-a3d3-000000000001).",
        );
    });

    it("is one line, whatever the service wrote: nothing in it steers a terminal or commands a pipeline", () => {
        const text = "no\n::add-mask::x\r\n##vso[task.setvariable]\u001b[2J\u202eevil\u2028";
        const error = toServiceError("Power BI", answered({ error: { code: text, message: text } }, {}));

        assert.doesNotMatch(error.message, /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
    });

    it("leaves ordinary words as they are when it redacts", () => {
        for (const words of [
            "the dataset is bound",
            "SELECT 1 on warehouse 44ff20e73e461e56",
            "0dd5ec7e-0000-4000-8000-000000000001",
        ]) {
            assert.equal(redact(words, []), words);
        }
    });
});
