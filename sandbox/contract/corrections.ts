/**
 * Properties that a contract calls required though its own examples leave them out, by file and definition: an enhanced
 * refresh has no `notifyOption`.
 *
 * @see https://learn.microsoft.com/power-bi/connect-data/asynchronous-refresh#parameters
 */
export const optionalAfterAll: Record<string, string[]> = { "powerBi/DatasetRefreshRequest": ["notifyOption"] };

/**
 * Properties that a service answers with though its contract lacks them, by file and definition: where a datasource of the
 * type `Extension` points to.
 *
 * @see https://wrschneider.github.io/2022/09/16/powerbi-credentials.html
 */
export const forgotten: Record<string, string[]> = {
    "powerBi/DatasourceConnectionDetails": ["extensionDataSourceKind", "extensionDataSourcePath"],
};
