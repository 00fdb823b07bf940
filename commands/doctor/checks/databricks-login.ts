import { CurrentUser } from "../../../clients/databricks";
import { hasStatus } from "../../../clients/service-error";
import { Check, failure, Finding, warning } from "../check";
import { Examination } from "../examination";

/** The login of a Databricks workspace, and its rights. */
export function databricksLogin(title: string, workspace: string): Check<Examination> {
    return {
        title,
        needs: ["Configuration"],
        async run(examination) {
            const { connection } = await examination.settings();
            const { host, login } = connection.databricks[workspace];
            if (host === undefined) {
                return { notMade: "not tried: the first preview learns the workspace's address from Azure" };
            }
            try {
                const credentials = await examination.credentialsIn(workspace);
                const creates = credentials.some(({ credential }) => credential.applicationId === undefined);
                return judgeLogin(await examination.currentUser(workspace), host, creates);
            } catch (error) {
                const { message } = error as Error;
                const isRefused = hasStatus(error, 401, 403) || /answered 40[01]/.test(message);
                const remedy = isRefused
                    ? `log in anew, or correct the values of the login (authType ${login.kind}) in the configuration or in ` +
                      "the environment; the user or service principal has to be in the workspace"
                    : `check the host ${host}, and network, proxy and firewall of this machine`;
                return { says: host, problems: [failure(message, remedy)] };
            }
        },
    };
}

/**
 * Judges what a login may do. Making service principals takes an admin of the workspace; secrets of those that exist, the
 * manager of each.
 */
export function judgeLogin({ userName, groups }: CurrentUser, host: string, creates: boolean): Finding {
    const isAdmin = groups.includes("admins");
    const says = `${userName}${isAdmin ? ", an admin of the workspace," : ""} at ${new URL(host).host}`;
    const notAdmin = `${userName} is not in the group admins of the workspace`;
    if (isAdmin) {
        return { says, problems: [] };
    }
    const problem = creates
        ? failure(
              `${notAdmin}, and credentials name service principals that are to be made`,
              "make it an admin of the workspace; or let an admin make the service principals, and adopt them by applicationId",
          )
        : warning(
              `${notAdmin}: secrets and permissions are changed by admins, or managers of each service principal`,
              "make it an admin of the workspace, or give it the role Service principal: Manager on each adopted one",
          );
    return { says, problems: [problem] };
}
