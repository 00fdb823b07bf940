/** Whether a text is this id. */
export function sameId(id: string, text: string): boolean {
    return id.toLowerCase() === text.toLowerCase();
}

/** Names what there is, for an error about what there is not: those that look alike first, five at most. */
export function suggestion(wanted: string, items: { name: string }[]): string {
    const alike = (name: string) => commonStart(name.toLowerCase(), wanted.toLowerCase());
    const names = items.map((item) => item.name).sort((one, other) => alike(other) - alike(one));
    const shown = names
        .slice(0, 5)
        .map((name) => `"${name}"`)
        .join(", ");
    const more = names.length > 5 ? ` and ${names.length - 5} more` : "";
    return shown ? ` There are: ${shown}${more}.` : " There are none.";
}

function commonStart(one: string, other: string): number {
    let length = 0;
    while (length < Math.min(one.length, other.length) && one[length] === other[length]) {
        length += 1;
    }
    return length;
}
