import { type ChosenDoubts } from "../doubts";
import { type ContractViolation } from "./judge";

/** A place where services are seen, or doubted, to answer otherwise than their contracts have it. */
interface Undocumented {
    /** The path of the request. */
    path: RegExp;
    /** Where in the answer, and what is not as the contract has it: as a violation says it. */
    what: RegExp;
    /** Who has seen it; of a doubt, its own source says it. */
    source?: string;
    /** The behaviours of a doubt under which it is so; without one it is so always. */
    under?: { [Name in keyof ChosenDoubts]?: ChosenDoubts[Name][] };
}

const anyPath = /^/;

/** All of them. What is not here is a violation. */
const undocumented: Undocumented[] = [
    {
        path: /\/v1\.0\/myorg\//,
        what: /^body\.error is missing/,
        source: "https://github.com/RuiRomano/pbimonitor/issues/58",
        under: { throttling: ["retryAfter", "silent"] },
    },
    {
        path: /\/(datasources|refreshSchedule|refreshes)$/,
        what: /^body\.error is missing/,
        source: "https://github.com/microsoft/powerbi-azure-pipelines-extensions/issues/356",
    },
    { path: anyPath, what: /connectionDetails must be object/, under: { modelConnectionDetails: ["text"] } },
    { path: anyPath, what: /connectionDetails must be string/, under: { gatewayConnectionDetails: ["object"] } },
    { path: anyPath, what: /^body is answered where there is none/, under: { answerToPatch: ["emptyObject"] } },
    { path: anyPath, what: /^status 202 is none of/, under: { answerToPatch: ["accepted"] } },
    { path: /\/sql\/statements/, what: /does not say JSON/, under: { permissionInForce: ["laterAsHtml"] } },
    { path: /\/permissions\//, what: /object_(id|type) is missing/, under: { permissionsPatchAnswer: ["nothing"] } },
    { path: /\/oidc\//, what: /does not say JSON/, under: { secretInForce: ["unavailable503"] } },
    { path: /\/secrets$/, what: /\.status is missing/, under: { secretListing: ["noStatus", "idsOnly"] } },
    { path: /\/sql\/statements/, what: /does not say JSON/, under: { startingWarehouse: ["unavailable503"] } },
    { path: anyPath, what: /does not say JSON/, under: { foreignLogin: ["html403"] } },
];

/** Whether an answer is known, or doubted on purpose, to be otherwise than its contract has it. */
export function isUndocumented({ side, path, where, what }: ContractViolation, doubts: ChosenDoubts): boolean {
    return (
        side === "answer" &&
        undocumented.some(
            (place) => place.path.test(path) && place.what.test(`${where} ${what}`) && isUnder(place, doubts),
        )
    );
}

function isUnder({ under }: Undocumented, doubts: ChosenDoubts): boolean {
    return (
        under === undefined ||
        Object.entries(under).some(([doubt, behaviours]) =>
            (behaviours as string[]).includes(doubts[doubt as keyof ChosenDoubts]),
        )
    );
}
