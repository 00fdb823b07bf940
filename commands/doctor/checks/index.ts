import { Settings } from "../../../settings";
import { Check } from "../check";
import { Examination, workspacesOf } from "../examination";
import { backend } from "./backend";
import { configuration } from "./configuration";
import { databricksLogin } from "./databricks-login";
import { databricksRights } from "./databricks-rights";
import { discovery } from "./discovery";
import { engine } from "./engine";
import { gateways } from "./gateways";
import { grants } from "./grants";
import { plugins } from "./plugins";
import { preview } from "./preview";
import { scanner } from "./scanner";
import { secretScopes } from "./secret-scopes";
import { secretSlots } from "./secret-slots";
import { servicePrincipals } from "./service-principals";
import { sp2Login } from "./sp2-login";
import { tenantSetting } from "./tenant-setting";
import { warehouses } from "./warehouses";
import { workspaces } from "./workspaces";

/**
 * All checks in the order in which they are shown; those of Databricks once for each workspace.
 *
 * @param settings the configuration; undefined where it cannot be used, which a check says.
 */
export function checksFor(settings: Settings | undefined): Check<Examination>[] {
    const names = workspacesOf(settings);
    const titled = (what: string, workspace: string) => (names.length > 1 ? `${what} (${workspace})` : what);
    const ofDatabricks = names.flatMap((workspace) => {
        const title = (what: string) => titled(what, workspace);
        const login = title("Databricks login");
        return [
            databricksLogin(login, workspace),
            databricksRights(title("Databricks rights"), workspace, login),
            warehouses(title("Warehouses"), workspace, login),
            servicePrincipals(title("Service principals"), workspace, login),
            secretSlots(title("Free secret slots"), workspace, login),
            grants(title("Grants"), workspace, login),
            secretScopes(title("Secret scopes"), workspace, login),
        ];
    });
    const all = (what: string) => names.map((workspace) => titled(what, workspace));
    return [
        engine,
        backend,
        configuration,
        plugins,
        ...ofDatabricks,
        sp2Login,
        tenantSetting,
        workspaces,
        gateways,
        scanner,
        discovery(all("Databricks login"), [...all("Warehouses"), ...all("Service principals")]),
        preview,
    ];
}
