import { stableId } from "./stable-id";
import { type World } from "./world";

/** A principal as Fabric tells it. */
export interface FabricPrincipal {
    /** The object id, in Entra. */
    id: string;
    displayName: string;
    type: "User" | "ServicePrincipal";
    userDetails?: { userPrincipalName: string };
    servicePrincipalDetails?: { aadAppId: string };
}

/** What Fabric tells of who is named by e-mail address, or by client id. */
export function describePrincipal(world: World, principal: string): FabricPrincipal {
    const application = world.entra.tenants
        .flatMap(({ applications }) => applications)
        .find(({ clientId }) => clientId === principal);
    return application
        ? {
              id: application.objectId,
              displayName: application.displayName,
              type: "ServicePrincipal",
              servicePrincipalDetails: { aadAppId: application.clientId },
          }
        : {
              id: userIdOf(principal),
              displayName: principal,
              type: "User",
              userDetails: { userPrincipalName: principal },
          };
}

/** The object id that a user has in the sandbox's Entra. */
export function userIdOf(email: string): string {
    return stableId("user", email.toLowerCase());
}

/** Who has an object id: an application, or a user whom the world names somewhere; undefined for nobody. */
export function principalWithId(world: World, id: string, type: string): string | undefined {
    const { workspaces, datasources } = world.powerBi;
    const named = [
        ...world.entra.tenants.flatMap(({ applications }) => applications.map(({ clientId }) => clientId)),
        ...workspaces.flatMap(({ members }) => members.map(({ principal }) => principal)),
        ...workspaces.flatMap(({ datasets, dataflows, reports }) =>
            [...datasets, ...dataflows, ...reports].map(({ owner }) => owner),
        ),
        ...datasources.flatMap(({ owner, roles }) => [owner, ...roles.map(({ principal }) => principal)]),
    ];
    return named.find((name) => {
        const found = describePrincipal(world, name);
        return found.id.toLowerCase() === id.toLowerCase() && found.type === type;
    });
}
