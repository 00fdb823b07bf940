import { type Sandbox } from "../sandbox";
import { type EntraApplication } from "../world/entra-world";
import { stableId } from "../world/stable-id";

/** The application with a client id, if a principal is one. */
export function findApplication(sandbox: Sandbox, clientId: string): EntraApplication | undefined {
    return sandbox.world.entra.tenants
        .flatMap((tenant) => tenant.applications)
        .find((application) => application.clientId === clientId);
}

/** What `configuredBy` says of an owner: users by their name, applications in whichever way (a doubt). */
export function ownerName(sandbox: Sandbox, owner: string): string | undefined {
    const application = findApplication(sandbox, owner);
    if (!application) {
        return owner;
    }
    switch (sandbox.world.doubts.configuredBy) {
        case "applicationId":
            return application.clientId;
        case "objectId":
            return application.objectId;
        case "displayName":
            return application.displayName;
        case "userPrincipalName": {
            const tenant = sandbox.world.entra.tenants.find(({ applications }) => applications.includes(application));
            return `${application.clientId}@${tenant?.id}`;
        }
        case "someUuid":
            return stableId("owner", application.clientId);
        case "absent":
            return undefined;
    }
}
