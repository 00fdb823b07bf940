import { readPages } from "./databricks-pages";
import { HttpClient } from "./http";
import { segment } from "./path";

/** What grants are made on. */
export interface Securable {
    type: "catalog" | "schema" | "table";
    /** Like `main.sales`. */
    fullName: string;
}

/** What a principal has on something. */
interface Assignment<Privilege> {
    principal: string;
    privileges?: Privilege[];
}

/** The part of the Databricks REST API that tells of owners and privileges; the databricks provider changes them. */
export class UnityCatalog {
    constructor(private readonly http: HttpClient) {}

    /**
     * The owner of a catalog, schema or table.
     *
     * @throws ServiceError 404 when it does not exist, or the caller may not see it.
     */
    async getOwner({ type, fullName }: Securable): Promise<string | undefined> {
        const kind = { catalog: "catalogs", schema: "schemas", table: "tables" }[type];
        const path = `/api/2.1/unity-catalog/${kind}/${segment(fullName)}`;
        return (await this.http.request<{ owner?: string }>({ method: "GET", path })).owner;
    }

    /** The owner of the metastore of the workspace: the metastore's admin, often a group. */
    async getMetastoreOwner(): Promise<string | undefined> {
        const path = "/api/2.1/unity-catalog/metastore_summary";
        return (await this.http.request<{ owner?: string }>({ method: "GET", path })).owner;
    }

    /**
     * The privileges that a principal was given on something itself.
     *
     * @throws ServiceError 404 when it does not exist, or the caller may not see it.
     */
    async getPrivileges(securable: Securable, principal: string): Promise<string[]> {
        const assignments = await this.assignments<string>("permissions", securable, principal);
        return assignments.flatMap((assignment) =>
            assignment.principal === principal ? (assignment.privileges ?? []) : [],
        );
    }

    /** The privileges that a principal has on something, those that it has on what holds it among them. */
    async getEffectivePrivileges(securable: Securable, principal: string): Promise<string[]> {
        type Privilege = { privilege: string };
        const assignments = await this.assignments<Privilege>("effective-permissions", securable, principal);
        return assignments.flatMap(({ privileges = [] }) => privileges.map(({ privilege }) => privilege));
    }

    private async assignments<Privilege>(
        kind: "permissions" | "effective-permissions",
        { type, fullName }: Securable,
        principal: string,
    ): Promise<Assignment<Privilege>[]> {
        const path = `/api/2.1/unity-catalog/${kind}/${type}/${segment(fullName)}`;
        const ask = () =>
            readPages<{ privilege_assignments?: Assignment<Privilege>[] }>(this.http, path, { principal });
        let pages = await ask();
        if (pages.some((page) => page.privilege_assignments === undefined)) {
            // That is how Databricks says that there are none, and how a stray answer looks. What is not seen here is taken
            // away from its holder (a Grant sets all that there is), so it is believed the second time only.
            pages = await ask();
        }
        return pages.flatMap((page) => page.privilege_assignments ?? []);
    }
}
