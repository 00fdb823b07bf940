import { type ChosenDoubts } from "../doubts";
import { type Sandbox } from "../sandbox";
import { databricksError } from "./access";

/** The parts of Databricks that may learn of a new service principal later than the part that made it. */
type Part = "permissions" | "secrets" | "list" | "catalog";

const doubtOf = {
    permissions: "newPrincipalInPermissions",
    secrets: "newPrincipalForSecrets",
    list: "newPrincipalInList",
    catalog: "newPrincipalInCatalog",
} as const satisfies Record<Part, keyof ChosenDoubts>;

/** Notes that a service principal was made: some parts do not know it yet, where the world doubts that they do. */
export function notePrincipal(sandbox: Sandbox, applicationId: string): void {
    for (const part of Object.keys(doubtOf) as Part[]) {
        if (!["known", "shown"].includes(sandbox.world.doubts[doubtOf[part]])) {
            sandbox.notYet.begin(keyOf(sandbox, part, applicationId));
        }
    }
}

/** Whether a part does not know a service principal yet; counts the request. */
export function isNotKnownYet(sandbox: Sandbox, part: Part, applicationId: string): boolean {
    return sandbox.notYet.isTooEarly(keyOf(sandbox, part, applicationId));
}

/** @throws HttpError with the code that the world chose, while a part does not know a service principal yet */
export function demandKnownPrincipal(sandbox: Sandbox, part: Part, applicationId: string, message: string): void {
    if (!isNotKnownYet(sandbox, part, applicationId)) {
        return;
    }
    const isCatalog = part === "catalog";
    switch (sandbox.world.doubts[doubtOf[part]]) {
        case "badRequest400":
            throw databricksError(400, "INVALID_PARAMETER_VALUE", message);
        case "forbidden403":
            throw databricksError(403, "PERMISSION_DENIED", `${applicationId} is not authorized`);
        case "unavailable503":
            throw databricksError(
                503,
                "TEMPORARILY_UNAVAILABLE",
                "The service at this path is temporarily unavailable.",
            );
        default:
            throw databricksError(404, isCatalog ? "PRINCIPAL_DOES_NOT_EXIST" : "RESOURCE_DOES_NOT_EXIST", message);
    }
}

function keyOf(sandbox: Sandbox, part: Part, applicationId: string): string {
    return `${sandbox.world.databricks.workspaceId} ${part} ${applicationId}`;
}
