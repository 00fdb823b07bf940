/** Where a datasource of the kinds `Databricks` and `DatabricksMultiCloud` points to. */
export interface DatabricksTarget {
    /** The workspace's host name, without scheme, in lower case. */
    host: string;
    /** The HTTP path of the warehouse, without a trailing slash. */
    httpPath: string;
}

/** The connectors for Azure Databricks and for Databricks on AWS and GCP. */
const databricksKinds = ["Databricks", "DatabricksMultiCloud"];

/**
 * Reads where a datasource points to, from both shapes that Power BI uses: the object of the dataset API
 * (`{kind, path}`) and the doubly encoded text of the gateway API (`{extensionDataSourceKind, extensionDataSourcePath}`).
 *
 * @returns undefined for a datasource of another kind or with details that cannot be read.
 */
export function parseConnectionDetails(details: unknown): DatabricksTarget | undefined {
    const outer = parseJson(details);
    const kind = outer?.kind ?? outer?.extensionDataSourceKind;
    const inner = parseJson(outer?.path ?? outer?.extensionDataSourcePath);
    if (!databricksKinds.includes(String(kind)) || typeof inner?.host !== "string") {
        return undefined;
    }
    return normalize({ host: inner.host, httpPath: typeof inner.httpPath === "string" ? inner.httpPath : "" });
}

/** Whether both point to the same warehouse of the same workspace. */
export function sameTarget(one: DatabricksTarget, other: DatabricksTarget): boolean {
    const [left, right] = [normalize(one), normalize(other)];
    return left.host === right.host && left.httpPath === right.httpPath;
}

/** The target of a warehouse. */
export function targetOf(databricksHost: string, warehouseId: string): DatabricksTarget {
    return normalize({ host: databricksHost, httpPath: `/sql/1.0/warehouses/${warehouseId}` });
}

/** A target as people write it. */
export function showTarget(target: DatabricksTarget): string {
    return target.host + target.httpPath;
}

function normalize(target: DatabricksTarget): DatabricksTarget {
    const host = target.host
        .trim()
        .replace(/^https?:\/\//i, "")
        .replace(/\/+$/, "")
        .toLowerCase();
    // Warehouses were once called endpoints, and connections of that time still say so.
    const httpPath = `/${target.httpPath.trim().replace(/^\/+|\/+$/g, "")}`.replace(
        "/sql/1.0/endpoints/",
        "/sql/1.0/warehouses/",
    );
    return { host, httpPath };
}

function parseJson(value: unknown): Record<string, unknown> | undefined {
    if (typeof value !== "string") {
        return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
    }
    try {
        return parseJson(JSON.parse(value));
    } catch {
        return undefined;
    }
}
