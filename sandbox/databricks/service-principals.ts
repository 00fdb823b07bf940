import { randomUUID } from "node:crypto";
import { type FastifyInstance } from "fastify";
import { HttpError } from "../http/service-server";
import { type Sandbox } from "../sandbox";
import { type ServicePrincipal } from "../world/databricks-world";
import { demandAdmin, demandCaller } from "./access";
import { isNotKnownYet, notePrincipal } from "./new-principals";
import { groupsOf } from "./principals";

const base = "/api/2.0/preview/scim/v2";
const schema = "urn:ietf:params:scim:schemas:core:2.0:ServicePrincipal";

interface ScimBody {
    displayName?: string;
    applicationId?: string;
    externalId?: string;
    active?: boolean;
    entitlements?: { value?: string }[];
    Operations?: { op: string; path?: string; value?: unknown }[];
}

/** Service principals and the current user, in SCIM. */
export function registerServicePrincipals(server: FastifyInstance, sandbox: Sandbox): void {
    const principals = () => sandbox.world.databricks.servicePrincipals;
    const find = (id: string): ServicePrincipal => {
        const found = principals().find((principal) => principal.id === id);
        if (!found) {
            throw scimError(404, `ServicePrincipal with id ${id} not found.`);
        }
        return found;
    };

    server.get(`${base}/Me`, async (request, reply) => {
        const caller = demandCaller(sandbox, request);
        reply.header("X-Databricks-Org-Id", sandbox.world.databricks.workspaceId);
        const groups = [...groupsOf(sandbox, caller.name), ...(caller.isAdmin ? ["admins"] : [])];
        return {
            id: "1",
            userName: caller.name,
            displayName: caller.name,
            active: true,
            emails: [{ type: "work", value: caller.name, primary: true }],
            groups: groups.map((display) => ({ display, value: display, type: "direct" })),
        };
    });

    server.get<{ Querystring: Record<string, string> }>(`${base}/ServicePrincipals`, async (request) => {
        demandCaller(sandbox, request);
        const matching = principals()
            .filter(matcher(request.query.filter))
            .filter(({ applicationId }) => !isNotKnownYet(sandbox, "list", applicationId));
        const start = Math.max(1, Number(request.query.startIndex ?? 1));
        const page = matching.slice(start - 1, start - 1 + Number(request.query.count ?? 100));
        return {
            schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
            totalResults: matching.length,
            startIndex: start,
            itemsPerPage: page.length,
            Resources: page.map((principal) => render(principal)),
        };
    });

    server.post<{ Body: ScimBody | undefined }>(`${base}/ServicePrincipals`, async (request, reply) => {
        demandAdmin(sandbox, request);
        const { applicationId = randomUUID(), displayName = "" } = request.body ?? {};
        if (principals().some((principal) => principal.applicationId === applicationId)) {
            throw scimError(409, `Service principal with application ID ${applicationId} already exists.`);
        }
        const principal: ServicePrincipal = {
            id: newId(sandbox),
            applicationId,
            displayName,
            active: request.body?.active ?? true,
            entitlements: entitlementsOf(request.body ?? {}),
            workspaceAdmin: false,
            secrets: [],
            federationPolicies: [],
        };
        principals().push(principal);
        notePrincipal(sandbox, applicationId);
        return reply.code(201).send(render(principal));
    });

    server.get<{ Params: { id: string } }>(`${base}/ServicePrincipals/:id`, async (request) => {
        demandCaller(sandbox, request);
        return render(find(request.params.id));
    });

    server.put<{ Params: { id: string }; Body: ScimBody | undefined }>(
        `${base}/ServicePrincipals/:id`,
        async (request) => {
            demandAdmin(sandbox, request);
            const principal = find(request.params.id);
            principal.displayName = request.body?.displayName ?? principal.displayName;
            principal.active = request.body?.active ?? true;
            principal.entitlements = entitlementsOf(request.body ?? {});
            return render(principal);
        },
    );

    server.patch<{ Params: { id: string }; Body: ScimBody | undefined }>(
        `${base}/ServicePrincipals/:id`,
        async (request) => {
            demandAdmin(sandbox, request);
            const principal = find(request.params.id);
            for (const { op, path, value } of request.body?.Operations ?? []) {
                if (path === "entitlements") {
                    const values = (value as { value: string }[] | undefined)?.map((item) => item.value) ?? [];
                    const kept =
                        op === "replace" ? [] : principal.entitlements.filter((item) => !values.includes(item));
                    principal.entitlements = op === "remove" ? kept : [...kept, ...values];
                }
                if (path === "active") {
                    principal.active = value === true || value === "true";
                }
            }
            return render(principal);
        },
    );

    server.delete<{ Params: { id: string } }>(`${base}/ServicePrincipals/:id`, async (request, reply) => {
        demandAdmin(sandbox, request);
        const principal = find(request.params.id);
        const { databricks } = sandbox.world;
        databricks.servicePrincipals = principals().filter((candidate) => candidate !== principal);
        for (const warehouse of databricks.warehouses) {
            warehouse.acl = warehouse.acl.filter((entry) => entry.servicePrincipalName !== principal.applicationId);
        }
        return reply.code(204).send();
    });
}

function render(principal: ServicePrincipal) {
    const { id, applicationId, displayName, active, externalId } = principal;
    const entitlements = principal.entitlements.map((value) => ({ value }));
    return { schemas: [schema], id, applicationId, displayName, active, externalId, entitlements };
}

function entitlementsOf(body: ScimBody): string[] {
    return (body.entitlements ?? []).flatMap((entitlement) => entitlement.value ?? []);
}

function matcher(filter: string | undefined): (principal: ServicePrincipal) => boolean {
    if (filter === undefined) {
        return () => true;
    }
    // One comparison with one value, a JSON text (RFC 7644, 3.4.2.2): what does not end with it is another filter.
    const parsed = /^(displayName|applicationId)\s+eq\s+("(?:[^"\\]|\\.)*"|[^\s"\\]+)$/u.exec(filter);
    if (!parsed) {
        throw scimError(400, `Given filter operator is not supported: ${filter}`);
    }
    const [, attribute, value] = parsed;
    const wanted = value.startsWith('"') ? JSON.parse(value) : value;
    return (principal) => principal[attribute as "displayName" | "applicationId"] === wanted;
}

function newId(sandbox: Sandbox): string {
    const ids = sandbox.world.databricks.servicePrincipals.map((principal) => Number(principal.id));
    return String(Math.max(4_000_000_000_000_000, ...ids) + 1);
}

function scimError(status: number, detail: string): HttpError {
    return new HttpError(status, {
        schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
        detail,
        status: String(status),
    });
}
