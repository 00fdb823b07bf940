import { ConfigReader, Connection, readConnection } from "./connection";
import { DatabricksClient } from "./databricks";
import { EntraTokens } from "./entra";
import { PowerBiClient } from "./power-bi";

/** The clients of a run. Each is made when it is first needed, so that nothing logs in without a reason. */
export class Services {
    private known?: Connection;
    private databricksClient?: DatabricksClient;
    private powerBiClient?: PowerBiClient;

    constructor(private readonly read: ConfigReader) {}

    /** @throws ConfigurationError */
    get connection(): Connection {
        this.known ??= readConnection(this.read);
        return this.known;
    }

    get databricks(): DatabricksClient {
        this.databricksClient ??= new DatabricksClient(this.connection.databricks);
        return this.databricksClient;
    }

    get powerBi(): PowerBiClient {
        const { powerBi, endpoints } = this.connection;
        this.powerBiClient ??= new PowerBiClient(endpoints.powerBi, new EntraTokens(powerBi, endpoints.entra));
        return this.powerBiClient;
    }
}
