import { powerBiError } from "./access";

/** The most that a page may have. */
const maxPageSize = 5000;

/**
 * The part of a list that `$top` and `$skip` ask for.
 *
 * @param isRequired whether the API wants `$top` said.
 * @throws HttpError 400
 */
export function page<T>(items: T[], query: Record<string, string | undefined>, isRequired = false): T[] {
    const [top, skip] = [query.$top ?? (isRequired ? "" : String(maxPageSize)), query.$skip ?? "0"];
    if (!/^\d+$/.test(top) || Number(top) < 1 || Number(top) > maxPageSize) {
        throw powerBiError(400, "InvalidRequest", `$top must be from 1 to ${maxPageSize}`);
    }
    if (!/^\d+$/.test(skip)) {
        throw powerBiError(400, "InvalidRequest", "$skip must be 0 or more");
    }
    return items.slice(Number(skip), Number(skip) + Number(top));
}
