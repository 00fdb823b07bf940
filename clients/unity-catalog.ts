import { z } from "zod";
import { demandAll, readItems } from "./answered-list";
import { readPages } from "./databricks-pages";
import { listOf, optional, structure, text } from "./fields";
import { HttpClient } from "./http";
import { segment } from "./path";

/** What grants are made on. */
export interface Securable {
    type: "catalog" | "schema" | "table";
    /** Like `main.sales`. */
    fullName: string;
}

/** The part of the Databricks REST API that tells of owners and privileges; the databricks provider changes them. */
export class UnityCatalog {
    constructor(private readonly http: HttpClient) {}

    /**
     * The owner of a catalog, schema or table; undefined where Databricks does not say it.
     *
     * @throws ServiceError 404 when it does not exist, or the caller may not see it.
     */
    async getOwner({ type, fullName }: Securable): Promise<string | undefined> {
        const kind = { catalog: "catalogs", schema: "schemas", table: "tables" }[type];
        const path = `/api/2.1/unity-catalog/${kind}/${segment(fullName)}`;
        return (await this.http.request({ method: "GET", path }, ownedAnswer)).owner;
    }

    /** The owner of the metastore of the workspace: its admin, often a group; undefined where Databricks does not say it. */
    async getMetastoreOwner(): Promise<string | undefined> {
        const path = "/api/2.1/unity-catalog/metastore_summary";
        return (await this.http.request({ method: "GET", path }, ownedAnswer)).owner;
    }

    /**
     * The privileges that a principal was given on something itself.
     *
     * @throws ServiceError 404 when it does not exist, or the caller may not see it.
     */
    async getPrivileges(securable: Securable, principal: string): Promise<string[]> {
        const assignments = await this.assignments("permissions", securable, principal, assignmentAnswer);
        return assignments.flatMap((assignment) =>
            (assignment.principal ?? principal) === principal ? (assignment.privileges ?? []) : [],
        );
    }

    /** The privileges that a principal has on something, those that it has on what holds it among them. */
    async getEffectivePrivileges(securable: Securable, principal: string): Promise<string[]> {
        const kind = "effective-permissions";
        const assignments = await this.assignments(kind, securable, principal, effectiveAssignmentAnswer);
        return assignments.flatMap(({ privileges = [] }) => privileges.map(({ privilege }) => privilege));
    }

    /**
     * All assignments. What is not seen here is taken away from its holder (a Grant sets all that there is), so that each
     * one counts.
     */
    private async assignments<T>(
        kind: "permissions" | "effective-permissions",
        { type, fullName }: Securable,
        principal: string,
        schema: z.ZodType<T>,
    ): Promise<T[]> {
        const path = `/api/2.1/unity-catalog/${kind}/${type}/${segment(fullName)}`;
        const values = await readPages(this.http, { path, member: "privilege_assignments", query: { principal } });
        return demandAll(readItems(values, schema), `Databricks: the privileges on ${type} "${fullName}"`);
    }
}

/** `{}`, a proxy's answer or another thing's, tells no owner and no name either. */
const ownedAnswer = structure({ owner: optional(text), name: text });

/** Only one principal is asked for: what names none is its. */
const assignmentAnswer = structure({ principal: optional(text), privileges: optional(listOf(text)) });

const effectiveAssignmentAnswer = structure({ privileges: optional(listOf(structure({ privilege: text }))) });
