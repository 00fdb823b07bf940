import { AzureLogin, DirectAzureLogin } from "./azure-login";
import { ConfigReader, ConfigurationError, invalid, Problems } from "./config-reader";
import { Connection, mainWorkspace, readConnection, workspaceKey } from "./connection";
import { DatabricksClient } from "./databricks";
import { databricksAddress } from "./endpoints";
import { EntraTokens } from "./entra";
import { FabricClient } from "./fabric";
import { Pace } from "./http";
import { PowerBiClient } from "./power-bi";

/** A Databricks workspace: the name that its login is configured under, and where it is. */
export interface WorkspaceAddress {
    workspace: string;
    /** With the scheme. */
    host: string;
}

/** The clients of a run. Each is made when it is first needed, so that nothing logs in without a reason. */
export class Services {
    private known?: Connection;
    private readonly databricksClients = new Map<string, DatabricksClient>();
    private powerBiClient?: PowerBiClient;
    private fabricClient?: FabricClient;
    private sp2?: EntraTokens;

    constructor(private readonly read: ConfigReader) {}

    /** @throws ConfigurationError */
    get connection(): Connection {
        this.known ??= readConnection(this.read);
        return this.known;
    }

    /**
     * The client of a Databricks workspace.
     *
     * @throws ConfigurationError when the configuration has no such workspace, or none may be at that host.
     */
    databricks({ workspace, host }: WorkspaceAddress): DatabricksClient {
        const key = `${workspace} ${host}`;
        let client = this.databricksClients.get(key);
        if (!client) {
            const connection = this.connection.databricks[workspace];
            if (!connection) {
                throw new ConfigurationError([
                    invalid("databricksWorkspaces", `there is no workspace "${workspace}"`, "declare it there"),
                ]);
            }
            const { login } = connection;
            const tokens = login.kind === "azure" ? this.entraTokens(login.login) : undefined;
            // What the state says is no better than what a user says: the login goes to Databricks only.
            const problems = new Problems();
            const address = problems.parse(`the host of the workspace "${workspace}"`, databricksAddress, host);
            problems.demandNone();
            client = new DatabricksClient(
                address!,
                login,
                workspaceKey(workspace, "authType"),
                async (scope) => (tokens ? tokens.token(scope) : ""),
                this.connection.requestTimeoutInMs,
            );
            this.databricksClients.set(key, client);
        }
        return client;
    }

    /** Where the configuration says that a workspace is. */
    addressOf(workspace: string): WorkspaceAddress {
        const host = this.connection.databricks[workspace]?.host;
        if (host === undefined) {
            const key = workspaceKey(workspace, "host");
            throw new ConfigurationError([invalid(key, `there is no host of the workspace "${workspace}"`, "set it")]);
        }
        return { workspace, host };
    }

    get powerBi(): PowerBiClient {
        const { powerBi, powerBiScope } = this.connection.endpoints;
        this.powerBiClient ??= new PowerBiClient(powerBi, powerBiScope, this.powerBiTokens, this.pace);
        return this.powerBiClient;
    }

    /** Whether the cloud has a Fabric API. */
    get hasFabric(): boolean {
        return this.connection.endpoints.fabric !== undefined;
    }

    get fabric(): FabricClient {
        const { fabric } = this.connection.endpoints;
        if (fabric === undefined) {
            throw new ConfigurationError([
                invalid(
                    "cloud",
                    "no address of the Fabric API is known for this cloud",
                    "leave api out, or set api: powerbi",
                ),
            ]);
        }
        this.fabricClient ??= new FabricClient(fabric, this.powerBiTokens, this.pace);
        return this.fabricClient;
    }

    private get pace(): Pace {
        const { requestTimeoutInMs: timeoutInMs, requestsPerMinute } = this.connection;
        return { timeoutInMs, requestsPerMinute };
    }

    private get powerBiTokens(): EntraTokens {
        const { powerBi } = this.connection;
        if (!powerBi) {
            throw new ConfigurationError([invalid("powerBi", "expected the login of SP2", "set it")]);
        }
        this.sp2 ??= this.entraTokens(powerBi);
        return this.sp2;
    }

    private entraTokens(login: AzureLogin): EntraTokens {
        return new EntraTokens(login, this.connection.endpoints.entra, () => this.resolve(login));
    }

    /** Reads the values of a login that stand in a secret scope. */
    private async resolve(login: AzureLogin): Promise<DirectAzureLogin> {
        if (login.login !== "secretScope") {
            return login;
        }
        const { secretScope, tenantIdKey, clientIdKey, clientSecretKey } = login;
        const databricks = this.databricks(this.addressOf(mainWorkspace));
        const [tenantId, clientId, clientSecret] = await Promise.all(
            [tenantIdKey, clientIdKey, clientSecretKey].map((key) => databricks.getSecretValue(secretScope, key)),
        );
        return { login: "clientSecret", tenantId, clientId, clientSecret };
    }
}
