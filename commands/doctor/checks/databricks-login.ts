import { hasStatus } from "../../../clients/service-error";
import { Check, failure } from "../check";
import { Examination } from "../examination";

/** The login of a Databricks workspace. */
export function databricksLogin(title: string, workspace: string): Check<Examination> {
    return {
        title,
        needs: ["Configuration"],
        async run(examination) {
            const { host, login } = (await examination.settings()).connection.databricks[workspace];
            if (host === undefined) {
                return { notMade: "not tried: the first preview learns the workspace's address from Azure" };
            }
            try {
                const { userName } = await examination.currentUser(workspace);
                return { says: `${userName} at ${new URL(host).host}`, problems: [] };
            } catch (error) {
                const { message } = error as Error;
                // What a refused OAuth login throws is an Error with the service's words.
                const isRefused = hasStatus(error, 400, 401, 403) || /answered 40[013]/.test(message);
                const remedy = isRefused
                    ? `log in anew, or correct the values of the login (${login.kind}); the user or service principal has ` +
                      `to be in the workspace${await examination.afterNewLogin()}`
                    : `check the host ${host}, the values of the login (${login.kind}), and network, proxy and firewall of ` +
                      "this machine";
                return { says: host, problems: [failure(message, remedy)] };
            }
        },
    };
}
