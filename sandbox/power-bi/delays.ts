/** What a model showed before a take-over that is not visible everywhere yet. */
export interface FormerOwnership {
    owner: string;
    /** The datasources of its sources, in their order. */
    datasourceIds: string[];
}

/** What is still counted until it is as it will stay. Counted in requests: no test waits for a clock. */
export class Delays {
    private readonly left = new Map<string, number>();
    private readonly former = new Map<string, FormerOwnership>();
    private requests = 0;

    /** From now on the next requests about something find it as it was. */
    start(what: string, requests: number): void {
        this.left.set(what, requests);
    }

    /** Whether the first requests ever about something are not over yet; counts this one. */
    isAmongFirst(what: string, requests: number): boolean {
        if (!this.left.has(what)) {
            this.start(what, requests);
        }
        return this.isWaiting(what);
    }

    /** Whether something is still as it was; counts this request. */
    isWaiting(what: string): boolean {
        const left = this.left.get(what) ?? 0;
        this.left.set(what, Math.max(0, left - 1));
        return left > 0;
    }

    /** Shows the former ownership of a model for some looks at it. */
    showFormer(datasetId: string, ownership: FormerOwnership, looks: number): void {
        this.former.set(datasetId, ownership);
        this.start(`owner of ${datasetId}`, looks);
    }

    /** The former ownership of a model, as long as it is shown; counts this look. */
    lookAtOwner(datasetId: string): FormerOwnership | undefined {
        return this.isWaiting(`owner of ${datasetId}`) ? this.former.get(datasetId) : undefined;
    }

    /** Whether this request is one of each so many. */
    isEach(requests: number): boolean {
        this.requests += 1;
        return this.requests % requests === 0;
    }
}
