/**
 * The host that people mean by what they paste: the name, the browser's address, with a scheme, the usual port or
 * `/?o=…` behind it, in any case.
 */
export function hostOf(text: string): string {
    return text
        .trim()
        .toLowerCase()
        .replace(/^https?:\/\//, "")
        .replace(/[/?#].*$/, "")
        .replace(/:443$/, "");
}

/**
 * The id of the warehouse that an HTTP path means: in any case, with `?o=…` behind it, without the slash before it, under
 * `endpoints`, as warehouses were once called.
 */
export function warehouseIdOf(httpPath: string): string {
    const path = httpPath
        .trim()
        .toLowerCase()
        .replace(/[?#].*$/, "");
    return /^\/?sql\/1\.0\/(?:warehouses|endpoints)\/([^/]+)\/?$/.exec(path)?.[1] ?? path;
}
