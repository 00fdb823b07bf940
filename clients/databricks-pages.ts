import { z } from "zod";
import { elements, nextPage, optional, structure } from "./fields";
import { HttpClient } from "./http";

/** Which list. */
export interface ListPlace {
    path: string;
    /** The list's name in the answer. */
    member: string;
    query?: Record<string, string>;
    /** Whether nothing can be done without it: one that is left out is an `UnexpectedAnswer` then. Default false. */
    isNeeded?: boolean;
}

/**
 * Reads all pages of a list (databricks-sdk-go: `page_token` and `next_page_token` of the lists of warehouses, secrets and
 * grants). How long a page is, is the service's affair. A page may be empty and not be the last.
 *
 * Databricks leaves an empty list out of its answer, and `{}` is also how a stray answer looks. What is decided on an empty
 * list cannot always be undone, so that it is believed the second time only.
 *
 * @returns the elements of all pages, which are not validated yet.
 */
export async function readPages(http: HttpClient, place: ListPlace): Promise<unknown[]> {
    const first = await askForPages(http, place);
    return (first.isMissing ? await askForPages(http, place) : first).items;
}

async function askForPages(http: HttpClient, { path, member, query = {}, isNeeded = false }: ListPlace) {
    const items: unknown[] = [];
    const known = new Set<string>();
    let isMissing = false;
    let token: string | undefined;
    do {
        const schema = isNeeded && token === undefined ? neededPage(member, known) : pageOf(member, known);
        const place: Record<string, string> = token ? { page_token: token } : {};
        const page = await http.request({ method: "GET", path, query: { ...query, ...place } }, schema);
        isMissing ||= page[member] === undefined;
        items.push(...((page[member] as unknown[] | undefined) ?? []));
        token = page.next_page_token || undefined;
        if (token) {
            known.add(token);
        }
    } while (token);
    return { items, isMissing };
}

type Page = Record<string, unknown> & { next_page_token?: string };

function pageOf(member: string, known: Set<string>): z.ZodType<Page> {
    return structure({ [member]: optional(elements), next_page_token: nextPage(known) });
}

function neededPage(member: string, known: Set<string>): z.ZodType<Page> {
    const isThere = (page: Page) => page[member] !== undefined || Boolean(page.next_page_token);
    return pageOf(member, known).refine(isThere, { path: [member], error: "expected a list" });
}
