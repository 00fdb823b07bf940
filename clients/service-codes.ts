import { ServiceError } from "./service-error";

/** What a service means by an error, as far as its own code tells. */
export type Meaning =
    /** The model's owner is no longer there, so that Power BI cannot tell its sources. */
    | "ownerLeft"
    /** The capacity of the workspace is paused. */
    | "capacityPaused"
    /** There is no refresh schedule and no refresh there. */
    | "noSchedule"
    /** It does not exist, or the caller does not see it: the service does not tell the one from the other. */
    | "notFound"
    /** It does not exist, or not yet: what was just made is not seen at once. */
    | "notYetVisible"
    /** Too many requests. */
    | "throttled"
    /** The caller may not. */
    | "noRight";

/**
 * The codes of all services, and what they mean. A code that is not here is quoted and not interpreted: the same status
 * stands for an owner who left, a paused capacity and a gateway that hiccups.
 *
 * @see https://learn.microsoft.com/power-bi/developer/embedded/embedded-troubleshoot
 * @see https://learn.microsoft.com/rest/api/fabric/articles/throttling
 * @see https://docs.databricks.com/api/workspace/introduction
 */
const meanings: Record<string, Meaning> = {
    // Power BI
    DMTS_UserNotFoundInADGraphError: "ownerLeft",
    CapacityNotActive: "capacityPaused",
    PowerBIEntityNotFound: "notFound",
    PowerBIFolderNotFound: "notFound",
    PowerBIModelNotFoundException: "notFound",
    DMTS_DatasourceNotFoundError: "notFound",
    PowerBINotAuthorizedException: "noRight",
    PowerBINotLicensedException: "noRight",
    // Fabric
    EntityNotFound: "notFound",
    ItemNotFound: "notFound",
    WorkspaceNotFound: "notFound",
    GatewayNotFound: "notFound",
    ConnectionNotFound: "notFound",
    InsufficientPrivileges: "noRight",
    InsufficientPermissionsOverGateway: "noRight",
    RequestBlocked: "throttled",
    // Databricks
    RESOURCE_DOES_NOT_EXIST: "notYetVisible",
    NOT_FOUND: "notYetVisible",
    CATALOG_DOES_NOT_EXIST: "notFound",
    SCHEMA_DOES_NOT_EXIST: "notFound",
    TABLE_DOES_NOT_EXIST: "notFound",
    PERMISSION_DENIED: "noRight",
    REQUEST_LIMIT_EXCEEDED: "throttled",
    RESOURCE_EXHAUSTED: "throttled",
};

/** What HTTP says by the status alone, whatever stands in the body (RFC 9110, 15.5.2 and 15.5.4; RFC 6585, 4). */
const meaningsOfStatus: Partial<Record<number, Meaning>> = { 401: "noRight", 403: "noRight", 429: "throttled" };

/** Where 415 says that a model has no schedule: "can only be called on a Model-based dataset". */
const aboutSchedules = /\/(refreshSchedule|refreshes)$/;

/** What an error means; undefined for one that is no service's answer, and for codes that nobody knows. */
export function meaningOf(error: unknown): Meaning | undefined {
    if (!(error instanceof ServiceError)) {
        return undefined;
    }
    const { code = "", status = 0, path } = error.details;
    if (Object.hasOwn(meanings, code)) {
        return meanings[code];
    }
    if (status === 415 && aboutSchedules.test(path)) {
        return "noSchedule";
    }
    return meaningsOfStatus[status];
}

/** Whether an error means one of these. */
export function means(error: unknown, ...wanted: Meaning[]): boolean {
    const meaning = meaningOf(error);
    return meaning !== undefined && wanted.includes(meaning);
}

/**
 * What an error says, for people: its meaning, if it has one, and always the service's own words.
 *
 * @param workspace the name of the workspace that it is about.
 */
export function causeOf(error: unknown, workspace: string): string {
    const words = (error as Error).message.replace(/\.$/, "");
    const meaning = meaningOf(error);
    return meaning === undefined ? words : `${inWords(meaning, workspace)} (${words})`;
}

/** What can be done about an error of a model or its workspace, in an imperative in lower case; undefined where nobody knows. */
export function remedyOf(error: unknown, workspace: string): string | undefined {
    const meaning = meaningOf(error);
    switch (meaning) {
        case "ownerLeft":
            return "let somebody who is there take it over (the dataset's settings in Power BI)";
        case "capacityPaused":
            return `resume the capacity of workspace "${workspace}", or move the workspace to another one`;
        case "noRight":
            return `make SP2 a member or admin of workspace "${workspace}"`;
        case "throttled":
            return "run again later";
        case "noSchedule":
        case "notFound":
        case "notYetVisible":
        case undefined:
            return undefined;
    }
}

function inWords(meaning: Meaning, workspace: string): string {
    switch (meaning) {
        case "ownerLeft":
            return "its owner has left";
        case "capacityPaused":
            return `the capacity of workspace "${workspace}" is paused`;
        case "noSchedule":
            return "it has no refresh schedule";
        case "notFound":
            return "it does not exist, or SP2 does not see it";
        case "notYetVisible":
            return "it does not exist, or cannot be seen yet";
        case "throttled":
            return "the service was asked too often";
        case "noRight":
            return "SP2 has no right to it";
    }
}
