import { HttpClient } from "./http";

/** A page of a list of Databricks'; each but the last names the next. A page may be empty and not be the last. */
export interface Page {
    next_page_token?: string;
}

/**
 * Reads all pages of a list (databricks-sdk-go: `page_token` and `next_page_token` of the lists of warehouses, secrets and
 * grants). How long a page is, is the service's affair.
 */
export async function readPages<Answer>(
    http: HttpClient,
    path: string,
    query: Record<string, string> = {},
): Promise<(Answer & Page)[]> {
    const pages: (Answer & Page)[] = [];
    let token: string | undefined;
    do {
        const place: Record<string, string> = token ? { page_token: token } : {};
        const page = await http.request<Answer & Page>({ method: "GET", path, query: { ...query, ...place } });
        pages.push(page);
        token = page.next_page_token || undefined;
    } while (token);
    return pages;
}
