/**
 * An id as one segment of a path: whatever is in it, the request goes to no other place.
 *
 * @throws Error for an id that no escaping keeps in its place.
 */
export function segment(id: string): string {
    if (["", ".", ".."].includes(id)) {
        throw new Error(`${JSON.stringify(id)} is no id; nothing was sent`);
    }
    return encodeURIComponent(id);
}
