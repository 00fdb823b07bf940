import { writeCounts } from "../../sandbox/contract/records";
import { words } from "../../sandbox/contract/judge";
import { describeTotals, endRecords, readViolations, startRecords } from "./records";

/** How many violations were told already. */
let told = 0;

/** What was not as the contracts have it since the last call. */
function newViolations(): string[] {
    const all = readViolations();
    const fresh = all.slice(told).filter(({ onPurpose }) => !onPurpose);
    told = all.length;
    return [...new Set(fresh.map(words))];
}

function demandNone(when: string, violations: string[], cause?: Error): void {
    if (violations.length === 0) {
        return;
    }
    const message = `The contract was not kept ${when}:\n  ${violations.join("\n  ")}`;
    throw cause ? Object.assign(cause, { message: `${cause.message}\n${message}` }) : new Error(message);
}

/** Lets a test fail for what it makes sandbox or program do against a contract, and no other test than that one. */
function judge(test: Mocha.Runnable): void {
    const { fn } = test;
    if (!fn || fn.length > 0) {
        return;
    }
    // A hook that fails after a test would end the whole run, so the test itself looks.
    test.fn = async function (this: Mocha.Context) {
        demandNone("before this test, since the one before it", newViolations());
        try {
            await (fn as Mocha.AsyncFunc).call(this);
        } catch (error) {
            demandNone("by this test", newViolations(), error as Error);
            throw error;
        }
        demandNone("by this test", newViolations());
    };
}

const isJudged = Boolean(process.env.CONTRACTS);
if (isJudged) {
    startRecords();
}

/** What mocha does around all tests, in each of its processes. */
export const mochaHooks: Mocha.RootHookObject = isJudged
    ? {
          beforeEach(this: Mocha.Context) {
              judge(this.currentTest!);
          },
          afterAll() {
              writeCounts();
              demandNone("after the last test of a file", newViolations());
          },
      }
    : {};

/** Says in the end what was judged, unless CONTRACT_RECORDS was given: then it is print-totals.ts that says it. */
export function mochaGlobalTeardown(): void {
    const totals = endRecords();
    if (totals) {
        process.stdout.write(`${describeTotals(totals)}\n`);
    }
}
