import { ServiceError } from "../../clients/service-error";
import { UnexpectedAnswer } from "../../clients/unexpected-answer";
import { isDefect, printed } from "../../clients/user-error";
import { failure, Problem } from "./check";

/** What to do about an error that no check expected. */
export function explain(error: Error): Problem {
    return failure(printed(error).trim(), remedyFor(error));
}

function remedyFor(error: Error): string {
    if (isDefect(error)) {
        return "this is a defect of the program: report it with these lines";
    }
    if (error instanceof UnexpectedAnswer) {
        const { service } = error.details;
        return `look whether a proxy stands before ${service}, and whether its address is right; its support finds the request by the request id`;
    }
    if (!(error instanceof ServiceError)) {
        return "see the words of the error";
    }
    const { status, service } = error.details;
    if (status === undefined) {
        return `check the address of ${service} in the configuration, and network, proxy and firewall of this machine`;
    }
    if (status === 429 || status >= 500) {
        return `${service} is busy or unwell: run the doctor again later`;
    }
    if (status === 401 || status === 403) {
        return `give the login of ${service} the right to do this`;
    }
    return "see the words of the service; its support finds the request by the request id";
}
