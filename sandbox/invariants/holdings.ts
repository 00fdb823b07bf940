import { type DatabricksWorld } from "../world/databricks-world";
import { type Dataset, type Datasource } from "../world/power-bi-world";
import { type World } from "../world/world";

/** The world as it was when the watch began, and the service principals that were there. */
export interface Start {
    world: World;
    principals: Set<string>;
}

/** A change of what others hold, in words. */
type Held = [what: string, value: string];

/** What others hold of one kind, in one of the two worlds that are compared. */
type Kind = (world: World, others: Others) => Held[];

/** Whose holdings count: the same for both worlds. */
interface Others {
    start: Start;
    now: World;
}

/** Everything that must not change, kind by kind: a further one is a further function. */
const kinds: Kind[] = [warehouses, securables, scopeRights, mappings, connectionOwners, connectionRoles];

/** What others held at the start and hold otherwise now. */
export function changedHoldings(start: Start, now: World): string[] {
    const others = { start, now };
    return kinds.flatMap((kind) => {
        const [before, after] = [start.world, now].map((world) => new Map(kind(world, others)));
        return [...new Set([...after.keys(), ...before.keys()])]
            .filter((what) => before.get(what) !== after.get(what))
            .map((what) => `${what} changed from ${before.get(what) ?? "nothing"} to ${after.get(what) ?? "nothing"}`);
    });
}

/**
 * What others held at the start and have lost at the end of a run. A take-over switches a schedule off and may drop a
 * mapping for a moment: only what is left of that counts.
 */
export function lostAtEnd({ world: before }: Start, now: World): string[] {
    const models = new Map(modelsOf(now).map((model) => [model.id, model]));
    const onGateways = new Set(before.powerBi.datasources.flatMap((item) => (item.cloud ? [] : item.datasourceId)));
    return modelsOf(before).flatMap((model) => {
        const after = models.get(model.id);
        const isOff = after && model.refreshSchedule.enabled && !after.refreshSchedule.enabled;
        const lost = model.sources.filter(
            ({ datasourceId }) =>
                onGateways.has(datasourceId ?? "") &&
                after &&
                !after.sources.some((source) => source.datasourceId === datasourceId),
        );
        return [
            ...(isOff ? [`the refresh schedule of model ${model.name} (${model.id}) is off, which was on`] : []),
            ...lost.map(
                ({ datasourceId }) =>
                    `model ${model.name} (${model.id}) is no longer mapped to ${datasourceId} of a gateway`,
            ),
        ];
    });
}

/** Both Databricks workspaces of a world, by the names of their services. */
export function workspacesOf(world: World): [string, DatabricksWorld][] {
    return [
        ["databricks", world.databricks],
        ["databricks2", world.databricks2],
    ];
}

function warehouses(world: World, others: Others): Held[] {
    return workspacesOf(world).flatMap(([name, databricks]) =>
        databricks.warehouses.flatMap(({ id, creatorName, acl }) => [
            [`the creator of warehouse ${name}/${id}`, creatorName] as Held,
            ...acl
                .map((entry) => ({
                    ...entry,
                    who: entry.userName ?? entry.groupName ?? entry.servicePrincipalName ?? "",
                }))
                .filter(({ who }) => isOthers(who, others))
                .map(({ who, permissionLevel }): Held => [
                    `the permission of ${who} on warehouse ${name}/${id}`,
                    permissionLevel,
                ]),
        ]),
    );
}

function securables(world: World, others: Others): Held[] {
    return workspacesOf(world).flatMap(([name, databricks]) =>
        databricks.securables.flatMap(({ type, fullName, owner, grants }) => [
            [`the owner of ${type} ${name}/${fullName}`, owner] as Held,
            ...grants
                .filter(({ principal, privileges }) => isOthers(principal, others) && privileges.length > 0)
                .map(({ principal, privileges }): Held => [
                    `the privileges of ${principal} on ${type} ${name}/${fullName}`,
                    [...privileges].sort().join(),
                ]),
        ]),
    );
}

/** Rights that somebody had at the start: a reader who had none is the stack's, and a scope that was made since is too. */
function scopeRights(world: World, { start }: Others): Held[] {
    const rightsOf = (from: World) =>
        workspacesOf(from).flatMap(([name, { scopes }]) =>
            scopes.flatMap((scope) =>
                scope.acls.map(({ principal, permission }): Held => [
                    `the right of ${principal} on secret scope ${name}/${scope.name}`,
                    permission,
                ]),
            ),
        );
    const atStart = new Set(rightsOf(start.world).map(([what]) => what));
    return rightsOf(world).filter(([what]) => atStart.has(what));
}

/**
 * What the sources of people's models are mapped to. A model that an application has taken over is the stack's to map; one
 * whose owner is still who it was is not, whatever the stack declares.
 */
function mappings(world: World, { start, now }: Others): Held[] {
    const ownersAt = (from: World) => new Map(modelsOf(from).map(({ id, owner }) => [id, owner]));
    const [before, after] = [ownersAt(start.world), ownersAt(now)];
    const applications = new Set(
        now.entra.tenants.flatMap((tenant) => tenant.applications.map(({ clientId }) => clientId)),
    );
    const isPeoples = ({ id }: Dataset) => {
        const owner = before.get(id);
        return owner !== undefined && owner === after.get(id) && !applications.has(owner);
    };
    return modelsOf(world)
        .filter(isPeoples)
        .flatMap(({ id, sources }) =>
            sources.map(({ datasourceId }, position): Held => [
                `the mapping of source ${position} of model ${id}`,
                datasourceId === undefined ? "its owner's own connection" : String(datasourceId),
            ]),
        );
}

function connectionOwners(world: World, others: Others): Held[] {
    return keptConnections(world, others).map(({ datasourceId, owner }) => [
        `the owner of connection ${datasourceId}`,
        owner,
    ]);
}

function connectionRoles(world: World, others: Others): Held[] {
    return keptConnections(world, others).flatMap((connection) =>
        rolesOf(connection).map(({ principal, role }): Held => [
            `the role of ${principal} on connection ${connection.datasourceId}`,
            role,
        ]),
    );
}

/** Not every world knows roles. */
function rolesOf(connection: Datasource & { roles?: { principal: string; role: string }[] }) {
    return connection.roles ?? [];
}

/** The connections that there were at the start and are now. */
function keptConnections(world: World, { start, now }: Others): Datasource[] {
    const idsOf = (from: World) => new Set(from.powerBi.datasources.map(({ datasourceId }) => datasourceId));
    const [before, after] = [idsOf(start.world), idsOf(now)];
    return world.powerBi.datasources.filter(({ datasourceId }) => before.has(datasourceId) && after.has(datasourceId));
}

function modelsOf(world: World): Dataset[] {
    return world.powerBi.workspaces.flatMap(({ datasets }) => datasets);
}

/** A service principal that was not there at the start is the stack's, also when it is gone again and its grants are not. */
function isOthers(who: string, { start }: Others): boolean {
    return start.principals.has(who) || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(who);
}
