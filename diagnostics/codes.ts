/** What can be said to a user, by the headings of docs/troubleshooting.md. */
export const diagnosticCodes = [
    // The configuration.
    "invalid-value",
    "unknown-key",
    "name-clash",
    "plain-secret",
    "lifetime-too-short",
    // What the configuration names and a service does not have.
    "ambiguous-name",
    "workspace-not-found",
    "dataset-not-found",
    "gateway-not-found",
    "datasource-not-found",
    "warehouse-not-found",
    "warehouse-of-other-workspace",
    "warehouse-unknown",
    "securable-not-found",
    "service-principal-not-found",
    "service-principal-inactive",
    "no-sql-access",
    // What cannot be bound.
    "claimed-twice",
    "other-warehouse",
    "other-kind",
    "unknown-host",
    "not-refreshable",
    "not-a-member",
    "single-sign-on",
    "datasource-not-told",
    "gateway-not-administered",
    "gateway-hidden",
    "not-personal",
    "unproven",
    "vnet-gateways-unseen",
    // What a service does not tell.
    "workspace-unreadable",
    "sources-unreadable",
    "item-unreadable",
    "not-looked-at",
    // What earlier runs bound.
    "held",
    "let-go",
    "gone",
    "dataset-missing",
    "renamed",
    // What a run finds.
    "found",
    "drift",
    "no-schedule",
    "schedule-off",
    "refresh-not-started",
    "refresh-failed",
    "secret-unknown",
    "secrets-full",
    "secret-expires",
    "namesake",
] as const;

/** One of the headings. */
export type DiagnosticCode = (typeof diagnosticCodes)[number];
