import { neverJudged } from "./program-operations";
import { addUp, describeTotals } from "./records";

/** Prints what a test run has judged: the folder that CONTRACT_RECORDS names. Ends with 1 where something is missing. */
function main(): void {
    const folder = process.env.CONTRACT_RECORDS;
    if (!folder) {
        throw new Error("CONTRACT_RECORDS names no folder: set it, and CONTRACTS, for the test run");
    }
    const totals = addUp(folder);
    process.stdout.write(`${describeTotals(totals)}\n`);
    const unwanted = totals.violations.filter(({ onPurpose }) => !onPurpose);
    const missing = neverJudged(totals.exchanges.contract);
    missing.forEach((operation) =>
        process.stdout.write(`The program uses ${operation}, and no test was seen to do so.\n`),
    );
    process.exitCode = unwanted.length > 0 || missing.length > 0 ? 1 : 0;
}

main();
