import { type FastifyInstance, type FastifyRequest } from "fastify";
import { z } from "zod";
import { administers, isPersonal, reaches, roleOf, rolesOf } from "../power-bi/connection-roles";
import { type Sandbox } from "../sandbox";
import { type Datasource } from "../world/power-bi-world";
import { describePrincipal, principalWithId } from "../world/principals";
import { stableId } from "../world/stable-id";
import { demandCaller, fabricError } from "./access";
import { type ByConnection, demandConnection, insufficientPermissions } from "./connection-access";
import { demand } from "./connection-credentials";
import { page } from "./paging";

interface ByAssignment {
    Params: ByConnection["Params"] & { assignment: string };
}

type Assignment = Datasource["roles"][number];

const role = z.enum(["User", "UserWithReshare", "Owner"]);
const addRequest = z.object({ principal: z.object({ id: z.string(), type: z.string() }), role });
const updateRequest = z.object({ role });

const base = "/connections/:connection/roleAssignments";

/** Who may use, share and change a connection. */
export function registerRoleAssignments(server: FastifyInstance, sandbox: Sandbox): void {
    server.get<ByConnection & { Querystring: { continuationToken?: string } }>(base, async (request) => {
        const connection = demandConnection(sandbox, request, "User");
        const { datasourceId } = connection;
        const path = `/connections/${datasourceId}/roleAssignments`;
        return page(sandbox, path, request.query.continuationToken, rolesOf(sandbox, connection), (assignment) =>
            render(sandbox, datasourceId, assignment),
        );
    });
    server.post<ByConnection>(base, async (request, reply) => {
        const connection = demandConnection(sandbox, request, "UserWithReshare");
        const body = demand(addRequest, request.body);
        const caller = demandCaller(sandbox, request);
        // Who may only share cannot make owners.
        const own = roleOf(sandbox, connection, caller);
        if (!administers(sandbox, connection, caller) && !reaches(own, body.role)) {
            throw insufficientPermissions();
        }
        const assignment = { principal: demandPrincipal(sandbox, body.principal), role: body.role };
        refusePersonal(sandbox, connection);
        if (connection.roles.some(({ principal }) => principal === assignment.principal)) {
            throw fabricError(400, "BadRequest", "The principal has a role on the connection already");
        }
        connection.roles.push(assignment);
        const { datasourceId } = connection;
        const rendered = render(sandbox, datasourceId, assignment);
        const location = `${sandbox.urls.fabric}/v1/connections/${datasourceId}/roleAssignments/${rendered.id}`;
        return reply.code(201).header("Location", location).send(rendered);
    });
    server.get<ByAssignment>(`${base}/:assignment`, async (request) => {
        const connection = demandConnection(sandbox, request, "User");
        return render(sandbox, connection.datasourceId, demandAssignment(sandbox, connection, request));
    });
    server.patch<ByAssignment>(`${base}/:assignment`, async (request) => {
        const connection = demandConnection(sandbox, request, "Owner");
        const assignment = demandAssignment(sandbox, connection, request);
        refusePersonal(sandbox, connection);
        assignment.role = demand(updateRequest, request.body).role;
        return render(sandbox, connection.datasourceId, assignment);
    });
    server.delete<ByAssignment>(`${base}/:assignment`, async (request, reply) => {
        const connection = demandConnection(sandbox, request, "Owner");
        const assignment = demandAssignment(sandbox, connection, request);
        refusePersonal(sandbox, connection);
        connection.roles.splice(connection.roles.indexOf(assignment), 1);
        return reply.code(200).send();
    });
}

function refusePersonal(sandbox: Sandbox, connection: Datasource): void {
    if (isPersonal(sandbox, connection)) {
        throw fabricError(400, "BadRequest", "A personal connection is its owner's and cannot be shared");
    }
}

function demandAssignment(
    sandbox: Sandbox,
    connection: Datasource,
    { params }: FastifyRequest<ByAssignment>,
): Assignment {
    const found = rolesOf(sandbox, connection).find(
        ({ principal }) => idOf(connection.datasourceId, principal) === params.assignment.toLowerCase(),
    );
    if (!found) {
        throw fabricError(404, "EntityNotFound", "The requested resource could not be found");
    }
    return found;
}

/** @throws HttpError 400 */
function demandPrincipal(sandbox: Sandbox, { id, type }: { id: string; type: string }): string {
    const found = principalWithId(sandbox.world, id, type);
    if (found === undefined) {
        throw fabricError(400, "BadRequest", `There is no ${type} with the object id ${id}`);
    }
    return found;
}

function idOf(connectionId: string, principal: string): string {
    return stableId("role", connectionId, principal);
}

function render(sandbox: Sandbox, connectionId: string, { principal, role: given }: Assignment) {
    return { id: idOf(connectionId, principal), principal: describePrincipal(sandbox.world, principal), role: given };
}
