/**
 * Properties that a contract calls required though its own examples leave them out, by file and definition: an enhanced
 * refresh has no `notifyOption`.
 *
 * @see https://learn.microsoft.com/power-bi/connect-data/asynchronous-refresh#parameters
 */
export const optionalAfterAll: Record<string, string[]> = { "powerBi/DatasetRefreshRequest": ["notifyOption"] };
