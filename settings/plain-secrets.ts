import { ConfigReader } from "../clients/config-reader";
import { Connection, isProduction, WorkspaceValues } from "../clients/connection";
import { Diagnostic, problem } from "../diagnostics/diagnostic";
import { databricksSecrets } from "../clients/databricks-login";

/**
 * The login secrets that a production stack stores as plain text. Where all services are on this machine there is
 * nothing to protect.
 *
 * @param isSecret whether a configuration key is stored encrypted; for a structure: whether any part of it is.
 */
export function plainSecrets(
    connection: Connection,
    workspaces: WorkspaceValues,
    read: ConfigReader,
    isSecret: (key: string) => boolean,
): Diagnostic[] {
    if (!isProduction(connection)) {
        return [];
    }
    const plain = (key: string, path = key) =>
        isSecret(key)
            ? []
            : [
                  problem(
                      "plain-secret",
                      { where: path },
                      "it is stored as plain text",
                      `store it encrypted: pulumi config set --secret ${path === key ? "" : "--path "}${path}`,
                  ),
              ];
    const { powerBi } = connection;
    const ofPowerBi =
        powerBi?.login === "clientSecret" || powerBi?.login === "certificate"
            ? plain("powerBi", `powerBi.${powerBi.login}`)
            : [];
    // Whatever of it the login uses: in the file it can be read, and a value that comes from the environment is not there.
    const ofMain = databricksSecrets
        .map((name) => `databricks:${name}`)
        .flatMap((key) => (read(key) ? plain(key) : []));
    const ofWorkspaces = Object.entries(workspaces).flatMap(([workspace, values]) =>
        databricksSecrets
            .filter((name) => values[name])
            .flatMap((name) => plain("databricksWorkspaces", `databricksWorkspaces.${workspace}.${name}`)),
    );
    return [...ofPowerBi, ...ofMain, ...ofWorkspaces];
}
