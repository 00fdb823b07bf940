/** What is new and not there yet for some requests: counted in requests, so that nothing depends on time. */
export class NotYet {
    private readonly left = new Map<string, number>();

    /** From now on, so many requests that need it do not find it. */
    begin(what: string, requests = 3): void {
        this.left.set(what, requests);
    }

    /**
     * Whether a request that needs it comes too early; counts it.
     *
     * @param atFirst how many requests do not find what was not begun: default none.
     */
    isTooEarly(what: string, atFirst = 0): boolean {
        const left = this.left.get(what) ?? atFirst;
        this.left.set(what, Math.max(0, left - 1));
        return left > 0;
    }
}
