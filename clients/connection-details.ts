import { oneLine } from "./redaction";

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
 * Reads where a datasource points to, from the shapes that Power BI and Fabric use: the object of the dataset API
 * (`{kind, path}`), the doubly encoded text of the gateway API and the object of the scanner API
 * (`{extensionDataSourceKind, extensionDataSourcePath}`), and Fabric's connections (`{type, path: "HOST;HTTP PATH"}`).
 *
 * @returns undefined for a datasource of another kind or with details that cannot be read.
 */
export function parseConnectionDetails(details: unknown): DatabricksTarget | undefined {
    const outer = parseJson(details);
    const kind = outer?.kind ?? outer?.extensionDataSourceKind ?? outer?.type;
    const path = outer?.path ?? outer?.extensionDataSourcePath;
    const inner = parseJson(path) ?? splitPath(path);
    if (!databricksKinds.includes(kind as string) || typeof inner?.host !== "string") {
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

/** The id of the SQL warehouse that a target names; undefined for a cluster. */
export function warehouseIdOf(target: DatabricksTarget): string | undefined {
    return /^\/sql\/1\.0\/warehouses\/([\w-]+)$/.exec(normalize(target).httpPath)?.[1];
}

/** A target as people write it. */
export function showTarget(target: DatabricksTarget): string {
    return oneLine(target.host + target.httpPath);
}

/** The details of other sources that say where they are. All others, and what hangs on these, may hold a password or key. */
const placeNames = ["server", "url", "path", "extensionDataSourcePath", "database"];

/** A datasource of any kind as people read it: what it is, and where. */
export function showSource(source: { datasourceType?: string; connectionDetails?: unknown }): string {
    const target = parseConnectionDetails(source.connectionDetails);
    if (target) {
        return showTarget(target);
    }
    const details = parseJson(source.connectionDetails) ?? {};
    const kind = details.kind ?? details.extensionDataSourceKind;
    const places = placeNames.flatMap((name) => placeOf(details[name]));
    return oneLine([source.datasourceType, kind, ...places].filter((part) => typeof part === "string").join(" "));
}

/** What of a place can hold no password: nothing before an `@`, and nothing behind a name, a query or an assignment. */
function placeOf(value: unknown): string[] {
    const [place] = typeof value === "string" ? value.split(/[?#;]/) : [""];
    const shown = place.replace(/\/\/[^/]*@/, "//");
    return shown === "" || shown.includes("=") ? [] : [shown];
}

function splitPath(path: unknown): Record<string, unknown> | undefined {
    const [host, httpPath] = typeof path === "string" ? path.split(";") : [];
    return httpPath === undefined ? undefined : { host, httpPath };
}

function normalize(target: DatabricksTarget): DatabricksTarget {
    const host = target.host
        .replace(/^(\s|https?:\/\/)+/i, "")
        .replace(/[\s/]+$/, "")
        .toLowerCase();
    // Warehouses were once called endpoints, and connections of that time still say so.
    const httpPath = `/${target.httpPath.replace(/^[\s/]+|[\s/]+$/g, "")}`.replace(
        /^\/sql\/1\.0\/endpoints\//,
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
