/** HTML that may be put into a page as it is. Everything else is text, and is escaped. */
export class Markup {
    constructor(readonly text: string) {}
}

type Part = string | number | Markup | Part[];

/** Builds HTML out of a template. What is put in is escaped, unless it is HTML that was built in the same way. */
export function html(texts: TemplateStringsArray, ...parts: Part[]): Markup {
    return new Markup(texts.map((text, index) => text + (index < parts.length ? show(parts[index]) : "")).join(""));
}

/** HTML if a condition holds. */
export function when(condition: boolean, make: () => Markup): Markup {
    return condition ? make() : new Markup("");
}

function show(part: Part): string {
    if (Array.isArray(part)) {
        return part.map(show).join("");
    }
    return part instanceof Markup ? part.text : escape(String(part));
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escape(text: string): string {
    return text.replace(/[&<>"']/g, (character) => entities[character]);
}
