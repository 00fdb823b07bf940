/**
 * The ids of the secrets that datasources hold according to the state, as far as this run has read it. A run that did not
 * finish leaves more than one generation there: none of them may be taken for a secret that nobody knows.
 */
const bound = new Set<string>();

/** Notes that a datasource may hold a secret. */
export function noteBoundSecret(secretId: string): void {
    bound.add(secretId);
}

/** Whether a datasource may hold a secret. */
export function mayBeBound(secretId: string): boolean {
    return bound.has(secretId);
}
