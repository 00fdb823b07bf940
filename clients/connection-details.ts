import { oneLine } from "./redaction";

/** Where a datasource of the kinds `Databricks` and `DatabricksMultiCloud` points to. */
export interface DatabricksTarget {
    /** The workspace's host name, without scheme, in lower case. */
    host: string;
    /** The HTTP path of the warehouse, without a trailing slash and without what follows it in a browser. */
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

/** Whether both point to the same warehouse at the same host. */
export function sameTarget(one: DatabricksTarget, other: DatabricksTarget): boolean {
    const [left, right] = [normalize(one), normalize(other)];
    return left.host === right.host && left.httpPath === right.httpPath;
}

/**
 * Whether a datasource points to a warehouse at its workspace's own host or at a further one, a custom URL for instance.
 * Several workspaces may share such a host: it is the warehouse's id that is the same.
 */
export function isSameWarehouse(found: DatabricksTarget, target: DatabricksTarget, furtherHosts: string[]): boolean {
    const { host, httpPath } = normalize(found);
    const isElsewhere = furtherHosts.includes(host) && warehouseIdOf(found) !== undefined;
    return sameTarget({ host: isElsewhere ? target.host : host, httpPath }, target);
}

/** The target of a warehouse. */
export function targetOf(databricksHost: string, warehouseId: string): DatabricksTarget {
    return normalize({ host: databricksHost, httpPath: warehousePath(warehouseId) });
}

/** The id of the SQL warehouse that a target names, in lower case; undefined for a cluster. */
export function warehouseIdOf(target: DatabricksTarget): string | undefined {
    return /^\/sql\/1\.0\/warehouses\/([\w-]+)$/.exec(normalize(target).httpPath)?.[1];
}

/**
 * The warehouse that a text names by more than its name or id: by its HTTP path, or by the browser's address of its page.
 *
 * @returns its id, and the host where the text says one.
 */
export function warehouseIn(text: string): { id: string; host?: string } | undefined {
    const page = /^https?:\/\/([^/?#]+)\/sql\/(?:1\.0\/)?(?:warehouses|endpoints)\/([\w-]+)(?:[/?#].*)?$/i.exec(text);
    if (page) {
        return { id: page[2].toLowerCase(), host: hostIn(page[1]) };
    }
    const id = warehouseIdOf({ host: "", httpPath: text });
    return id === undefined ? undefined : { id };
}

/** The host that a host name or the browser's address means, without the port that is the usual one. */
export function hostIn(text: string): string {
    const host = text
        .toLowerCase()
        .replace(/^(\s|https?:\/\/)+/, "")
        .replace(/[/?#].*$/s, "")
        .trimEnd();
    // Anything that is not plainly a name stays as it is: it is no spelling of another.
    return host.replace(/^([a-z0-9-]+(?:\.[a-z0-9-]+)*)\.?(?::443)?$/, "$1");
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

/**
 * The one way to write a target. What may differ is the scheme, the usual port, what the browser's address has behind the
 * host, the case of hosts and of warehouses' ids, the slashes around a path and the query behind it.
 */
function normalize(target: DatabricksTarget): DatabricksTarget {
    const httpPath = `/${target.httpPath.replace(/\?.*$/s, "").replace(/^[\s/]+|[\s/]+$/g, "")}`;
    return {
        host: hostIn(target.host),
        httpPath: httpPath
            // Warehouses were once called endpoints, and connections of that time still say so.
            .replace(/^\/sql\/1\.0\/(?:warehouses|endpoints)\/([\w-]+)$/i, (_, id) => warehousePath(id))
            // A cluster may be named by its name, in which case counts.
            .replace(/^\/sql\/protocolv1\/o\//i, "/sql/protocolv1/o/"),
    };
}

function warehousePath(id: string): string {
    return `/sql/1.0/warehouses/${id.toLowerCase()}`;
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
