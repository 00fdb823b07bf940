import { CurrentUser } from "../../../clients/databricks";
import { Check, failure, Finding, warning } from "../check";
import { Examination } from "../examination";

/** What the login of a Databricks workspace may do. */
export function databricksRights(title: string, workspace: string, login: string): Check<Examination> {
    return {
        title,
        needs: [login],
        async run(examination) {
            const credentials = await examination.credentialsIn(workspace);
            const creates = credentials.some(({ credential }) => credential.applicationId === undefined);
            return judgeRights(await examination.currentUser(workspace), creates);
        },
    };
}

/**
 * Judges what a login may do. Making service principals takes an admin of the workspace, and so do their secrets
 * (docs.databricks.com, Roles for managing service principals); an admin of the account, who may make these too, is not
 * told by the workspace's groups.
 */
export function judgeRights({ userName, groups }: CurrentUser, creates: boolean): Finding {
    if (groups.includes("admins")) {
        return { says: `${userName} is an admin of the workspace`, problems: [] };
    }
    const notAdmin = `${userName} is not in the group admins of the workspace`;
    const problem = creates
        ? failure(
              `${notAdmin}, and credentials name service principals that are to be made`,
              "make it an admin of the workspace; or let an admin make the service principals, and adopt them by applicationId",
          )
        : warning(
              `${notAdmin}: secrets of service principals are made by admins alone, of the workspace or of the account`,
              "make it an admin of the workspace",
          );
    return { says: "", problems: [problem] };
}
