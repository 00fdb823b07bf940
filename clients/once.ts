/** Asks for each thing when it is first needed, and once only. */
export class Once {
    private readonly asked = new Map<string, Promise<unknown>>();

    /** @param key tells one thing from another. What a key stands for is always of the same type. */
    get<T>(key: string, ask: () => Promise<T>): Promise<T> {
        const known = this.asked.get(key) as Promise<T> | undefined;
        const answer = known ?? ask();
        this.asked.set(key, answer);
        return answer;
    }
}
