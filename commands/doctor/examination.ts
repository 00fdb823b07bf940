import { AnsweredList } from "../../clients/answered-list";
import { mainWorkspace } from "../../clients/connection";
import { CurrentUser, DatabricksClient, Warehouse } from "../../clients/databricks";
import { Once } from "../../clients/once";
import { Services } from "../../clients/services";
import { History } from "../../planning/history";
import { CredentialOutputs } from "../../outputs";
import { lastUpOf } from "../../planning/read-history";
import { Inventory } from "../../planning/inventory";
import { Binding } from "../../settings/binding";
import { CredentialSettings } from "../../settings/credential";
import { parseSettings, Settings } from "../../settings";
import { StackCli } from "../stack-cli";
import { StateResource } from "../state-resource";

/** A binding with its place in the configuration. */
export interface PlacedBinding {
    where: string;
    binding: Binding;
    /** What earlier runs bound of its credential. */
    history: History;
}

/** A stack that is examined: what the checks look at, asked for when it is first needed and once only. */
export class Examination {
    private readonly asked = new Once();

    /** @param folder the folder that holds Pulumi.yaml. */
    constructor(
        readonly stackName: string,
        readonly folder: string,
    ) {}

    /** @throws Error when there is no project in the folder. */
    stack(): Promise<StackCli> {
        return this.asked.get("stack", () => StackCli.open(this.stackName, this.folder));
    }

    /** The resources that the stack has made already. */
    state(): Promise<StateResource[]> {
        return this.asked.get("state", async () =>
            (await (await this.stack()).resources()).filter((resource) => !resource.delete),
        );
    }

    /** @throws ConfigurationError with all that is wrong, or an Error when the configuration cannot be read. */
    settings(): Promise<Settings> {
        return this.asked.get("settings", async () => {
            const { keys, read, isSecret } = await (await this.stack()).configuration();
            return parseSettings(keys, read, isSecret);
        });
    }

    /** The clients of the services. */
    services(): Promise<Services> {
        return this.asked.get("services", async () => new Services((await this.settings()).read));
    }

    /** What SP2 sees of Power BI and Fabric. */
    inventory(): Promise<Inventory> {
        return this.asked.get("inventory", async () => new Inventory(await this.services()));
    }

    /** The client of a Databricks workspace whose address is configured. */
    async databricks(workspace: string): Promise<DatabricksClient> {
        const services = await this.services();
        return services.databricks(services.addressOf(workspace));
    }

    /** Whoever the login of a Databricks workspace is. */
    currentUser(workspace: string): Promise<CurrentUser> {
        return this.asked.get(`me ${workspace}`, async () => (await this.databricks(workspace)).currentUser());
    }

    /** The warehouses of a Databricks workspace. */
    warehouses(workspace: string): Promise<AnsweredList<Warehouse>> {
        return this.asked.get(`warehouses ${workspace}`, async () =>
            (await this.databricks(workspace)).listWarehouses(),
        );
    }

    /** The credentials in a Databricks workspace, each with its place in the configuration. */
    async credentialsIn(workspace: string): Promise<{ where: string; credential: CredentialSettings }[]> {
        return (await this.settings()).credentials
            .map((credential, index) => ({ where: `credentials[${index}]`, credential }))
            .filter(({ credential }) => credential.databricks === workspace);
    }

    /** All bindings, each with its place in the configuration. */
    async bindings(): Promise<PlacedBinding[]> {
        const { credentials } = await this.settings();
        const placed = credentials.map(async (credential, index) => {
            const history = await this.history(credential);
            return credential.bindings.map((binding, position) => ({
                where: `credentials[${index}].bindings[${position}]`,
                binding,
                history,
            }));
        });
        return (await Promise.all(placed)).flat();
    }

    /** What to do after a login was changed: a refresh uses the one that the last up stored. */
    async afterNewLogin(): Promise<string> {
        const isMade = (await this.state()).length > 0;
        return isMade ? "; then run once `pulumi up --refresh=false`: a refresh uses the login of the last up" : "";
    }

    /** What earlier runs bound of a credential. */
    async history(credential: Pick<CredentialSettings, "name">): Promise<History> {
        return new History(await this.lastUp(credential));
    }

    /** What the last up put out of a credential; undefined before the first. */
    async lastUp({ name }: Pick<CredentialSettings, "name">): Promise<CredentialOutputs | undefined> {
        return lastUpOf(await this.state())[name];
    }
}

/** The Databricks workspaces that a stack uses; the main one where that cannot be told. */
export function workspacesOf(settings: Settings | undefined): string[] {
    if (!settings) {
        return [mainWorkspace];
    }
    const ofLogin = settings.connection.powerBi?.login === "secretScope" ? [mainWorkspace] : [];
    return [...new Set([...ofLogin, ...settings.credentials.map(({ databricks }) => databricks)])];
}
