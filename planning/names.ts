import { oneLine } from "../clients/redaction";
import { DiagnosticCode } from "../diagnostics/codes";
import { Severity, Tell } from "../diagnostics/diagnostic";

/** Whether two names are the same, in whichever way their accents are written. */
export function sameName(one: string, other: string): boolean {
    return one.normalize("NFC") === other.normalize("NFC");
}

/** A thing that has a name, or is called by its id where its service does not say one. */
export type Named<T> = T & { name: string };

/** Things with names that can be shown: who names them in a service may be anybody, and a name is no command. */
export function named<T extends { id: string; name?: string }>(items: T[]): Named<T>[] {
    return items.map((item) => ({ ...item, name: oneLine(item.name || item.id) }));
}

/** Whether a text is this id. */
export function sameId(id: string, text: string): boolean {
    return id.toLowerCase() === text.toLowerCase();
}

/** What is looked for, and how to say that it was not found or is ambiguous. */
export interface Wanted<T> {
    /** The place in the configuration. */
    where: string;
    /** A name or an id. */
    wanted: string;
    items: T[];
    /** What is said where it is not there. */
    missing: { code: DiagnosticCode; reason: string; remedy: string };
    /** What has the name where several have it: `workspaces are called "Sales"`. */
    several: string;
}

/** Finds one thing by id or name; reports what keeps it from being found. */
export function findOne<T extends { id: string; name: string }>(
    { where, wanted, items, missing, several }: Wanted<T>,
    tell: Tell,
    severity: Severity = "error",
): T | undefined {
    const subject = { where };
    const found = items.filter((item) => sameId(item.id, wanted) || sameName(item.name, wanted));
    if (found.length === 0) {
        tell({ ...missing, severity, subject, reason: `${missing.reason}. ${suggestion(wanted, items)}` });
    }
    if (found.length > 1) {
        const ids = found.map((item) => item.id).join(" or ");
        tell({
            code: "ambiguous-name",
            severity,
            subject,
            reason: `${found.length} ${several}`,
            remedy: `write the id: ${ids}`,
        });
    }
    return found.length === 1 ? found[0] : undefined;
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
    return shown ? `There are: ${shown}${more}` : "There are none";
}

function commonStart(one: string, other: string): number {
    let length = 0;
    while (length < Math.min(one.length, other.length) && one[length] === other[length]) {
        length += 1;
    }
    return length;
}
